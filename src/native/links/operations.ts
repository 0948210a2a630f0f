import { joinProfiles, undoLink } from '../../change/link.ts';
import { readLink, readLinksOfProfiles } from '../../core/link/link-store.ts';
import { RequestError } from '../../errors.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { followMoves } from '../../projections/follow-moves.ts';
import { readProfileIdsOfPerson } from '../../query/people/find-person.ts';
import { inWorkspace } from '../guards.ts';
import { PersonParameters } from '../people/schemas.ts';
import { noSuch, noSuchPerson, wrong } from '../refusals.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { presentLinkChange, presentStoredLink } from './present.ts';
import { LinkChangeReply, LinkParameters, LinksReply, NewLinkBody, UndoBody } from './schemas.ts';

export const linkOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path: '/workspaces/:workspace/people/:personId/links',
    summary: "The evidence by which a person's profiles are one, undone links too",
    guard: inWorkspace,
    checks: { path: PersonParameters },
    replies: { 200: LinksReply, ...errors(404) },
    handle: async ({ services, access: { workspace }, path: { personId } }) => {
      const person = await readProfileIdsOfPerson(services.database, workspace.id, personId);
      if (!person) throw noSuchPerson('params/personId');
      const links = await readLinksOfProfiles(services.database, workspace.id, person.profileIds);
      return { links: links.map(presentStoredLink) };
    },
  }),
  operation({
    method: 'POST',
    path: '/workspaces/:workspace/links',
    summary: 'Join two profiles by hand',
    description:
      'Of one node they become one record, else one person. With dryRun nothing is stored; the answer says what would move.',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, body: NewLinkBody },
    example: {
      first: '0198c0de-0000-7000-8000-000000000001',
      second: '0198c0de-0000-7000-8000-000000000002',
      dryRun: true,
    },
    replies: { 200: LinkChangeReply, 201: LinkChangeReply, ...errors(404) },
    handle: async ({ services, access, body, reply }) => {
      const { first, second, dryRun = false } = body;
      if (first === second)
        throw wrong('body/second', 'body/second is the profile that body/first is: name two.');
      const { id } = access.workspace;
      const change = await joinProfiles(services.database, id, first, second, {
        dryRun,
        now: new Date(services.clock()),
        followMoves: followMoves(services),
      });
      if (!change)
        throw noSuch('body', 'The workspace has no profile of body/first, of body/second, or of either.');
      if (!dryRun && change.operation === 'create') reply.code(201);
      return presentLinkChange(change, dryRun);
    },
  }),
  operation({
    method: 'POST',
    path: '/workspaces/:workspace/links/:linkId/undo',
    summary: 'Undo a link; everything is as if it had never been',
    description:
      'Whatever was linked or edited since stays. The link remains as a veto against the same evidence. With dryRun nothing is stored.',
    guard: inWorkspace,
    checks: { path: LinkParameters, body: UndoBody },
    example: { dryRun: true },
    replies: { 200: LinkChangeReply, ...errors(404, 409) },
    handle: async ({ services, access, path: { linkId }, body }) => {
      const { id } = access.workspace;
      const dryRun = body?.dryRun ?? false;
      const change = await undoLink(services.database, id, linkId, {
        dryRun,
        now: new Date(services.clock()),
        followMoves: followMoves(services),
      });
      if (change) return presentLinkChange(change, dryRun);
      if (await readLink(services.database, id, linkId))
        throw new RequestError(
          'conflict',
          'The link is undone already; it can be made again by POST …/links.',
        );
      throw noSuch('params/linkId', 'The workspace has no link of this id, or its profiles are gone.');
    },
  }),
];
