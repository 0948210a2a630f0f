import { readProgress } from '../core/retention/progress-store.ts';
import type { RetentionCounts } from '../core/retention/retention-slice.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import { readLastSeq } from '../core/workspace/workspace-store.ts';
import type { Database } from '../store/database.ts';
import { countSlice, noRetention, planStages, type RetentionOwner } from './plan-retention.ts';

export interface DryRun {
  readonly counts: RetentionCounts;
  /** There may be more than was counted. */
  readonly more: boolean;
}

/**
 * Counts what a run of retention would do, at `now` (ms): reads beside the writers, and changes nothing. `slices`: the most looks, of
 * a few dozen milliseconds each, besides those that end a stage.
 */
export async function dryRunRetention(
  services: {
    readonly database: Database;
    readonly workspaces: WorkspaceCache;
    readonly dialects: readonly RetentionOwner[];
  },
  workspaceId: WorkspaceId,
  options: { readonly now: number; readonly slices: number },
): Promise<DryRun> {
  const { database, workspaces, dialects } = services;
  const now = new Date(options.now);
  const workspace = await workspaces.reload(workspaceId);
  const stages = await planStages(database, dialects, workspace, now);
  const [progress, lastSeq] = await Promise.all([
    readProgress(database, workspaceId),
    readLastSeq(database, workspaceId),
  ]);
  const about = { connection: database, change: undefined, lastSeq, workspace, now, progress };
  let counts = noRetention(dialects);
  let left = options.slices;
  let isCapped = false;
  for (const stage of stages) {
    for (let position: string | null = null, isDone = false; !isDone; ) {
      const result = await stage.work({ ...about, position });
      counts = countSlice(counts, stage, result.total);
      isCapped ||= result.capped === true;
      position = result.position ?? null;
      isDone = result.done;
      if (!isDone && --left <= 0) return { counts, more: true };
    }
  }
  return { counts, more: isCapped };
}
