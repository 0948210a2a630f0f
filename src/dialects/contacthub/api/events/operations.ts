import type { Static } from 'typebox';
import { deleteEvent } from '../../../../change/delete-events.ts';
import { isUuid, newId } from '../../../../core/id.ts';
import { explainViolation } from '../../../../core/quarantine/explain-violation.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { pathOf } from '../../../../http/errors.ts';
import { submitReading } from '../../../../http/ingest-operation.ts';
import { sendJson } from '../../../../http/json-text.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Outcome } from '../../../../ingest/outcome.ts';
import type { Services } from '../../../dialect.ts';
import { at, authorOf, findAggregateNode, refuseArchivedSource, requireNode } from '../../access.ts';
import { eventBodySchemas } from '../../documents/event-body.ts';
import { largestEventLimit } from '../../documents/payload-limit.ts';
import { resolveReferences } from '../../documents/references.ts';
import { presentError } from '../../errors.ts';
import { readNeighbouringEvents } from '../../query/neighbouring-events.ts';
import { searchEvents } from '../../query/search-events.ts';
import { hiddenEventsOf } from '../../retention/due-rules.ts';
import { isLimited } from '../../rights/seen-workspace.ts';
import { consentMissing } from '../../rules/event-consents.ts';
import { sourceOfAuthor } from '../../source/source.ts';
import {
  customerNotFound,
  findAggregateCustomer,
  findCustomer,
  refusalOfMissing,
  requireCustomer,
} from '../customers/find-customer.ts';
import { writePage } from '../paging.ts';
import { WorkspaceParameters } from '../schemas.ts';
import { type Dearness, searchInTime } from '../search-in-time.ts';
import { saveEvent } from './edit-event.ts';
import { claimedTypeOf, requireSize, sizeOf } from './event-size.ts';
import { eventNotFound, requireEvent, requireEventId } from './find-event.ts';
import { clientOf, invalidEvent, parseEvent } from './parse.ts';
import { parseEventEdit } from './parse-edit.ts';
import { parseEventSearch } from './parse-search.ts';
import { readingOf } from './prepare.ts';
import { writeEvent } from './present.ts';
import { EventParameters, EventQuery, EventSearchQuery } from './schemas.ts';

const exampleEvent = {
  customerId: '0198c0de-0000-7000-8000-000000000002',
  type: 'viewedPage',
  context: 'WEB',
  date: '2026-03-02T09:30:00.000+0000',
  properties: { url: 'https://shop.example/tulips', title: 'Tulips' },
};

export const eventOperations: readonly Operation<Services>[] = [
  operation({
    ...at('searchEvents'),
    summary: 'Search events',
    checks: { path: WorkspaceParameters, query: EventSearchQuery },
    handle: async ({ services, access, query, reply }) =>
      sendJson(reply, await listEvents(services, access.workspace, query)),
  }),
  operation({
    ...at('createEvent'),
    summary: 'Create an event',
    checks: { path: WorkspaceParameters },
    documents: { body: resolveReferences(eventBodySchemas.create) },
    example: exampleEvent,
    status: 202,
    bodyLimit: largestEventLimit,
    handle: async ({ services, access, body, request, reply }) => {
      requireSize(sizeOf(request), access.workspace, claimedTypeOf(body));
      const event = parseEvent(body, clientOf(request.ip, request.headers['user-agent']));
      const { bringBackProperties, customerId } = event.body;
      if (bringBackProperties) requireEntryNode(access.workspace, bringBackProperties.nodeId);
      else if (!isUuid(customerId!)) throw customerNotFound(customerId!);
      // Whose node it is the engine finds out; a token that is limited to some is asked before.
      else if (isLimited(access.workspace)) await requireCustomer(services, access.workspace, customerId!);
      const reading = readingOf(event, sourceOfAuthor(authorOf(access.credential)));
      const [outcome] = await submitReading('contacthub', reading, { services, access, request });
      if (outcome?.kind === 'stored') return { id: outcome.eventId };
      // The vendor answers before it looks, and so is no answer to ask for a consent by.
      if (outcome?.kind === 'dropped' && outcome.reason === consentMissing)
        return { id: newId(services.clock()) };
      // Not thrown: what was committed is accounted for already, and is no refusal.
      const named = customerId ?? bringBackProperties?.value ?? '';
      const error =
        outcome?.kind === 'quarantined'
          ? errorOf(outcome)
          : await refusalOfMissing(services, access.workspace, named);
      const refusal = presentError(error, pathOf(request));
      reply.code(refusal.status);
      return refusal.body;
    },
  }),
  operation({
    ...at('readEvent'),
    summary: 'Get an event',
    checks: { path: EventParameters, query: EventQuery },
    handle: async ({ services, access, path, query, reply }) =>
      sendJson(reply, await getEvent(services, access.workspace, path.id, query.nav === 'CUSTOMER')),
  }),
  operation({
    ...at('replaceEvent'),
    summary: 'Modify an event',
    checks: { path: EventParameters },
    documents: { body: resolveReferences(eventBodySchemas.replace) },
    example: exampleEvent,
    status: 202,
    bodyLimit: largestEventLimit,
    handle: async ({ services, access, path, body, request, reply }) => {
      const id = requireEventId(path.id);
      const write = parseEventEdit('replace', body);
      return sendJson(reply, await saveEvent(services, access, id, write, sizeOf(request)));
    },
  }),
  operation({
    ...at('patchEvent'),
    summary: 'Modify parts of an event',
    checks: { path: EventParameters },
    documents: { body: resolveReferences(eventBodySchemas.patch) },
    example: { properties: { title: 'Tulips in spring' } },
    status: 202,
    bodyLimit: largestEventLimit,
    handle: async ({ services, access, path, body, request, reply }) => {
      const id = requireEventId(path.id);
      const write = parseEventEdit('patch', body);
      return sendJson(reply, await saveEvent(services, access, id, write, sizeOf(request)));
    },
  }),
  operation({
    ...at('deleteEvent'),
    summary: 'Delete an event',
    checks: { path: EventParameters },
    status: 204,
    handle: async ({ services, access: { workspace, credential }, path: { id } }) => {
      const now = new Date(services.clock());
      const eventId = requireEventId(id);
      if (isLimited(workspace)) await requireEvent(services, workspace, eventId);
      const check = (current: Workspace) => refuseArchivedSource(current, credential);
      const isDeleted = await deleteEvent(services, workspace.id, 'contacthub', eventId, now, check);
      if (!isDeleted) throw eventNotFound(id);
    },
  }),
];

