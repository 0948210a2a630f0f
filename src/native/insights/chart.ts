import type { Static } from 'typebox';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { isDear } from '../../query/insights/chart-cells.ts';
import { type ChartTime, daysBefore, readChartTime } from '../../query/insights/chart-slots.ts';
import { isAmount } from '../../query/insights/metric-keys.ts';
import { type Chart, readChart } from '../../query/insights/read-chart.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import { nameGroups } from './group.ts';
import { type AskedMetric, keyOf, readMetrics } from './metric.ts';
import { presentChart, presentDays, presentIntervals } from './present.ts';
import { inTime, isRebuilding, readTime } from './question.ts';
import type { InsightsQuery, InsightsReply } from './schemas.ts';

type Query = Static<typeof InsightsQuery>;

/** Metrics by interval and group. @throws RequestError `invalid-request`, `took-too-long` */
export async function answerChart(
  services: NativeServices,
  dialects: readonly NativeDialect[],
  cached: Workspace,
  query: Query,
): Promise<Static<typeof InsightsReply>> {
  // Another process may have brought types that are counted.
  const workspace = await services.workspaces.reload(cached.id);
  const { timezone, currency } = workspace;
  const { interval, groupBy = null, limit } = query;
  const asked = readMetrics(workspace, query.metrics, 'querystring/metrics');
  const time = readTime(workspace, query, services.clock());
  const before = query.compare
    ? readChartTime(daysBefore(time.days, interval), interval, timezone)
    : undefined;
  const shared = { interval, grouping: groupBy, isRebuilding: await isRebuilding(services, workspace) };
  const answer = async (metric: AskedMetric) => {
    const count = { ...shared, key: keyOf(metric), typeIds: metric.typeIds };
    const read = (of: ChartTime, groups: number | readonly string[]) =>
      inTime(groupBy, readChart(services.database, workspace.id, { ...count, time: of, groups }));
    const chart = await read(time, limit);
    const charts = { chart, before: before && (await read(before, groupsOf(chart))) };
    const nameOf = await namesOf(services, dialects, workspace, query, chart);
    return presentChart(metric, await currencyOf(services, workspace, metric), charts, nameOf);
  };
  const takesLong = asked.some((metric) => isDear({ ...shared, key: keyOf(metric) }));
  const metrics = takesLong ? await inTurn(asked, answer) : await Promise.all(asked.map(answer));
  return {
    parameters: {
      timezone,
      currency,
      ...presentDays(timezone, time),
      interval,
      groupBy,
      limit,
      before: before ? presentDays(timezone, before) : null,
    },
    intervals: presentIntervals(timezone, time),
    intervalsBefore: before ? presentIntervals(timezone, before) : null,
    metrics,
  };
}

/** One behind the other: a workspace asks few dear questions at once. */
async function inTurn<Asked, Answer>(
  asked: readonly Asked[],
  answer: (one: Asked) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const one of asked) answers.push(await answer(one));
  return answers;
}

function groupsOf({ series }: Chart): string[] {
  return series.flatMap(({ kind, key }) => (kind === 'group' && key !== null ? [key] : []));
}

function namesOf(
  services: NativeServices,
  dialects: readonly NativeDialect[],
  workspace: Workspace,
  { groupBy }: Query,
  chart: Chart,
) {
  if (groupBy === undefined) return (key: string) => ({ key, label: key });
  return nameGroups(services, dialects, workspace, groupBy, groupsOf(chart));
}

/** Of a sum, where its values are amounts. */
export async function currencyOf(
  { database }: NativeServices,
  { id, currency }: Workspace,
  { key }: AskedMetric,
): Promise<string | null> {
  return key !== null && (await isAmount(database, id, key)) ? currency : null;
}
