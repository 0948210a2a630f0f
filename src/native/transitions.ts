import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { intervals } from '../query/insights/interval.ts';
import { readTransitions } from '../query/transitions/transitions.ts';
import { enterWorkspace, workspaceOf } from './admission.ts';
import { readDateTime } from './date-times.ts';
import { requireRange } from './refusals.ts';
import { errors, nullable, oneOf, Time, WorkspaceParameters } from './schemas/common.ts';
import type { NativeServices } from './services.ts';

const day = 24 * 60 * 60 * 1000;
const defaultRange = 90 * day;
const maximumRange = 3660 * day;

const State = Type.String({ minLength: 1, maxLength: 64, description: "A state's key" });

const TransitionsQuery = Type.Object({
  from: State,
  to: State,
  since: Type.Optional(
    Type.String({ format: 'date-time', description: '90 days before until unless given' }),
  ),
  until: Type.Optional(Type.String({ format: 'date-time', description: 'Now unless given' })),
  groupBy: Type.Optional(oneOf(['event-type', 'campaign'])),
  interval: Type.Optional(oneOf(intervals)),
});

const summary = {
  count: Type.Integer(),
  medianSeconds: nullable(Type.Number()),
  p90Seconds: nullable(Type.Number()),
  histogram: Type.Array(
    Type.Object({
      fromSeconds: Type.Integer({ description: 'Inclusive' }),
      toSeconds: nullable(Type.Integer({ description: 'Exclusive' })),
      count: Type.Integer(),
    }),
  ),
};

const TransitionsReply = Type.Object({
  from: Type.String(),
  to: Type.String(),
  since: Time,
  until: Time,
  ...summary,
  groups: Type.Array(
    Type.Object({
      eventType: nullable(Type.String()),
      campaign: nullable(Type.Object({ id: Type.String(), slug: Type.String() })),
      interval: nullable(Type.String()),
      ...summary,
    }),
    { description: 'Empty unless groupBy or interval is given' },
  ),
});

/** How long events take from one state to another. */
export function registerTransitions(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/workspaces/:workspace/transitions', {
    schema: {
      tags: ['Native: events'],
      summary: 'How long events take from one state to another',
      description:
        'Of events that have both states now and reached the second no earlier than the first; since and until are of the second.',
      params: WorkspaceParameters,
      querystring: TransitionsQuery,
      response: { 200: TransitionsReply, ...errors(404) },
    },
    onRequest: (request) => enterWorkspace(services, request),
    handler: async (request) => {
      const { from, to, groupBy = null, interval = null } = request.query;
      const { query } = request;
      const until = query.until ? readDateTime(query.until).getTime() : services.clock();
      const since = query.since ? readDateTime(query.since).getTime() : until - defaultRange;
      requireRange(since, until, { milliseconds: maximumRange, words: 'ten years' });
      const question = { from, to, since, until, groupBy, interval };
      const { total, groups } = await readTransitions(services.database, workspaceOf(request), question);
      return {
        from,
        to,
        since: new Date(since).toISOString(),
        until: new Date(until).toISOString(),
        ...presentSummary(total),
        groups: groups.map(({ eventType, campaign, interval: label, ...rest }) => ({
          eventType,
          campaign,
          interval: label,
          ...presentSummary(rest),
        })),
      };
    },
  });
}

function presentSummary(summary: Awaited<ReturnType<typeof readTransitions>>['total']) {
  const { count, median, p90, histogram } = summary;
  return {
    count,
    medianSeconds: median,
    p90Seconds: p90,
    histogram: histogram.map((bar) => ({ fromSeconds: bar.from, toSeconds: bar.to, count: bar.count })),
  };
}
