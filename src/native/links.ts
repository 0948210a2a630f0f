import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { readLink, readLinksOfProfiles } from '../core/link/link-store.ts';
import { joinProfiles, undoLink } from '../core/link/manage-links.ts';
import { foldMovedLeads } from '../dialects/signals/conversation/projection/fold-moved-leads.ts';
import { RequestError } from '../errors.ts';
import { readProfileIdsOfPerson } from '../query/people/find-person.ts';
import { enterWorkspace, workspaceOf } from './admission.ts';
import { presentLinkChange, presentStoredLink } from './present.ts';
import { noSuch, wrong } from './refusals.ts';
import { errors, resourceParameters, WorkspaceParameters } from './schemas/common.ts';
import { LinkChangeReply, LinksReply, NewLinkBody, UndoBody } from './schemas/data.ts';
import type { NativeServices } from './services.ts';

const tags = ['Native: links'];

export function registerLinks(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = enterWorkspace.bind(null, services);
  app.get('/workspaces/:workspace/people/:personId/links', {
    schema: {
      tags,
      summary: "The evidence by which a person's profiles are one, undone links too",
      params: resourceParameters('personId', "The person's id, or that of any of its profiles."),
      response: { 200: LinksReply, ...errors(404) },
    },
    onRequest,
    handler: async (request) => {
      const { id } = workspaceOf(request);
      const person = await readProfileIdsOfPerson(services.database, id, request.params.personId);
      if (!person)
        throw noSuch('params/personId', 'No person of this workspace has this id, nor a profile of one.');
      const links = await readLinksOfProfiles(services.database, id, person.profileIds);
      return { links: links.map(presentStoredLink) };
    },
  });
  app.post('/workspaces/:workspace/links', {
    schema: {
      tags,
      summary: 'Join two profiles by hand',
      description:
        'Of one node they become one record, else one person. With dryRun nothing is stored; the answer says what would move.',
      params: WorkspaceParameters,
      body: NewLinkBody,
      response: { 200: LinkChangeReply, 201: LinkChangeReply, ...errors(404) },
    },
    onRequest,
    handler: async (request, reply) => {
      const { first, second, dryRun = false } = request.body;
      if (first === second)
        throw wrong('body/second', 'body/second is the profile that body/first is: name two.');
      const now = new Date(services.clock());
      const { id } = workspaceOf(request);
      const change = await joinProfiles(services.database, id, first, second, {
        dryRun,
        now,
        followMoves: foldMovedLeads(services, id),
      });
      if (!change)
        throw noSuch('body', 'The workspace has no profile of body/first, of body/second, or of either.');
      const isMade = !dryRun && change.operation === 'create';
      return reply.code(isMade ? 201 : 200).send(presentLinkChange(change, dryRun));
    },
  });
  registerUndo(scope, services);
}

function registerUndo(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.post('/workspaces/:workspace/links/:linkId/undo', {
    schema: {
      tags,
      summary: 'Undo a link; everything is as if it had never been',
      description:
        'Whatever was linked or edited since stays. The link remains as a veto against the same evidence. With dryRun nothing is stored.',
      params: resourceParameters('linkId', 'The link.'),
      body: UndoBody,
      response: { 200: LinkChangeReply, ...errors(404, 409) },
    },
    onRequest: (request) => enterWorkspace(services, request),
    handler: async (request) => {
      const { linkId } = request.params;
      const { id } = workspaceOf(request);
      const dryRun = request.body?.dryRun ?? false;
      const now = new Date(services.clock());
      const change = await undoLink(services.database, id, linkId, {
        dryRun,
        now,
        followMoves: foldMovedLeads(services, id),
      });
      if (change) return presentLinkChange(change, dryRun);
      if (await readLink(services.database, id, linkId))
        throw new RequestError(
          'conflict',
          'The link is undone already; it can be made again by POST …/links.',
        );
      throw noSuch('params/linkId', 'The workspace has no link of this id.');
    },
  });
}
