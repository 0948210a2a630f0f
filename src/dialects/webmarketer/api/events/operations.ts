import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isUuid } from '../../../../core/id.ts';
import type { QuarantinedEvent, Violation } from '../../../../core/quarantine/quarantine.ts';
import { listQuarantined, readQuarantined } from '../../../../core/quarantine/quarantine-store.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { accessOf } from '../../../../http/access.ts';
import { parseJson } from '../../../../http/body.ts';
import type { Outcome } from '../../../../ingest/outcome.ts';
import { committedOutcomes } from '../../../../ingest/request.ts';
import type { Services } from '../../../dialect.ts';
import { admit, projectOf, requireProject } from '../../access.ts';
import type { EventDetail } from '../../definition/event-detail.ts';
import { computeEvents, findEventOf } from '../../query/computed-events.ts';
import { type Page, parseEvent, parsePage, parseQueryDate } from '../parse.ts';
import {
  presentEvent,
  presentPage,
  presentRawEvent,
  presentTrashedEvent,
  presentTrashMessage,
} from '../present.ts';
import {
  EventBody,
  EventIdReply,
  EventParameters,
  EventReply,
  ProjectParameters,
  RawEventReply,
  TrashQuery,
  TrashReply,
} from '../schemas.ts';
import { type TrashRequest, toSubmission } from './event-submission.ts';

const project = '/api/v1/projects/:projectId';

/** docs/spec/webmarketer.md A1. Paths that the vendor's page does not name have aliases. */
export function registerEventRoutes(app: FastifyInstance, services: Services): void {
  registerSending(app, services, '/api/v1/events', false);
  registerSending(app, services, '/api/v1/events/sync', true);
  const get = (
    url: string,
    schema: object,
    handler: (services: Services, request: FastifyRequest) => Promise<object>,
  ) =>
    app.route({
      method: 'GET',
      url: project + url,
      schema: { tags: ['Webmarketer'], ...schema },
      onRequest: (request) => admit(services, request),
      handler: (request) => handler(services, request),
    });
  const event = { summary: 'Get an event', params: EventParameters, response: { 200: EventReply } };
  get('/events/:id', event, getEvent);
  for (const path of ['/raw-events/:id', '/events/:id/raw']) {
    const raw = { summary: 'Get an event as it was sent', params: EventParameters };
    get(path, { ...raw, response: { 200: RawEventReply } }, getRawEvent);
  }
  for (const path of ['/trashed-events', '/events/trash', '/trash']) {
    const trash = { summary: 'List trashed events', params: ProjectParameters, querystring: TrashQuery };
    get(path, { ...trash, response: { 200: TrashReply } }, listTrashedEvents);
  }
}

function registerSending(app: FastifyInstance, services: Services, url: string, synchronous: boolean): void {
  app.route({
    method: 'POST',
    url,
    schema: {
      tags: ['Webmarketer'],
      summary: synchronous ? 'Send an event and learn whether it is valid' : 'Send an event',
      body: EventBody,
      response: { 200: EventIdReply },
    },
    onRequest: (request) => admit(services, request),
    handler: async (request, reply) => {
      const event = parseEvent(request.body);
      const access = accessOf(request);
      await requireProject(services, access, event.projectId);
      const submission = toSubmission(event, request.rawBody, synchronous, services.clock());
      const submitted = await services.ingest.submit(access.workspace.id, submission);
      const id = await answerOf(services, access.workspace, committedOutcomes(submitted)[0]!, synchronous);
      // The framework takes a text for the body itself; the vendor's is a JSON string.
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(id));
    },
  });
}

/**
 * The id that the call is answered with: the event's, or that of its row in the trash. A repeat is answered as the first call was.
 * @throws RequestError `invalid-request` for a synchronous call whose event went to the trash (C2)
 */
async function answerOf(
  services: Services,
  workspace: Workspace,
  outcome: Outcome,
  synchronous: boolean,
): Promise<string> {
  switch (outcome.kind) {
    case 'stored':
      return outcome.eventId;
    case 'quarantined':
      if (synchronous) throw trashed(outcome.violation);
      return outcome.quarantineId;
    case 'duplicate': {
      const id = outcome.eventId!;
      const first =
        outcome.first === 'quarantined'
          ? await readQuarantined(services.database, workspace.id, id)
          : undefined;
      if (first && (first.request as Partial<TrashRequest>).synchronous) throw trashed(first);
      return id;
    }
    default:
      throw new Error(`an event cannot end as ${outcome.kind}`);
  }
}

function trashed(violation: Violation): RequestError {
  return new RequestError('invalid-request', presentTrashMessage(violation), { accounted: true });
}

async function getEvent(services: Services, request: FastifyRequest) {
  const { projectId, access } = projectOf(request);
  const id = eventIdOf(request);
  const found = await findEventOf(services, access.workspace, 'webmarketer', id);
  const [computed] = found ? await computeEvents(services, access.workspace, [found]) : [];
  if (!computed) throw eventNotFound();
  return presentEvent(projectId, computed);
}

async function getRawEvent(services: Services, request: FastifyRequest) {
  const { projectId, access } = projectOf(request);
  const id = eventIdOf(request);
  const found = await findEventOf(services, access.workspace, 'webmarketer', id);
  if (found) {
    const { event, type } = found;
    const { nonce, trackerId } = event.detail as Readonly<object> as EventDetail;
    const sent = { nonce, trackerId, eventType: type.name, data: event.properties };
    return presentRawEvent(projectId, id, sent, event.receivedAt);
  }
  const quarantined = await readQuarantined(services.database, access.workspace.id, id);
  if (quarantined?.dialect !== 'webmarketer') throw eventNotFound();
  return presentRawEvent(projectId, id, readTrashed(quarantined), quarantined.receivedAt);
}

function readTrashed(quarantined: QuarantinedEvent) {
  return parseEvent(parseJson(Buffer.from(quarantined.raw).toString()));
}

async function listTrashedEvents(services: Services, request: FastifyRequest) {
  const { projectId, access } = projectOf(request);
  const query = request.query as Partial<Page> & { since?: string; until?: string };
  const page = parsePage(query);
  const filter = {
    dialect: 'webmarketer',
    since: parseQueryDate(query.since, 'since') ?? null,
    until: parseQueryDate(query.until, 'until') ?? null,
    replayed: false,
  };
  const { events, total } = await listQuarantined(services.database, access.workspace.id, filter, page);
  return presentPage(
    events.map((event) => presentTrashedEvent(projectId, event)),
    total,
    page,
  );
}

function eventIdOf(request: FastifyRequest): string {
  const { id } = request.params as { id: string };
  if (!isUuid(id)) throw eventNotFound();
  return id.toLowerCase();
}

function eventNotFound(): RequestError {
  return new RequestError('not-found', 'Event not found');
}
