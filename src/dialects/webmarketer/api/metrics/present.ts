import type { presentEvent } from '../events/present.ts';
import type { MetricsFilter } from './parse.ts';

type PresentedEvent = ReturnType<typeof presentEvent>;
type PresentedMetric = PresentedEvent['metrics'][number];

/** The whole event, with those of its metrics that were asked for, as in the vendor's sample. Without a sort in their own order. */
export function presentEventMetrics(event: PresentedEvent, filter: MetricsFilter): PresentedEvent {
  const { page, sort, descending } = filter;
  const found = event.metrics.filter((metric) => fits(metric, filter));
  const direction = descending ? -1 : 1;
  if (sort) found.sort((a, b) => direction * (timeOf(a, sort) - timeOf(b, sort)));
  return { ...event, metrics: found.slice(page.offset, page.offset + page.limit) };
}

function fits(metric: PresentedMetric, { type, since, until }: MetricsFilter): boolean {
  const at = timeOf(metric, 'metricDate');
  if (type !== undefined && metric.type !== type) return false;
  return (!since || at >= since.getTime()) && (!until || at <= until.getTime());
}

function timeOf(metric: PresentedMetric, sort: NonNullable<MetricsFilter['sort']>): number {
  return sort === 'metricDate' ? Date.parse(metric.data.date) : metric[sort].getTime();
}
