import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import type { Clock } from '../core/clock.ts';
import type { EventChange } from '../core/event/event-move.ts';
import type { Job, JobStep } from '../core/job/job.ts';
import { requestJob } from '../core/job/job-store.ts';
import { readProgress, writeProgress } from '../core/retention/progress-store.ts';
import type { RetentionCounts, RetentionSlice, RetentionStage } from '../core/retention/retention-slice.ts';
import type { Workspace, WorkspaceId } from '../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import { followedBy } from '../projections/follow-events.ts';
import type { Projection } from '../projections/projection.ts';
import type { Database } from '../store/database.ts';
import type { Queryable } from '../store/queryable.ts';
import type { JobKind, LockedSlice } from './job-kind.ts';
import { countSlice, noRetention, planStages, type RetentionOwner } from './plan-retention.ts';

export interface RetentionJobServices {
  readonly workspaces: WorkspaceCache;
  readonly dialects: readonly RetentionOwner[];
  readonly clock: Clock;
}

export const retentionKind = 'retention';

const Counts = Type.Record(Type.String(), Type.Integer());

/** A run: what is due is due at `now` (ms); `places`: where the stages are, as of one version of the configuration. */
const Run = Type.Object({
  now: Type.Integer(),
  version: Type.Integer(),
  places: Type.Record(
    Type.String(),
    Type.Object({ done: Type.Boolean(), position: Type.Union([Type.String(), Type.Null()]) }),
  ),
  counts: Counts,
});
type Run = Static<typeof Run>;

/** What a run that has ended did. */
export function retentionCountsOf({ result }: Job): RetentionCounts {
  return Value.Parse(Counts, result);
}

/**
 * Asks for a run of retention, or finds the one that is open. Answers its job's id; undefined where the workspace keeps everything for
 * good.
 */
export async function requestRetention(
  services: RetentionJobServices & { readonly database: Database },
  workspaceId: WorkspaceId,
  requestedBy: string,
): Promise<string | undefined> {
  const { database, workspaces, dialects, clock } = services;
  const now = new Date(clock());
  const stages = await planStages(database, dialects, await workspaces.reload(workspaceId), now);
  if (stages.length === 0) return undefined;
  return requestJob(database, workspaceId, { kind: retentionKind, requestedBy }, now);
}

/** Does what the policies of a workspace ask for (docs/retention.md), as they are at each slice. */
export function retentionJob({
  workspaces,
  dialects,
  clock,
  projections,
}: RetentionJobServices & { readonly projections: readonly Projection[] }): JobKind {
  const plans = new WeakMap<
    Workspace,
    { readonly now: number; readonly stages: readonly RetentionStage[] }
  >();
  const planOnce = async (tx: Queryable, workspace: Workspace, now: number) => {
    const known = plans.get(workspace);
    if (known?.now === now) return known.stages;
    const stages = await planStages(tx, dialects, workspace, new Date(now));
    plans.set(workspace, { now, stages });
    return stages;
  };
  return {
    name: retentionKind,
    under: 'head-lock',
    async slice(slice) {
      const { workspaceId, job, tx, head } = slice;
      const workspace = await workspaces.getVersion(workspaceId, head.configVersion, tx);
      const begun = job.cursor ? Value.Parse(Run, job.cursor) : newRun(clock(), workspace.version, dialects);
      const stages = await planOnce(tx, workspace, begun.now);
      const run = begun.version === workspace.version ? begun : planAnew(begun, workspace.version, stages);
      return runSlice(followedBy(projections, slice), workspace, run, stages);
    },
  };
}

function newRun(now: number, version: number, dialects: readonly RetentionOwner[]): Run {
  return { now, version, places: {}, counts: noRetention(dialects) };
}

function planAnew({ places, ...run }: Run, version: number, stages: readonly RetentionStage[]): Run {
  const kept = stages.flatMap(({ name, keepsPlace }) => {
    const place = keepsPlace ? places[name] : undefined;
    return place ? [[name, place] as const] : [];
  });
  return { ...run, version, places: Object.fromEntries(kept) };
}

async function runSlice(
  change: LockedSlice & EventChange,
  workspace: Workspace,
  run: Run,
  stages: readonly RetentionStage[],
): Promise<JobStep> {
  const { workspaceId, tx, head } = change;
  const progress = await readProgress(tx, workspaceId);
  const about = { connection: tx, change, lastSeq: head.seq, workspace, now: new Date(run.now), progress };
  const after = await runNext(about, run, stages);
  await writeProgress(tx, workspaceId, progress);
  const done = Object.values(after.counts).reduce((sum, count) => sum + count, 0);
  const isOver = stages.every(({ name }) => after.places[name]?.done);
  if (isOver)
    return { cursor: null, progress: { done, failed: 0, total: done }, result: { ...after.counts } };
  return { cursor: { ...after }, progress: { done, failed: 0, total: null } };
}

/** One slice of the stage that is next; a stage with nothing to do is no slice of its own. */
async function runNext(
  about: Omit<RetentionSlice, 'position'>,
  { places, counts, ...run }: Run,
  stages: readonly RetentionStage[],
): Promise<Run> {
  const moved = { ...places };
  for (const stage of stages) {
    const place = moved[stage.name];
    if (place?.done) continue;
    const {
      total,
      done,
      position = null,
    } = await stage.work({ ...about, position: place?.position ?? null });
    moved[stage.name] = { done, position };
    if (total > 0 || !done) return { ...run, places: moved, counts: countSlice(counts, stage, total) };
  }
  return { ...run, places: moved, counts };
}
