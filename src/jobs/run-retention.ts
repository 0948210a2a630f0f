import { readProgress, writeProgress } from '../core/retention/progress-store.ts';
import type { RetentionSlice, SliceResult } from '../core/retention/retention-slice.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import { lockHead, readLastSeq, storeHead } from '../core/workspace/workspace-store.ts';
import { deleteDueWebsiteEvents } from '../dialects/octeth/retention/delete-website-events.ts';
import {
  anonymizeDueEvents,
  anonymizeLateEvents,
  settleProgress,
} from '../dialects/webmarketer/retention/anonymize-events.ts';
import { anonymizeDueTrash } from '../dialects/webmarketer/retention/anonymize-trash.ts';
import { anonymizeDueUsers } from '../dialects/webmarketer/retention/anonymize-users.ts';
import { planRetention, type RetentionPlan } from '../dialects/webmarketer/retention/retention-plan.ts';
import type { Database } from '../store/database.ts';
import { inTransaction } from '../store/transaction.ts';

/** What retention did, or in a dry run would do. */
export interface RetentionCounts {
  readonly anonymizedEvents: number;
  readonly anonymizedTrash: number;
  readonly anonymizedUsers: number;
  readonly deletedEvents: number;
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

/** What is done slice by slice, and what it counts as. */
interface Stage {
  readonly counter?: keyof RetentionCounts;
  readonly work: (slice: RetentionSlice) => Promise<SliceResult>;
}

/** Undefined: the configuration is another by now, and nothing was done. */
type RunSlice = (work: Stage['work']) => Promise<SliceResult | undefined>;

/**
 * Does what the policies of a workspace ask for (docs/retention.md). Each slice is a short transaction under the head lock, which
 * also stores how far it has come: a run that is cut short loses nothing, and the next one, by whatever process, goes on from there.
 */
export async function runRetention(
  { database, workspaces }: { readonly database: Database; readonly workspaces: WorkspaceCache },
  workspaceId: WorkspaceId,
  options: RetentionOptions,
): Promise<RetentionReport> {
  const counts = { ...noRetention };
  const budget = { slices: options.slices };
  for (;;) {
    const plan = await planRetention(database, await workspaces.reload(workspaceId), options.now);
    if (!plan) return { ...counts, more: false };
    const run = options.dryRun
      ? await prepareDryRun(database, plan)
      : (work: Stage['work']) => runSlice(database, plan, work);
    const ended = await runStages(stagesOf(plan), run, counts, budget);
    if (ended !== 'configuration-moved') return { ...counts, more: ended === 'more' };
  }
}

async function runStages(
  stages: readonly Stage[],
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

/** In this order: what came late is told by where the scans of its type were before. */
function stagesOf({ due, now }: RetentionPlan): Stage[] {
  const types = [...due.types.keys()];
  const counted = new Set<string>();
  const { websiteEvents: before } = due;
  const deletion: Stage[] =
    before === undefined
      ? []
      : [{ counter: 'deletedEvents', work: (slice) => deleteDueWebsiteEvents(slice, before) }];
  return [
    { work: settle },
    { counter: 'anonymizedEvents', work: anonymizeLateEvents },
    { counter: 'anonymizedEvents', work: (slice) => anonymizeDueEvents(slice, types) },
    { counter: 'anonymizedTrash', work: anonymizeDueTrash },
    { counter: 'anonymizedUsers', work: (slice) => anonymizeDueUsers(slice, counted) },
    ...deletion,
    { work: (slice) => finish(slice, now) },
  ];
}

async function settle(slice: RetentionSlice): Promise<SliceResult> {
  settleProgress(slice);
  return { total: 0, done: true };
}

async function finish({ progress }: RetentionSlice, now: Date): Promise<SliceResult> {
  progress.finish(now.getTime());
  return { total: 0, done: true };
}

async function runSlice(
  database: Database,
  plan: RetentionPlan,
  work: Stage['work'],
): Promise<SliceResult | undefined> {
  const { id, version } = plan.workspace;
  return inTransaction(database, async (tx) => {
    const head = await lockHead(tx, id);
    if (head.configVersion !== version) return undefined;
    const progress = await readProgress(tx, id);
    const result = await work({ connection: tx, head, lastSeq: head.seq, plan, progress });
    await writeProgress(tx, id, progress);
    await storeHead(tx, id, head);
    return result;
  });
}

/** Reads beside the writers, and remembers how far it has come by itself. */
async function prepareDryRun(database: Database, plan: RetentionPlan): Promise<RunSlice> {
  const { id } = plan.workspace;
  const [progress, lastSeq] = await Promise.all([readProgress(database, id), readLastSeq(database, id)]);
  return (work) => work({ connection: database, head: undefined, lastSeq, plan, progress });
}
