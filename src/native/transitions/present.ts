import type { Static } from 'typebox';
import type {
  TransitionGroup,
  TransitionQuestion,
  TransitionSummary,
} from '../../query/transitions/transitions.ts';
import type { TransitionsReply } from './schemas.ts';

export function presentTransitions(
  { from, to, since, until }: TransitionQuestion,
  { total, groups }: { readonly total: TransitionSummary; readonly groups: readonly TransitionGroup[] },
): Static<typeof TransitionsReply> {
  return {
    from,
    to,
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
    ...presentSummary(total),
    groups: groups.map(({ eventType, campaign, adId, interval, ...rest }) => ({
      eventType,
      campaign,
      adId,
      interval,
      ...presentSummary(rest),
    })),
  };
}

function presentSummary({ count, median, p90, histogram }: TransitionSummary) {
  return {
    count,
    medianSeconds: median,
    p90Seconds: p90,
    histogram: histogram.map((bar) => ({ fromSeconds: bar.from, toSeconds: bar.to, count: bar.count })),
  };
}
