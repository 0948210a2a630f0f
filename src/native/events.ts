import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { readAccounting } from '../query/accounting/read-accounting.ts';
import { maximumPageBytes } from '../query/events/page-bytes.ts';
import { readPersonEventsAfter } from '../query/events/read-events.ts';
import { enterWorkspace, workspaceOf } from './admission.ts';
import { readDateTime } from './date-times.ts';
import { presentAccounting, presentEvent } from './present.ts';
import { requireRange } from './refusals.ts';
import { errors, WorkspaceParameters } from './schemas/common.ts';
import { AccountingQuery, AccountingReply, EventsQuery, EventsReply } from './schemas/data.ts';
import type { NativeServices } from './services.ts';

const day = 24 * 60 * 60 * 1000;
const maximumRange = 31 * day;

export function registerEvents(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = enterWorkspace.bind(null, services);
  app.get('/workspaces/:workspace/events', {
    schema: {
      tags: ['Native: events'],
      summary: 'Events in the order in which they were stored',
      description:
        "Ask again with the last event's seq as afterSeq, also after a page that is shorter than limit: one ends at 4 MB. An empty list: there is no more yet.",
      params: WorkspaceParameters,
      querystring: EventsQuery,
      response: { 200: EventsReply, ...errors(404) },
    },
    onRequest,
    handler: async (request) => {
      const workspace = workspaceOf(request);
      const { afterSeq, limit } = request.query;
      const wanted = { limit, maximumBytes: maximumPageBytes };
      const { events } = await readPersonEventsAfter(services.database, workspace.id, afterSeq, wanted);
      return { events: events.map((event) => presentEvent(workspace, event)) };
    },
  });
  app.get('/workspaces/:workspace/accounting', {
    schema: {
      tags: ['Native: events'],
      summary: 'What came in and what became of it, by dialect and hour of receipt',
      params: WorkspaceParameters,
      querystring: AccountingQuery,
      response: { 200: AccountingReply, ...errors(404) },
    },
    onRequest,
    handler: async (request) => {
      const { query } = request;
      const until = query.until ? readDateTime(query.until) : new Date(services.clock());
      const since = query.since ? readDateTime(query.since) : new Date(until.getTime() - day);
      requireRange(since.getTime(), until.getTime(), { milliseconds: maximumRange, words: '31 days' });
      const hours = await readAccounting(services.database, workspaceOf(request).id, since, until);
      return presentAccounting(since, until, hours);
    },
  });
}
