import type { Insight } from '../../query/insights.ts';

export function presentInsight(projectId: string, { eventType, interval, values }: Insight) {
  return { identifier: eventType ?? projectId, interval, values };
}
