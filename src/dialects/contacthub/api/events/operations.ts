import type { FastifyReply, FastifyRequest } from 'fastify';
import { cutText } from '../../../../core/cut-text.ts';
import { isUuid } from '../../../../core/id.ts';
import { explainViolation } from '../../../../core/quarantine/explain-violation.ts';
import type { QuarantinedEvent } from '../../../../core/quarantine/quarantine.ts';
import { RequestError } from '../../../../errors.ts';
import { parseJson } from '../../../../http/body.ts';
import { pathOf } from '../../../../http/errors.ts';
import type { Outcome } from '../../../../ingest/outcome.ts';
import { committedOutcomes } from '../../../../ingest/request.ts';
import type { Submission } from '../../../../ingest/submission.ts';
import type { Services } from '../../../dialect.ts';
import { requireNode, rolesOf, workspaceOf } from '../../access.ts';
import { eventBodySchemas } from '../../documents/event-body.ts';
import { resolveReferences } from '../../documents/references.ts';
import { presentError } from '../../errors.ts';
import { readNeighbouringEvents } from '../../query/neighbouring-events.ts';
import { readShownEvent, searchEvents } from '../../query/search-events.ts';
import { customerNotFound, findCustomer } from '../customers/find-customer.ts';
import { type Operation, payloadLimit } from '../operation.ts';
import { presentPage } from '../paging.ts';
import { EventParameters, EventQuery, EventSearchQuery, WorkspaceParameters } from '../schemas.ts';
import { type Client, clientOf, type EventRequest, invalidEvent, parseEvent, prepareEvent } from './parse.ts';
import { type EventSearchRequest, parseEventSearch } from './parse-search.ts';
import { presentEvent } from './present.ts';

const list = '/workspaces/:workspaceId/events';

export const eventOperations: readonly Operation[] = [
  {
    method: 'GET',
    path: list,
    summary: 'Search events',
    roles: rolesOf.deleteOrReadDetails,
    schema: { params: WorkspaceParameters, querystring: EventSearchQuery },
    handle: listEvents,
  },
  {
    method: 'POST',
    path: list,
    summary: 'Create an event',
    roles: rolesOf.write,
    schema: { params: WorkspaceParameters, body: resolveReferences(eventBodySchemas.create) },
    bodyLimit: payloadLimit,
    handle: createEvent,
  },
  {
    method: 'GET',
    path: `${list}/:id`,
    summary: 'Get an event',
    roles: rolesOf.deleteOrReadDetails,
    schema: { params: EventParameters, querystring: EventQuery },
    handle: getEvent,
  },
];

/** Another attempt at a quarantined event. */
export function replay(event: QuarantinedEvent): Submission {
  const text = Buffer.from(event.raw).toString();
  const { ip = null, userAgent = null } = event.request as Partial<Client>;
  const request = parseEvent(parseJson(text), { ip, userAgent });
  return toSubmission(request, event.receivedAt.getTime(), text.length, () => event.raw);
}

async function createEvent(services: Services, request: FastifyRequest, reply: FastifyReply) {
  const workspace = workspaceOf(request);
  const client = clientOf(request.ip, request.headers['user-agent']);
  const event = parseEvent(request.body, client);
  const { bringBackProperties, customerId } = event.body;
  if (bringBackProperties) requireNode(workspace, bringBackProperties.nodeId);
  else if (!isUuid(customerId!)) throw customerNotFound(customerId!);
  const submission = toSubmission(event, services.clock(), request.rawBody.length, () => request.rawBody);
  const [outcome] = committedOutcomes(await services.ingest.submit(workspace.id, submission));
  if (outcome?.kind === 'stored') return reply.code(202).send({ id: outcome.eventId });
  // Not thrown: what was committed is accounted for already, and is no refusal.
  const { status, body } = presentError(errorOf(outcome, customerId), pathOf(request));
  return reply.code(status).send(body);
}

function errorOf(outcome: Outcome | undefined, customerId: string | null | undefined): RequestError {
  if (outcome?.kind !== 'quarantined') return customerNotFound(customerId ?? '');
  const { rule, path, detail } = outcome.violation;
  if (Array.isArray(detail.errors)) return invalidEvent(detail.errors);
  return invalidEvent([{ path: path ?? '', message: explainViolation({ rule, path: null }) }]);
}

function toSubmission(
  event: EventRequest,
  receivedAt: number,
  bytes: number,
  raw: () => string | Uint8Array,
): Submission {
  return {
    dialect: 'contacthub',
    receivedAt,
    carriesEvents: true,
    bytes,
    size: 1,
    prepare: (workspace) => [prepareEvent(event, workspace, receivedAt)],
    raw,
    request: { ...event.client },
  };
}

async function getEvent(services: Services, request: FastifyRequest) {
  const { id } = request.params as { id: string };
  const { nav } = request.query as { nav?: 'CUSTOMER' };
  const workspace = workspaceOf(request);
  const shown = isUuid(id)
    ? await readShownEvent(services.database, workspace.id, 'contacthub', id)
    : undefined;
  if (!shown) throw new RequestError('not-found', `event not found ${cutText(id, 100)}`);
  if (nav === undefined) return presentEvent(shown);
  const { previous, next } = await readNeighbouringEvents(services.database, workspace.id, shown.event);
  return { ...presentEvent(shown), prev: previous, next };
}

async function listEvents(services: Services, request: FastifyRequest) {
  const workspace = workspaceOf(request);
  const query = request.query as EventSearchRequest;
  const search = parseEventSearch(query, workspace);
  const { customerId } = query;
  const customer = customerId === undefined ? null : await findCustomer(services, workspace, customerId);
  if (customer === undefined) return presentPage([], query, 0, 0);
  const found = await searchEvents(services.database, workspace.id, {
    ...search,
    profileId: customer?.id ?? null,
  });
  return presentPage(found.events.map(presentEvent), query, found.total, found.total);
}
