import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import {
  type Erasure,
  type ErasureCounts,
  type ErasureSlice,
  type ErasureStage,
  erasureKind,
} from '../../core/erasure/erasure.ts';
import type { ErasureKey, ErasureKeyFile } from '../../core/erasure/erasure-key.ts';
import { finishErasure, readErasure, readTombstonesOf } from '../../core/erasure/erasure-store.ts';
import type { JobStep } from '../../core/job/job.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../core/workspace/workspace-cache.ts';
import type { ErasureRules } from '../../ingest/erased.ts';
import type { JobKind, LockedSlice } from '../job-kind.ts';
import { engineStages } from './engine-stages.ts';

export interface ErasureJobServices {
  readonly workspaces: WorkspaceCache;
  readonly keyFile: ErasureKeyFile;
  readonly rules: ErasureRules;
}

/** Which stage is next, and where the slice before has left it. */
const Place = Type.Object({
  stage: Type.Integer(),
  position: Type.Union([Type.String(), Type.Null()]),
  counts: Type.Record(Type.String(), Type.Integer()),
});
type Place = Static<typeof Place>;

/** All that is emptied slice by slice, what dialects alone keep first: it is derived from the events. */
export function stagesOf(rules: ErasureRules): readonly ErasureStage[] {
  return [...[...rules.values()].flatMap(({ stages = [] }) => stages), ...engineStages(rules)];
}

/** Empties what is kept of a person who was forgotten (`forgetPerson`), and signs the receipt at its end. */
export function erasureJob({ workspaces, keyFile, rules }: ErasureJobServices): JobKind {
  const stages = stagesOf(rules);
  return {
    name: erasureKind,
    under: 'head-lock',
    async slice(slice) {
      const { workspaceId, tx, head, job } = slice;
      const erasure = await readErasure(tx, workspaceId, job.subject);
      if (!erasure) throw new Error(`there is no erasure ${job.subject}`);
      const workspace = await workspaces.getVersion(workspaceId, head.configVersion, tx);
      const key = await keyFile.open(erasure.keyId);
      const place = job.cursor ? Value.Parse(Place, job.cursor) : { stage: 0, position: null, counts: {} };
      const after = await runNext(slice, { workspace, erasure, key, stages }, place);
      return after.stage < stages.length
        ? stepTo(after)
        : finish(slice, workspace, erasure, key, after.counts);
    },
  };
}

interface Erasing {
  readonly workspace: Workspace;
  readonly erasure: Erasure;
  readonly key: ErasureKey;
  readonly stages: readonly ErasureStage[];
}

async function runNext(slice: LockedSlice, erasing: Erasing, place: Place): Promise<Place> {
  const { workspace, erasure, key, stages } = erasing;
  const stage = stages[place.stage];
  if (!stage) return place;
  const tombstones = await readTombstonesOf(slice.tx, workspace.id, erasure.id);
  const { total, done, position } = await stage.work({
    connection: slice.tx,
    change: slice,
    workspace,
    profileIds: erasure.profileIds,
    isOfPerson: isAmong(tombstones, workspace, key),
    position: place.position,
  });
  const counts = { ...place.counts, [stage.counts]: (place.counts[stage.counts] ?? 0) + total };
  if (done) return { stage: place.stage + 1, position: null, counts };
  return { stage: place.stage, position: position ?? null, counts };
}

/** Whether a candidate's hash is one of these. */
export function isAmong(
  hashes: ReadonlySet<string>,
  workspace: Workspace,
  key: ErasureKey,
): ErasureSlice['isOfPerson'] {
  return (candidate) => hashes.has(key.hash(workspace, candidate));
}

function stepTo(place: Place): JobStep {
  return { cursor: { ...place }, progress: { done: sumOf(place.counts), failed: 0, total: null } };
}

async function finish(
  { tx, workspaceId, now }: LockedSlice,
  workspace: Workspace,
  erasure: Erasure,
  key: ErasureKey,
  counts: ErasureCounts,
): Promise<JobStep> {
  const all = { ...erasure.counts, ...counts };
  const receipt = JSON.stringify({
    erasure: erasure.id,
    workspace: workspace.publicId,
    requestedAt: erasure.requestedAt.toISOString(),
    finishedAt: now.toISOString(),
    counts: all,
    keyId: key.id,
  });
  await finishErasure(tx, workspaceId, erasure.id, { at: now, receipt, signature: key.sign(receipt) });
  const done = sumOf(counts);
  return { cursor: null, progress: { done, failed: 0, total: done }, result: all };
}

function sumOf(counts: ErasureCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
