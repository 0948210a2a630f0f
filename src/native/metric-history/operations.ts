import { readMetricHistory } from '../../core/metric/metric-history-store.ts';
import { readMetrics } from '../../core/metric/metric-store.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { inWorkspace } from '../guards.ts';
import { noSuch } from '../refusals.ts';
import { errors } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { presentValue } from './present.ts';
import { HistoryQuery, HistoryReply, MetricParameters } from './schemas.ts';

export const metricHistoryOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path: '/workspaces/:workspace/events/:eventId/metrics/:key/history',
    summary: 'Every value that a state or statistic of an event has had, newest first',
    guard: inWorkspace,
    checks: { path: MetricParameters, query: HistoryQuery },
    replies: { 200: HistoryReply, ...errors(404) },
    handle: async ({ services, access, path: { eventId, key }, query }) => {
      const { id } = access.workspace;
      const metrics = await readMetrics(services.database, id, [eventId]);
      const current = metrics.find((metric) => metric.key === key);
      if (!current)
        throw noSuch('params', 'The workspace has no event of this id on which this metric was ever set.');
      const { beforeSeq = null, limit } = query;
      const past = await readMetricHistory(services.database, id, { eventId, key }, beforeSeq, limit);
      return {
        eventId: current.eventId,
        key,
        kind: current.kind,
        current: presentValue(current, current.updatedAt),
        past: past.map((one) => ({ ...presentValue(one, one.setAt), replacedBySeq: one.seq })),
      };
    },
  }),
];
