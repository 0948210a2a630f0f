import { readProgress, writeProgress } from '../core/retention/progress-store.ts';
import type {
  PlanRetention,
  RetentionCounts,
  RetentionSlice,
  RetentionStage,
  SliceResult,
} from '../core/retention/retention-slice.ts';
import { changeWorkspace } from '../core/workspace/change-workspace.ts';
import type { Workspace, WorkspaceId } from '../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import { readLastSeq } from '../core/workspace/workspace-store.ts';
import type { Database } from '../store/database.ts';

/** A dialect, as far as it keeps anything for a time. */
export interface RetentionOwner {
  readonly retention?: PlanRetention;
}

export interface RetentionServices {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
  readonly dialects: readonly RetentionOwner[];
}

export const noRetention: RetentionCounts = {
  anonymizedEvents: 0,
  anonymizedTrash: 0,
  anonymizedUsers: 0,
  deletedEvents: 0,
};

export function addRetentionCounts(a: RetentionCounts, b: RetentionCounts): RetentionCounts {
  return {
    anonymizedEvents: a.anonymizedEvents + b.anonymizedEvents,
    anonymizedTrash: a.anonymizedTrash + b.anonymizedTrash,
    anonymizedUsers: a.anonymizedUsers + b.anonymizedUsers,
    deletedEvents: a.deletedEvents + b.deletedEvents,
  };
}

export interface RetentionReport extends RetentionCounts {
  /** True: the slices that were allowed are used up; call again. Of a dry run: there may be more than was counted. */
  readonly more: boolean;
}

export interface RetentionOptions {
  readonly dryRun: boolean;
  /** Milliseconds since the epoch: what is due is due then. */
  readonly now: number;
  /** The most transactions, of a few dozen milliseconds each, that this call may take, besides a handful that find nothing. */
  readonly slices: number;
}

/** Undefined: the configuration is another by now, and nothing was done. */
type RunSlice = (work: RetentionStage['work']) => Promise<SliceResult | undefined>;

/**
 * Does what the policies of a workspace ask for (docs/retention.md). Each slice is a short transaction under the head lock, which
 * also stores how far it has come: a run that is cut short loses nothing, and the next one, by whatever process, goes on from there.
 */
export async function runRetention(
  { database, workspaces, dialects }: RetentionServices,
  workspaceId: WorkspaceId,
  options: RetentionOptions,
): Promise<RetentionReport> {
  const counts = { ...noRetention };
  const budget = { slices: options.slices };
  const now = new Date(options.now);
  for (;;) {
    const workspace = await workspaces.reload(workspaceId);
    const stages = await planStages(database, dialects, workspace, now);
    if (stages.length === 0) return { ...counts, more: false };
    const run = options.dryRun
      ? await prepareDryRun(database, workspace, now)
      : (work: RetentionStage['work']) => runSlice(database, workspace, now, work);
    const ended = await runStages([...stages, { work: finish }], run, counts, budget);
    if (ended !== 'configuration-moved') return { ...counts, more: ended === 'more' };
  }
}

async function planStages(
  database: Database,
  dialects: readonly RetentionOwner[],
  workspace: Workspace,
  now: Date,
): Promise<RetentionStage[]> {
  const plans = dialects.map(({ retention }) => retention?.(database, workspace, now) ?? []);
  const stages = (await Promise.all(plans)).flat();
  const deletes = ({ counter }: RetentionStage) => counter === 'deletedEvents';
  // What is personal goes first, whichever dialect is named first.
  return [...stages.filter((stage) => !deletes(stage)), ...stages.filter(deletes)];
}

async function runStages(
  stages: readonly RetentionStage[],
  run: RunSlice,
  counts: Record<keyof RetentionCounts, number>,
  budget: { slices: number },
): Promise<'done' | 'more' | 'configuration-moved'> {
  let isCapped = false;
  for (const { counter, work } of stages) {
    for (let done = false; !done; ) {
      const result = await run(work);
      if (result && counter) counts[counter] += result.total;
      isCapped ||= result?.capped === true;
      done = result?.done === true;
      // What ends a stage is free, so that with however few slices a call comes further than the one before.
      if (!done && --budget.slices <= 0) return 'more';
      if (!result) return 'configuration-moved';
    }
  }
  return isCapped ? 'more' : 'done';
}

async function finish({ progress, now }: RetentionSlice): Promise<SliceResult> {
  progress.finish(now.getTime());
  return { total: 0, done: true };
}

async function runSlice(
  database: Database,
  workspace: Workspace,
  now: Date,
  work: RetentionStage['work'],
): Promise<SliceResult | undefined> {
  const { id, version } = workspace;
  return changeWorkspace({ database }, id, now, async (change) => {
    const { tx, head } = change;
    if (head.configVersion !== version) return undefined;
    const progress = await readProgress(tx, id);
    const result = await work({ connection: tx, change, lastSeq: head.seq, workspace, now, progress });
    await writeProgress(tx, id, progress);
    return result;
  });
}

/** Reads beside the writers, and remembers how far it has come by itself. */
async function prepareDryRun(database: Database, workspace: Workspace, now: Date): Promise<RunSlice> {
  const { id } = workspace;
  const [progress, lastSeq] = await Promise.all([readProgress(database, id), readLastSeq(database, id)]);
  return (work) => work({ connection: database, change: undefined, lastSeq, workspace, now, progress });
}
