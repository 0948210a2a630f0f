import type { Workspace } from '../../core/workspace/workspace.ts';
import { spansOf } from '../../projections/rollups/zone-spans.ts';
import type { Queryable } from '../../store/queryable.ts';
import { compareLabels, type Interval } from '../insights/interval.ts';
import { fetchTransitions, histogramBounds, type TransitionRow } from './fetch-transitions.ts';

export interface TransitionQuestion {
  /** The keys of two states. */
  readonly from: string;
  readonly to: string;
  /** When the second state was reached: both inclusive, in milliseconds since the epoch. */
  readonly since: number;
  readonly until: number;
  readonly groupBy: 'event-type' | 'campaign' | null;
  /** In the workspace's time zone, of when the second state was reached. */
  readonly interval: Interval | null;
}

/** How long it took from one state to the other, in seconds. */
export interface TransitionSummary {
  readonly count: number;
  /** Null where there is none. */
  readonly median: number | null;
  readonly p90: number | null;
  /** How many took at least `from` and less than `to` seconds; the last has no end. */
  readonly histogram: readonly {
    readonly from: number;
    readonly to: number | null;
    readonly count: number;
  }[];
}

export interface TransitionGroup extends TransitionSummary {
  readonly eventType: string | null;
  /** The campaign that the person came by last before the event; null where none is known, or an ad came last. */
  readonly campaign: { readonly id: string; readonly slug: string } | null;
  /** The ad that the person came by last before the event, as its platform calls it. */
  readonly adId: string | null;
  readonly interval: string | null;
}

/**
 * The times between two states of the same event, of events that have both now and reached the second no earlier than the first.
 * All together, and by group where one is asked for: in the order of the intervals, then of the groups' names.
 */
export async function readTransitions(
  connection: Queryable,
  workspace: Workspace,
  question: TransitionQuestion,
): Promise<{ total: TransitionSummary; groups: TransitionGroup[] }> {
  const spans = spansOf(workspace.timezone, question.since, question.until + 1);
  const { groupBy, interval } = question;
  const ask = (by: Pick<TransitionQuestion, 'groupBy' | 'interval'>) =>
    fetchTransitions(connection, workspace.id, spans, { ...question, ...by });
  const [[total], rows] = await Promise.all([
    ask({ groupBy: null, interval: null }),
    groupBy || interval ? ask({ groupBy, interval }) : [],
  ]);
  const groups = rows.map((row) => toGroup(workspace, row));
  groups.sort((a, b) => {
    const byInterval = interval ? compareLabels(interval, a.interval!, b.interval!) : 0;
    return byInterval || (nameOf(a) < nameOf(b) ? -1 : 1);
  });
  return { total: toSummary(total), groups };
}

function toGroup(workspace: Workspace, row: TransitionRow): TransitionGroup {
  const { typeId, campaignId: id, campaignSlug: slug } = row;
  return {
    eventType: typeId === null ? null : (workspace.eventTypes.byId(typeId)?.name ?? null),
    campaign: id === null || slug === null ? null : { id, slug },
    adId: row.adId,
    interval: row.label,
    ...toSummary(row),
  };
}

function toSummary(row: TransitionRow | undefined): TransitionSummary {
  const histogram = histogramBounds.map((from, index) => ({
    from,
    to: histogramBounds[index + 1] ?? null,
    count: row?.histogram[index] ?? 0,
  }));
  return { count: row?.total ?? 0, median: row?.median ?? null, p90: row?.p90 ?? null, histogram };
}

function nameOf({ eventType, campaign, adId }: TransitionGroup): string {
  return eventType ?? campaign?.slug ?? adId ?? '';
}
