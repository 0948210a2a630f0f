import type { Static } from 'typebox';
import { readLanding } from '../../core/campaign/landing.ts';
import { readTouchpoint } from '../../core/campaign/touchpoint-store.ts';
import { parseInstant } from '../../core/value/instant.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { committedOutcomes } from '../../ingest/request.ts';
import { type Visit, visitSubmission } from '../../ingest/visit.ts';
import { inWorkspace } from '../guards.ts';
import { wrong } from '../refusals.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { presentVisit } from './present.ts';
import { VisitBody, VisitReply } from './schemas.ts';

/** Visits of a site, as touchpoints: campaigns that nobody has made appear from them (docs/spec/webmarketer.md B11). */
export const visitOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'POST',
    path: '/workspaces/:workspace/visits',
    summary: 'Record where a visitor came from',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, body: VisitBody },
    example: {
      url: 'https://shop.example/?utm_source=newsletter&utm_campaign=spring',
      referrer: 'https://news.example/',
      trackerId: 'b7c1f0d2',
      at: '2026-03-02T09:30:00Z',
      messageId: 'visit-1',
    },
    replies: { 200: VisitReply, 201: VisitReply, ...errors(404) },
    handle: async ({ services, access: { workspace }, body, request, reply }) => {
      const receivedAt = services.clock();
      const submission = visitSubmission(readVisit(body, receivedAt), request.rawBody, receivedAt);
      const [outcome] = committedOutcomes(await services.ingest.submit(workspace.id, submission));
      const isNew = outcome?.kind === 'saved';
      const id = isNew ? outcome.touchpointId : outcome?.kind === 'duplicate' ? outcome.eventId : null;
      const stored = id ? await readTouchpoint(services.database, workspace.id, id) : undefined;
      if (!stored) throw new Error('a visit was committed and is no touchpoint');
      if (isNew) reply.code(201);
      return presentVisit(workspace, stored);
    },
  }),
];

function readVisit(body: Static<typeof VisitBody>, receivedAt: number): Visit {
  const { url, referrer, trackerId, at, messageId = null } = body;
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
  return { landing, trackerId, at: visitedAt, messageId };
}