function errorOf({ violation }: Extract<Outcome, { kind: 'quarantined' }>): RequestError {
  const { rule, path, detail } = violation;
  if (Array.isArray(detail.errors)) return invalidEvent(detail.errors);
  return invalidEvent([{ path: path ?? '', message: explainViolation({ rule, path: null }) }]);
}

async function getEvent(services: Services, workspace: Workspace, id: string, hasNeighbours: boolean) {
  const shown = await requireEvent(services, workspace, requireEventId(id));
  const text = writeEvent(shown);
  if (!hasNeighbours) return text;
  const { previous, next } = await readNeighbouringEvents(services.database, workspace.id, id);
  return `${text.slice(0, -1)},"prev":${JSON.stringify(previous)},"next":${JSON.stringify(next)}}`;
}

async function listEvents(services: Services, workspace: Workspace, query: Static<typeof EventSearchQuery>) {
  const search = parseEventSearch(query, workspace);
  const { customerId } = query;
  const found = await findWhose(services, workspace, customerId);
  if (!found) return writePage([], query, 0, 0);
  const { aggregateId, ...whose } = found;
  // Who may see a customer of an aggregate may see its events.
  const isOfAggregate = whose.customerId !== null && query.nodeId === undefined;
  const aggregate = workspace.nodes.get(aggregateId ?? search.aggregateId ?? 0);
  const hidden = hiddenEventsOf(workspace, aggregate, services.clock());
  const wanted = { ...search, ...whose, hidden, ...(isOfAggregate ? { nodeIds: null } : {}) };
  const { events, total } = await searchInTime(searchEvents(services.database, workspace.id, wanted), () =>
    dearnessOf(query),
  );
  return writePage(events.map(writeEvent), query, total, total);
}

/** "BringBackProperties are not allowed for aggregate nodes" (Create event). @throws RequestError */
function requireEntryNode(workspace: Workspace, nodeId: string): void {
  if (findAggregateNode(workspace, nodeId))
    throw new RequestError('invalid-request', 'bringBackProperties are not allowed for aggregate nodes', {
      path: '/bringBackProperties/nodeId',
    });
  requireNode(workspace, nodeId);
}

/** Whose events are asked for; undefined where nobody has the id. */
async function findWhose(services: Services, workspace: Workspace, customerId: string | undefined) {
  if (customerId === undefined) return { profileId: null, customerId: null, aggregateId: null };
  const customer = await findCustomer(services, workspace, customerId);
  if (customer) return { profileId: customer.id, customerId: null, aggregateId: null };
  const aggregated = await findAggregateCustomer(services, workspace, customerId);
  return aggregated && { profileId: null, customerId: aggregated.id, aggregateId: aggregated.nodeId };
}

/** Events are gone through by date, of each type or of one customer. */
function dearnessOf(query: Static<typeof EventSearchQuery>): Dearness {
  const unserved = (['context', 'nodeId'] as const).filter((name) => query[name] !== undefined);
  const why =
    unserved.length > 0
      ? `no index serves ${unserved.join(' and ')}, and few of the events gone through fit`
      : 'too many events fit';
  return {
    why,
    advice: "for one customer's events (customerId), for one type, or for a shorter time (dateFrom, dateTo)",
    path: unserved[0] ?? 'dateFrom',
  };
}
