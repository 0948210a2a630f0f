import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { channels } from '../core/campaign/channel.ts';
import type { Workspace, WorkspaceId } from '../core/workspace/workspace.ts';
import { readProfileIdsOfPerson } from '../query/people/find-person.ts';
import {
  decodeTouchpointPosition,
  type NamedTouchpoint,
  readTouchpoints,
} from '../query/touchpoints/read-touchpoints.ts';
import { enterWorkspace, workspaceOf } from './admission.ts';
import { badNext, noSuch, wrong } from './refusals.ts';
import {
  DialectSchema,
  errors,
  Id,
  nullable,
  oneOf,
  openObject,
  Time,
  WorkspaceParameters,
} from './schemas/common.ts';
import type { NativeServices } from './services.ts';

const TouchpointsQuery = Type.Object({
  person: Type.Optional(
    Type.String({ format: 'uuid', description: "The person's id, or that of any of its profiles." }),
  ),
  profile: Type.Optional(Type.String({ format: 'uuid', description: 'One profile alone.' })),
  campaign: Type.Optional(Type.String({ format: 'uuid' })),
  from: Type.Optional(Type.String({ format: 'date-time', description: 'Inclusive, as is to.' })),
  to: Type.Optional(Type.String({ format: 'date-time' })),
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
  next: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'Of the page before.' })),
});

const TouchpointsReply = Type.Object({
  touchpoints: Type.Array(
    Type.Object({
      id: Id,
      profileId: Id,
      personId: nullable(
        Type.String({ format: 'uuid', description: 'As of now: merges and their undoing move it.' }),
      ),
      at: Time,
      receivedAt: Time,
      dialect: DialectSchema,
      channel: oneOf(channels),
      integration: nullable(Type.String({ description: 'As its dialect calls it, such as a wmktId.' })),
      campaign: nullable(Type.Object({ id: Id, slug: nullable(Type.String()) })),
      cost: nullable(Type.Object({ amount: Type.Number(), currency: Type.String() })),
      eventId: nullable(Type.String({ format: 'uuid', description: 'The event that told of it.' })),
      detail: nullable(openObject('Landing page, referrer, utm and click ids of a visit.')),
    }),
  ),
  next: nullable(Type.String()),
});

/** Contacts of persons with the brand, of all dialects. */
export function registerTouchpoints(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/workspaces/:workspace/touchpoints', {
    schema: {
      tags: ['Native: visits'],
      summary: 'Touchpoints of a person, a profile, a campaign or all, newest first',
      params: WorkspaceParameters,
      querystring: TouchpointsQuery,
      response: { 200: TouchpointsReply, ...errors(404) },
    },
    onRequest: (request) => enterWorkspace(services, request),
    handler: async (request) => {
      const workspace = workspaceOf(request);
      const { person, profile, campaign, from, to, limit, next: after } = request.query;
      if (person !== undefined && profile !== undefined)
        throw wrong('querystring/profile', 'querystring/profile goes without person: ask for one of them.');
      if (after !== undefined && !decodeTouchpointPosition(after)) throw badNext();
      const profileIds =
        person === undefined
          ? profile === undefined
            ? null
            : [profile]
          : await profileIdsOf(services, workspace.id, person);
      const wanted = { profileIds, campaignId: campaign ?? null, from, to, after, limit };
      const { touchpoints, next } = await readTouchpoints(services.database, workspace.id, wanted);
      return { touchpoints: touchpoints.map((touchpoint) => present(workspace, touchpoint)), next };
    },
  });
}

async function profileIdsOf(
  { database }: NativeServices,
  workspaceId: WorkspaceId,
  personId: string,
): Promise<readonly string[]> {
  const person = await readProfileIdsOfPerson(database, workspaceId, personId);
  if (!person)
    throw noSuch('querystring/person', 'No person of this workspace has this id, nor a profile of one.');
  return person.profileIds;
}

function present(workspace: Workspace, touchpoint: NamedTouchpoint) {
  const { sourceId, campaignId, campaignSlug } = touchpoint;
  const source = sourceId === null ? undefined : workspace.sources.get(sourceId);
  return {
    id: touchpoint.id,
    profileId: touchpoint.profileId,
    personId: touchpoint.personId,
    at: touchpoint.occurredAt.toISOString(),
    receivedAt: touchpoint.receivedAt.toISOString(),
    dialect: touchpoint.dialect,
    channel: touchpoint.channel,
    integration: source?.externalId ?? null,
    campaign: campaignId === null ? null : { id: campaignId, slug: campaignSlug },
    cost: touchpoint.cost,
    eventId: touchpoint.eventId,
    detail: touchpoint.detail,
  };
}
