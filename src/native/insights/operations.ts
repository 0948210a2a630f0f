import { type Operation, operation } from '../../http/operation.ts';
import { listMetrics } from '../../query/insights/metric-keys.ts';
import { inWorkspace } from '../guards.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import { answerChart } from './chart.ts';
import { explainPoint } from './explain.ts';
import { ExplainQuery, ExplainReply, InsightsQuery, InsightsReply, MetricsReply } from './schemas.ts';

const path = '/workspaces/:workspace/insights';

/** As many as there can be columns to choose from. */
const maximumKeys = 1000;

/** Counts of events and sums of metrics over time, and the rows behind them. */
export function insightOperations(dialects: readonly NativeDialect[]): readonly Operation<NativeServices>[] {
  return [
    operation({
      method: 'GET',
      path,
      summary:
        'Counts of events and sums of metrics by interval, group by group, beside those of the days before',
      description:
        'Events are counted when they happened, values of a metric at the time that they were set for. What is grouped by type or API is read from sums that are kept; by source, campaign or context it may be counted from the rows, for 8 seconds: then the answer says what to narrow.',
      guard: inWorkspace,
      checks: { path: WorkspaceParameters, query: InsightsQuery },
      replies: { 200: InsightsReply, ...errors(404) },
      handle: ({ services, access, query }) => answerChart(services, dialects, access.workspace, query),
    }),
    operation({
      method: 'GET',
      path: `${path}/explain`,
      summary:
        'The rows behind a point of a chart, whose number, or whose values’ sum, is what the chart shows',
      description: 'They are counted one by one. Ask with the same parameters as for the chart.',
      guard: inWorkspace,
      checks: { path: WorkspaceParameters, query: ExplainQuery },
      replies: { 200: ExplainReply, ...errors(404) },
      handle: ({ services, access, query }) => explainPoint(services, dialects, access.workspace, query),
    }),
    operation({
      method: 'GET',
      path: `${path}/metrics`,
      summary: 'The metrics that events have values of',
      guard: inWorkspace,
      checks: { path: WorkspaceParameters },
      replies: { 200: MetricsReply, ...errors(404) },
      handle: async ({ services, access: { workspace } }) => {
        const metrics = await listMetrics(services.database, workspace.id, maximumKeys);
        return { metrics: metrics.map(({ key, kind, isAmount }) => ({ key, kind, isAmount })) };
      },
    }),
  ];
}
