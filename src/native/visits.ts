import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { channels } from '../core/campaign/channel.ts';
import { maximumUrlLength, readLanding } from '../core/campaign/landing.ts';
import { readTouchpoint, type Touchpoint } from '../core/campaign/touchpoint-store.ts';
import { parseInstant } from '../core/value/instant.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { committedOutcomes } from '../ingest/request.ts';
import { visitSubmission } from '../ingest/visit.ts';
import { enterWorkspace, workspaceOf } from './admission.ts';
import { wrong } from './refusals.ts';
import { errors, Id, nullable, oneOf, Time, WorkspaceParameters } from './schemas/common.ts';
import type { NativeServices } from './services.ts';

const VisitBody = Type.Object(
  {
    url: Type.String({
      minLength: 1,
      maxLength: maximumUrlLength,
      description:
        'The landing URL. Read from it: wmktid (the integration), cid (the campaign’s slug), utm_* and click ids.',
    }),
    referrer: Type.Optional(Type.String({ maxLength: maximumUrlLength })),
    trackerId: Type.String({
      minLength: 1,
      maxLength: 256,
      description: 'The browser; events that name it by trackerId are the same visitor’s.',
    }),
    at: Type.Optional(Type.String({ maxLength: 64, description: 'RFC 3339; else the time of receipt.' })),
    messageId: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description:
          'The sender’s own id of the visit: a repeat stores nothing and is answered as the first.',
      }),
    ),
  },
  { additionalProperties: false },
);

const VisitReply = Type.Object({
  id: Id,
  profileId: Id,
  at: Time,
  channel: oneOf(channels),
  integration: nullable(Type.String({ description: 'Its wmktId.' })),
  campaignId: nullable(Id),
});

/** Visits of a site, as touchpoints: campaigns that nobody has made appear from them (docs/spec/webmarketer.md B11). */
export function registerVisits(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.post('/workspaces/:workspace/visits', {
    schema: {
      tags: ['Native: visits'],
      summary: 'Record where a visitor came from',
      params: WorkspaceParameters,
      body: VisitBody,
      response: { 200: VisitReply, 201: VisitReply, ...errors(404) },
    },
    onRequest: (request) => enterWorkspace(services, request),
    handler: async (request, reply) => {
      const workspace = workspaceOf(request);
      const { url, referrer, trackerId, at, messageId = null } = request.body;
      const receivedAt = services.clock();
      const landing = readLanding(url, referrer);
      if (!landing)
        throw wrong(
          'body/url',
          'body/url is no absolute http or https URL, such as https://shop.example/?utm_source=news.',
        );
      const visitedAt = at === undefined ? receivedAt : parseInstant(at)?.getTime();
      if (visitedAt === undefined)
        throw wrong(
          'body/at',
          'body/at is no date-time with an offset (RFC 3339), such as 2030-01-31T12:00:00Z.',
        );
      const visit = { landing, trackerId, at: visitedAt, messageId };
      const submission = visitSubmission(visit, request.rawBody, receivedAt);
      const [outcome] = committedOutcomes(await services.ingest.submit(workspace.id, submission));
      const id = outcome?.kind === 'saved' ? outcome.touchpointId : undefined;
      const first = outcome?.kind === 'duplicate' ? outcome.eventId : undefined;
      const stored = await readTouchpoint(services.database, workspace.id, (id ?? first)!);
      return reply.code(id === undefined ? 200 : 201).send(presentVisit(workspace, stored!));
    },
  });
}

function presentVisit(workspace: Workspace, touchpoint: Touchpoint) {
  const { id, profileId, occurredAt, channel, sourceId, campaignId } = touchpoint;
  const source = sourceId === null ? undefined : workspace.sources.get(sourceId);
  return {
    id,
    profileId,
    at: occurredAt.toISOString(),
    channel,
    integration: source?.externalId ?? null,
    campaignId,
  };
}
