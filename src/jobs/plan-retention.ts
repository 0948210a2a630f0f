import type { PlanRetention, RetentionCounts, RetentionStage } from '../core/retention/retention-slice.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import type { Queryable } from '../store/queryable.ts';

/** A dialect, as far as it keeps anything for a time. */
export interface RetentionOwner {
  readonly retention?: PlanRetention;
}

export const noRetention: RetentionCounts = {
  anonymizedEvents: 0,
  anonymizedTrash: 0,
  anonymizedUsers: 0,
  deletedEvents: 0,
};

/** The counts after a slice of a stage. */
export function countSlice(
  counts: RetentionCounts,
  { counter }: RetentionStage,
  total: number,
): RetentionCounts {
  return counter ? { ...counts, [counter]: counts[counter] + total } : counts;
}

/** What the policies of a workspace ask for at a moment, in its order; nothing where everything is kept for good. */
export async function planStages(
  connection: Queryable,
  dialects: readonly RetentionOwner[],
  workspace: Workspace,
  now: Date,
): Promise<readonly RetentionStage[]> {
  const plans = dialects.map(({ retention }) => retention?.(connection, workspace, now) ?? []);
  const stages = (await Promise.all(plans)).flat();
  const deletes = ({ counter }: RetentionStage) => counter === 'deletedEvents';
  // What is personal goes first, whichever dialect is named first.
  return [...stages.filter((stage) => !deletes(stage)), ...stages.filter(deletes)];
}
