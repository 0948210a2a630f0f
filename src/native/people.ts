import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { findPersonIds, readPersonOf, readProfileIdsOfPerson, toKey } from '../query/people/find-person.ts';
import { readTimeline } from '../query/timeline/read-timeline.ts';
import { decodePosition } from '../query/timeline/timeline-position.ts';
import { enterWorkspace, workspaceOf } from './admission.ts';
import { presentEvent, presentPerson } from './present.ts';
import { badNext, noSuch, wrong } from './refusals.ts';
import { errors, resourceParameters, WorkspaceParameters } from './schemas/common.ts';
import { FoundPersonReply, LookupQuery, PersonReply, TimelineQuery, TimelineReply } from './schemas/data.ts';
import type { NativeServices } from './services.ts';

const tags = ['Native: people'];
const path = '/workspaces/:workspace/people';
const PersonParameters = resourceParameters('personId', "The person's id, or that of any of its profiles.");

export function registerPeople(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = enterWorkspace.bind(null, services);
  app.get(`${path}/lookup`, {
    schema: {
      tags,
      summary: 'Find a person by e-mail address, phone number or an id that a vendor knows',
      params: WorkspaceParameters,
      querystring: LookupQuery,
      response: { 200: FoundPersonReply, ...errors(404) },
    },
    onRequest,
    handler: async (request) => {
      const workspace = workspaceOf(request);
      const key = toKey(workspace, request.query.kind, request.query.value);
      if (!key) throw wrong('querystring/value', sayForm(request.query.kind));
      const [personId, ...otherPersonIds] = await findPersonIds(services.database, workspace.id, key);
      const person = personId && (await readPersonOf(services.database, workspace.id, personId));
      if (!person)
        throw noSuch('querystring/value', `Nobody in this workspace has this ${request.query.kind}.`);
      return { ...presentPerson(person), otherPersonIds };
    },
  });
  app.get(`${path}/:personId`, {
    schema: {
      tags,
      summary: 'A person and its profiles in each dialect',
      params: PersonParameters,
      response: { 200: PersonReply, ...errors(404) },
    },
    onRequest,
    handler: async (request) => {
      const person = await readPersonOf(services.database, workspaceOf(request).id, request.params.personId);
      if (!person)
        throw noSuch('params/personId', 'No person of this workspace has this id, nor a profile of one.');
      return presentPerson(person);
    },
  });
  app.get(`${path}/:personId/timeline`, {
    schema: {
      tags,
      summary: 'What happened to a person, over all dialects, newest first',
      params: PersonParameters,
      querystring: TimelineQuery,
      response: { 200: TimelineReply, ...errors(404) },
    },
    onRequest,
    handler: async (request) => {
      const workspace = workspaceOf(request);
      const { limit, next: after } = request.query;
      if (after !== undefined && !decodePosition(after)) throw badNext();
      const { personId } = request.params;
      const person = await readProfileIdsOfPerson(services.database, workspace.id, personId);
      if (!person)
        throw noSuch('params/personId', 'No person of this workspace has this id, nor a profile of one.');
      const { events, next } = await readTimeline(services.database, workspace.id, person.profileIds, {
        after,
        limit,
      });
      return {
        personId: person.personId,
        events: events.map((event) => presentEvent(workspace, event)),
        next,
      };
    },
  });
}

function sayForm(kind: string): string {
  const value = `querystring/value is no ${kind}`;
  if (kind === 'phone')
    return `${value}: give it with + and the country's code, or as it is written in one of the workspace's phoneCountries.`;
  return `${value}: it is empty, too long or not of the form of one.`;
}
