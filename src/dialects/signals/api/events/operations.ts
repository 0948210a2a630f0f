import { Readable } from 'node:stream';
import { writeCsv } from '../../../../http/csv.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { type AppAccess, inClientApp } from '../../access.ts';
import { conversationEventTypes } from '../../conversation/conversation-event.ts';
import { readTypesWithEvents } from '../../conversation/query/count-events.ts';
import type { SourceEventFilter } from '../../conversation/query/filter.ts';
import { resolveNumberedValue } from '../../conversation/query/numbered-value.ts';
import {
  countStandaloneEvents,
  readSourceEvents,
  type SourceEvent,
  streamSourceEvents,
} from '../../conversation/query/source-events.ts';
import { clientApp } from '../paths.ts';
import { eventColumns, presentEvent, presentEventType } from '../present.ts';
import {
  ClientAppParameters,
  EventsQuery,
  EventsReply,
  EventTypesQuery,
  EventTypesReply,
  StandaloneStatsReply,
} from '../schemas.ts';
import { type EventQuery, parseEventQuery } from './parse.ts';

/** docs/spec/signals.md C14. */
const defaultLimit = 100;

/** What the events of an app are read by (docs/spec/signals.md A3). */
export const eventOperations: readonly Operation<Services>[] = [
  operation({
    method: 'GET',
    path: `${clientApp}/events`,
    summary: 'Get events',
    guard: inClientApp,
    checks: { path: ClientAppParameters },
    documents: { query: EventsQuery },
    replies: { 200: EventsReply },
    handle: async ({ services, access, query }) =>
      listEvents(services, access, await resolveQuery(services, access, query)),
  }),
  operation({
    method: 'GET',
    path: `${clientApp}/events/export`,
    summary: 'Export events',
    guard: inClientApp,
    checks: { path: ClientAppParameters },
    documents: { query: EventsQuery },
    handle: async ({ services, access, query, reply }) => {
      const rows = exportEvents(services, access, await resolveQuery(services, access, query));
      reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename=events.csv');
      return rows;
    },
  }),
  operation({
    method: 'GET',
    path: `${clientApp}/event_types`,
    summary: 'Get event types',
    guard: inClientApp,
    checks: { path: ClientAppParameters },
    documents: { query: EventTypesQuery },
    replies: { 200: EventTypesReply },
    handle: async ({ services, access, query }) =>
      listEventTypes(services, access, await resolveQuery(services, access, query)),
  }),
  operation({
    method: 'GET',
    path: `${clientApp}/standalone-events-stats`,
    summary: 'Get stats of standalone events',
    guard: inClientApp,
    checks: { path: ClientAppParameters },
    replies: { 200: StandaloneStatsReply },
    handle: async ({ services, access: { workspace, app } }) => {
      const counts = await countStandaloneEvents(services.database, workspace.id, app);
      return { sessions_num: counts.conversations, events_num: counts.events };
    },
  }),
];

/** Ruling 13: `keyword#1` is the first of the keywords that the app has met. */
async function resolveQuery(
  { database }: Services,
  { workspace, app }: AppAccess,
  asked: unknown,
): Promise<EventQuery> {
  const query = parseEventQuery(asked);
  const { type, value } = query;
  if (type === null || value === null) return query;
  return { ...query, value: await resolveNumberedValue(database, workspace.id, app, type, value) };
}

async function listEvents(services: Services, view: AppAccess, query: EventQuery): Promise<object> {
  const { workspace } = view;
  const page = { offset: query.offset, limit: query.limit ?? defaultLimit };
  const { events, total } = await readSourceEvents(
    services.database,
    workspace.id,
    filterOf(view, query),
    page,
  );
  return {
    data: events.map((event) => presentEvent(event, view.app.externalId)),
    total_count: total,
    ...page,
  };
}

/** Ruling 3: everything in the span, unless there is a limit. */
function exportEvents(services: Services, view: AppAccess, query: EventQuery): Readable {
  const { workspace } = view;
  const page = { offset: query.offset, limit: query.limit };
  const slices = streamSourceEvents(services.database, workspace.id, filterOf(view, query), page);
  return Readable.from(csvOf(slices, view.app.externalId), { objectMode: false });
}

/** The header goes with the first slice: what fails before that is still answered as an error. */
async function* csvOf(slices: AsyncGenerator<SourceEvent[]>, appId: string): AsyncGenerator<string> {
  let header: (readonly string[])[] = [eventColumns];
  for await (const slice of slices) {
    const rows = slice.map((event) => Object.values(presentEvent(event, appId)));
    yield writeCsv([...header, ...rows]);
    header = [];
  }
  if (header.length > 0) yield writeCsv(header);
}

/** C12: all there are; with a filter, those that it leaves. */
async function listEventTypes(services: Services, view: AppAccess, query: EventQuery): Promise<object[]> {
  const asked = conversationEventTypes.filter((type) => query.type === null || type === query.type);
  const filter = filterOf(view, query);
  const needsEvents = filter.adId !== null || filter.valueTypeId !== null;
  const found = needsEvents
    ? await readTypesWithEvents(services.database, view.workspace.id, filter)
    : undefined;
  const types = asked.filter((type) => !found || found.has(type));
  return types.slice(0, query.limit ?? undefined).map(presentEventType);
}

function filterOf({ app }: AppAccess, query: EventQuery): SourceEventFilter {
  const { type, since, before, adId, valueTypeId, value } = query;
  const types = type === null ? conversationEventTypes : [type];
  return { source: app, types, since, before, adId, valueTypeId, value };
}
