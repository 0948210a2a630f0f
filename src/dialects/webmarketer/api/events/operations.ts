import { newRecordId } from '../../../../core/id.ts';
import type { Violation } from '../../../../core/quarantine/quarantine.ts';
import { listQuarantined, readQuarantined } from '../../../../core/quarantine/quarantine-store.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { parseJson } from '../../../../http/body.ts';
import { ingestOperation } from '../../../../http/ingest-operation.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Outcome } from '../../../../ingest/outcome.ts';
import type { Services } from '../../../dialect.ts';
import { anyToken, inProject, requireProject } from '../../access.ts';
import { readEventDetail } from '../../definition/event-detail.ts';
import { computeEvents, findEventOf } from '../../query/computed-events.ts';
import { parsePage, parseQueryDate } from '../parse.ts';
import { presentPage } from '../present.ts';
import { ProjectParameters } from '../schemas.ts';
import { eventNotFound, parseEvent, parseEventId } from './parse.ts';
import { isSynchronous, readingOf } from './prepare.ts';
import { presentEvent, presentRawEvent, presentTrashedEvent, presentTrashMessage } from './present.ts';
import {
  EventBody,
  EventIdReply,
  EventParameters,
  EventReply,
  RawEventReply,
  TrashQuery,
  TrashReply,
} from './schemas.ts';

const project = '/api/v1/projects/:projectId';

/** docs/spec/webmarketer.md A1. Paths that the vendor's page does not name have aliases. */
export const eventOperations: readonly Operation<Services>[] = [
  send('/api/v1/events', 'Send an event', false),
  send('/api/v1/events/sync', 'Send an event and learn whether it is valid', true),
  operation({
    method: 'GET',
    path: `${project}/events/:id`,
    summary: 'Get an event',
    guard: inProject,
    checks: { path: EventParameters },
    replies: { 200: EventReply },
    handle: async ({ services, access, path: { projectId, id } }) => {
      const found = await findEventOf(services, access.workspace, 'webmarketer', parseEventId(id));
      const [computed] = found ? await computeEvents(services, access.workspace, [found]) : [];
      if (!computed) throw eventNotFound();
      return presentEvent(projectId, computed);
    },
  }),
  operation({
    method: 'GET',
    path: [`${project}/raw-events/:id`, `${project}/events/:id/raw`],
    summary: 'Get an event as it was sent',
    guard: inProject,
    checks: { path: EventParameters },
    replies: { 200: RawEventReply },
    handle: ({ services, access, path: { projectId, id } }) =>
      showRawEvent(services, access.workspace, projectId, parseEventId(id)),
  }),
  operation({
    method: 'GET',
    path: [`${project}/trashed-events`, `${project}/events/trash`, `${project}/trash`],
    summary: 'List trashed events',
    guard: inProject,
    checks: { path: ProjectParameters, query: TrashQuery },
    replies: { 200: TrashReply },
    handle: async ({ services, access, path: { projectId }, query }) => {
      const page = parsePage(query);
      const filter = {
        dialect: 'webmarketer',
        since: parseQueryDate(query.since, 'since') ?? null,
        until: parseQueryDate(query.until, 'until') ?? null,
        replayed: false,
      };
      const { id } = access.workspace;
      const { events, total } = await listQuarantined(services.database, id, filter, page);
      return presentPage(
        events.map((event) => presentTrashedEvent(projectId, event)),
        total,
        page,
      );
    },
  }),
];

function send(path: string, summary: string, synchronous: boolean): Operation<Services> {
  return ingestOperation({
    method: 'POST',
    path,
    summary,
    guard: anyToken,
    documents: { body: EventBody },
    example: {
      projectId: 'shop',
      eventType: 'order',
      eventDate: '2026-03-02T09:30:00.000Z',
      trackerId: 'b7c1f0d2',
      nonce: 'order-1042',
      data: { email: 'ada@example.com', turnover: 59.9 },
    },
    replies: { 200: EventIdReply },
    dialect: 'webmarketer',
    read: async ({ services, access, body }) => {
      const event = parseEvent(body);
      await requireProject(services, access, event.projectId);
      return readingOf(event, synchronous);
    },
    present: async ([outcome], { services, access, reply }) => {
      const id = await idOf(services, access.workspace, outcome, synchronous);
      // The framework takes a text for the body itself; the vendor's is a JSON string.
      reply.type('application/json; charset=utf-8');
      return JSON.stringify(id);
    },
  });
}

/**
 * The id that the call is answered with: the event's, or that of its row in the trash. A repeat is answered as the first call was.
 * @throws RequestError `invalid-request` for a synchronous call whose event went to the trash (C2)
 */
async function idOf(
  services: Services,
  workspace: Workspace,
  outcome: Outcome | undefined,
  synchronous: boolean,
): Promise<string> {
  switch (outcome?.kind) {
    case 'stored':
      return outcome.eventId;
    case 'quarantined':
      if (synchronous) throw trashed(outcome.violation);
      return outcome.quarantineId;
    case 'duplicate': {
      const { eventId: id } = outcome;
      if (id === null) return idOfForgotten(services, synchronous);
      const first =
        outcome.first === 'quarantined'
          ? await readQuarantined(services.database, workspace.id, id)
          : undefined;
      if (first && isSynchronous(first.request)) throw trashed(first);
      return id;
    }
    case 'dropped':
      return idOfForgotten(services, synchronous);
    default:
      throw new Error(`an event cannot end as ${outcome?.kind}`);
  }
}

/** Of somebody who was forgotten nothing is stored (docs/erasure.md): a queue is told that the event was taken, by an id of nothing. */
function idOfForgotten({ clock }: Services, synchronous: boolean): string {
  const message = 'The event was not accepted. Its user was forgotten';
  if (synchronous) throw new RequestError('invalid-request', message, { accounted: true });
  return newRecordId(clock());
}

function trashed(violation: Violation): RequestError {
  return new RequestError('invalid-request', presentTrashMessage(violation), { accounted: true });
}

/** @throws RequestError `not-found` of what was neither stored nor trashed */
async function showRawEvent(services: Services, workspace: Workspace, projectId: string, id: string) {
  const found = await findEventOf(services, workspace, 'webmarketer', id);
  if (found) {
    const { event, type } = found;
    const { nonce, trackerId } = readEventDetail(event);
    const sent = { nonce, trackerId, eventType: type.name, data: event.properties };
    return presentRawEvent(projectId, id, sent, event.receivedAt);
  }
  const quarantined = await readQuarantined(services.database, workspace.id, id);
  if (quarantined?.dialect !== 'webmarketer') throw eventNotFound();
  const sent = parseEvent(parseJson(Buffer.from(quarantined.raw).toString()));
  return presentRawEvent(projectId, id, sent, quarantined.receivedAt);
}
