import type { DialectRetention, RetentionCounts, RetentionStage } from '../core/retention/retention-slice.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import type { Queryable } from '../store/queryable.ts';

/** A dialect, as far as it keeps anything for a time. */
export interface RetentionOwner {
  readonly retention?: DialectRetention;
}

/** The counts before the first slice. */
export function noRetention(dialects: readonly RetentionOwner[]): RetentionCounts {
  const counters = dialects.flatMap(({ retention }) => Object.keys(retention?.counters ?? {}));
  return Object.fromEntries(counters.map((counter) => [counter, 0]));
}

/** The counts after a slice of a stage. */
export function countSlice(
  counts: RetentionCounts,
  { counter }: RetentionStage,
  total: number,
): RetentionCounts {
  return counter ? { ...counts, [counter]: (counts[counter] ?? 0) + total } : counts;
}

/** What the policies of a workspace ask for at a moment, in its order; nothing where everything is kept for good. */
export async function planStages(
  connection: Queryable,
  dialects: readonly RetentionOwner[],
  workspace: Workspace,
  now: Date,
): Promise<readonly RetentionStage[]> {
  const plans = dialects.map(({ retention }) => retention?.plan(connection, workspace, now) ?? []);
  const stages = (await Promise.all(plans)).flat();
  // What is personal goes first, whichever dialect is named first.
  return [...stages.filter(({ deletes }) => !deletes), ...stages.filter(({ deletes }) => deletes)];
}
