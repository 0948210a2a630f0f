import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { readMetricHistory } from '../core/metric/metric-history-store.ts';
import { readMetrics, type StoredValue } from '../core/metric/metric-store.ts';
import { enterWorkspace, workspaceOf } from './admission.ts';
import { noSuch } from './refusals.ts';
import { errors, Id, nullable, oneOf, resourceParameters, Seq, Time } from './schemas/common.ts';
import type { NativeServices } from './services.ts';

const Parameters = Type.Object({
  ...resourceParameters('eventId', 'The event.').properties,
  key: Type.String({ minLength: 1, maxLength: 80, description: "A state's or statistic's key." }),
});

const HistoryQuery = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
  beforeSeq: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: "The last past value's replacedBySeq of the page before.",
    }),
  ),
});

const value = {
  value: Type.Number(),
  currency: nullable(Type.String()),
  raw: Type.Unsafe<unknown>({ description: 'As it was sent.' }),
  counted: Type.Boolean({ description: 'False: an amount without an exchange rate, or a delay taken back.' }),
  at: Time,
  setAt: Time,
};

const HistoryReply = Type.Object({
  eventId: Id,
  key: Type.String(),
  kind: oneOf(['state', 'statistic']),
  current: Type.Object(value),
  past: Type.Array(Type.Object({ ...value, replacedBySeq: Seq }), {
    description: 'What it was before, the last one first.',
  }),
});

/** What a state or statistic of an event is, and was. */
export function registerMetricHistory(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/workspaces/:workspace/events/:eventId/metrics/:key/history', {
    schema: {
      tags: ['Native: events'],
      summary: 'Every value that a state or statistic of an event has had, newest first',
      params: Parameters,
      querystring: HistoryQuery,
      response: { 200: HistoryReply, ...errors(404) },
    },
    onRequest: (request) => enterWorkspace(services, request),
    handler: async (request) => {
      const { id } = workspaceOf(request);
      const { eventId, key } = request.params;
      const metrics = await readMetrics(services.database, id, [eventId]);
      const current = metrics.find((metric) => metric.key === key);
      if (!current)
        throw noSuch('params', 'The workspace has no event of this id on which this metric was ever set.');
      const { beforeSeq = null, limit } = request.query;
      const past = await readMetricHistory(services.database, id, { eventId, key }, beforeSeq, limit);
      return {
        eventId: current.eventId,
        key,
        kind: current.kind,
        current: present(current, current.updatedAt),
        past: past.map((one) => ({ ...present(one, one.setAt), replacedBySeq: one.seq })),
      };
    },
  });
}

function present({ value, currency, raw, counted, occurredAt }: StoredValue, setAt: Date) {
  return { value, currency, raw, counted, at: occurredAt.toISOString(), setAt: setAt.toISOString() };
}
