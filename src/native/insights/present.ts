import type { Static } from 'typebox';
import type { Workspace } from '../../core/workspace/workspace.ts';
import type { ChartTime } from '../../query/insights/chart-slots.ts';
import type { CountedRow } from '../../query/insights/explain-point.ts';
import type { Chart, ChartSeries } from '../../query/insights/read-chart.ts';
import { timeOf } from '../date-times.ts';
import { presentEvent } from '../events/present.ts';
import { type GroupName, ofNone, ofOthers } from './group.ts';
import type { AskedMetric } from './metric.ts';
import type { ExplainReply, InsightsReply } from './schemas.ts';

interface Instants {
  readonly from: number;
  readonly until: number;
}

/** An instant with the offset that the zone has then. */
function boundIn(timezone: string, instant: number): string {
  return Temporal.Instant.fromEpochMilliseconds(instant)
    .toZonedDateTimeISO(timezone)
    .toString({ timeZoneName: 'never' });
}

export function presentSpan(timezone: string, { from, until }: Instants) {
  return { since: boundIn(timezone, from), until: boundIn(timezone, until) };
}

/** From the first instant to the last. */
function wholeOf(spans: readonly Instants[]): Instants {
  return { from: spans.at(0)?.from ?? 0, until: spans.at(-1)?.until ?? 0 };
}

export function presentDays(timezone: string, { days, spans }: ChartTime) {
  return { ...days, bounds: presentSpan(timezone, wholeOf(spans)) };
}

export function presentIntervals(timezone: string, { slots }: ChartTime) {
  return slots.map(({ label, spans }) => ({ label, ...presentSpan(timezone, wholeOf(spans)) }));
}

export function presentMetric({ text, key, dialect, type }: AskedMetric, currency: string | null) {
  const measure: 'count' | 'sum' = key === null ? 'count' : 'sum';
  return { metric: text, measure, key, dialect, type: type?.name ?? null, currency };
}

type ShownMetric = Static<typeof InsightsReply>['metrics'][number];

/** `before`: the same of the days before, where they are compared. */
export function presentChart(
  metric: AskedMetric,
  currency: string | null,
  { chart, before }: { readonly chart: Chart; readonly before: Chart | undefined },
  nameOf: (key: string) => GroupName,
): ShownMetric {
  const noneBefore = before && { total: 0, values: Array<number>(before.slotCount).fill(0) };
  const series = withVanished(chart, before).map((one) => {
    const { kind, key, total, values } = one;
    const former = before?.series.find((other) => other.kind === kind && other.key === key) ?? noneBefore;
    return {
      kind,
      ...(key === null ? { key, label: kindLabels[kind] } : nameOf(key)),
      total,
      values: [...values],
      before: former ? { total: former.total, values: [...former.values] } : null,
    };
  });
  return {
    ...presentMetric(metric, currency),
    total: chart.total,
    totalBefore: before?.total ?? null,
    groupCount: chart.groupCount,
    series,
  };
}

/** What was there before and is no more is shown, too: else the sums of the days before would not be those of their series. */
function withVanished(chart: Chart, before: Chart | undefined): readonly ChartSeries[] {
  const isThere = ({ kind, key }: ChartSeries) =>
    chart.series.some((one) => one.kind === kind && one.key === key);
  const vanished = (before?.series ?? []).filter((one) => !isThere(one));
  const values = Array<number>(chart.slotCount).fill(0);
  return [...chart.series, ...vanished.map(({ kind, key }) => ({ kind, key, total: 0, values }))];
}

const kindLabels: Readonly<Record<ChartSeries['kind'], string>> = {
  all: 'All',
  group: '',
  none: ofNone,
  other: ofOthers,
};

export function presentRow(
  workspace: Workspace,
  { event, at, value, currency }: CountedRow,
): Static<typeof ExplainReply>['rows'][number] {
  return { event: presentEvent(workspace, event), at: timeOf(at), value, currency };
}
