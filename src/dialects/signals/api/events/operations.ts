import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Source } from '../../../../core/source/source.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { accessOf } from '../../../../http/access.ts';
import { writeCsv } from '../../../../http/csv.ts';
import type { Services } from '../../../dialect.ts';
import { type ClientAppPath, requireApp, requireKey } from '../../access.ts';
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
import { clientAppPrefix } from '../app-routes.ts';
import { eventColumns, presentEvent, presentEventType } from '../present.ts';
import {
  ClientAppParameters,
  EventsQuery,
  EventsReply,
  EventTypesQuery,
  EventTypesReply,
  StandaloneStatsReply,
} from '../schemas.ts';
import { type EventQuery, parseEventQuery } from './parse-query.ts';

/** docs/spec/signals.md C14. */
const defaultLimit = 100;

/** An app that the caller's workspace has. */
interface AppView {
  readonly workspace: Workspace;
  readonly app: Source;
}

/** What the events of an app are read by (docs/spec/signals.md A3). */
export function registerEventRoutes(app: FastifyInstance, services: Services): void {
  const read = (
    path: string,
    schema: object,
    handler: (view: AppView, request: FastifyRequest) => unknown,
  ) => {
    app.get(
      `${clientAppPrefix}${path}`,
      {
        schema: { tags: ['Signals'], params: ClientAppParameters, ...schema },
        onRequest: (request) => requireKey(services, request),
      },
      async (request, reply) => {
        const { workspace } = accessOf(request);
        const view = { workspace, app: requireApp(workspace, request.params as ClientAppPath) };
        const answer = await handler(view, request);
        if (!(answer instanceof Readable)) return answer;
        return reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', 'attachment; filename=events.csv')
          .send(answer);
      },
    );
  };
  read(
    '/events',
    { summary: 'Get events', querystring: EventsQuery, response: { 200: EventsReply } },
    async (view, request) => listEvents(services, view, await queryOf(services, view, request)),
  );
  read('/events/export', { summary: 'Export events', querystring: EventsQuery }, async (view, request) =>
    exportEvents(services, view, await queryOf(services, view, request)),
  );
  read(
    '/event_types',
    { summary: 'Get event types', querystring: EventTypesQuery, response: { 200: EventTypesReply } },
    async (view, request) => listEventTypes(services, view, await queryOf(services, view, request)),
  );
  read(
    '/standalone-events-stats',
    { summary: 'Get stats of standalone events', response: { 200: StandaloneStatsReply } },
    (view) => countStandalone(services, view),
  );
}

/** Ruling 13: `keyword#1` is the first of the keywords that the app has met. */
async function queryOf(
  { database }: Services,
  { workspace, app }: AppView,
  request: FastifyRequest,
): Promise<EventQuery> {
  const query = parseEventQuery(request.query as Record<string, unknown>);
  const { type, value } = query;
  if (type === null || value === null) return query;
  return { ...query, value: await resolveNumberedValue(database, workspace.id, app, type, value) };
}

async function listEvents(services: Services, view: AppView, query: EventQuery): Promise<object> {
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
function exportEvents(services: Services, view: AppView, query: EventQuery): Readable {
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
async function listEventTypes(services: Services, view: AppView, query: EventQuery): Promise<object[]> {
  const asked = conversationEventTypes.filter((type) => query.type === null || type === query.type);
  const filter = filterOf(view, query);
  const needsEvents = filter.adId !== null || filter.valueTypeId !== null;
  const found = needsEvents
    ? await readTypesWithEvents(services.database, view.workspace.id, filter)
    : undefined;
  const types = asked.filter((type) => !found || found.has(type));
  return types.slice(0, query.limit ?? undefined).map(presentEventType);
}

async function countStandalone(services: Services, { workspace, app }: AppView): Promise<object> {
  const counts = await countStandaloneEvents(services.database, workspace.id, app);
  return { sessions_num: counts.conversations, events_num: counts.events };
}

function filterOf({ app }: AppView, query: EventQuery): SourceEventFilter {
  const { type, since, before, adId, valueTypeId, value } = query;
  const types = type === null ? conversationEventTypes : [type];
  return { source: app, types, since, before, adId, valueTypeId, value };
}
