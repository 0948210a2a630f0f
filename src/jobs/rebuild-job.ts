import Type from 'typebox';
import { Value } from 'typebox/value';
import type { Job, JobStep } from '../core/job/job.ts';
import { localDays, rebuildKind, wholeWorkspace } from '../core/job/rebuild-request.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import type { Projection } from '../projections/projection.ts';
import type { Database } from '../store/database.ts';
import type { JobKind, Slice } from './job-kind.ts';

export interface RebuildServices {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
  readonly projections: readonly Projection[];
}

/** Which projection is next, where in it, and what each has counted. */
const RebuildCursor = Type.Object({
  projection: Type.String(),
  place: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]),
  counts: Type.Record(Type.String(), Type.Integer()),
});

/**
 * Makes all that is derived in a workspace, or the projection that is the job's subject, anew from what is stored, one projection after
 * the other, beside the events that come in. The lock is held for a part at a time: 2,000 profiles with all they are linked to, or
 * 50,000 events of a type but no less than a whole day of them.
 */
export function rebuildJob(services: RebuildServices): JobKind {
  return { name: rebuildKind, under: 'claim', slice: (slice) => rebuildNext(services, slice) };
}

async function rebuildNext(
  { projections, ...services }: RebuildServices,
  { workspaceId, job, stopping }: Slice,
): Promise<JobStep> {
  const wanted = projections.filter((one) => isWanted(one, job.subject));
  const { projection, place, counts } = cursorOf(job, wanted);
  const step = await projection.rebuild({ ...services, workspaceId, place, stopping });
  const counted = { ...counts, [projection.counts]: (counts[projection.counts] ?? 0) + step.counted };
  const done = job.progress.done + 1;
  const next =
    step.next === 'done'
      ? { projection: wanted[wanted.indexOf(projection) + 1], place: null }
      : { projection, place: step.next };
  if (!next.projection) return { cursor: null, progress: { done, failed: 0, total: done }, result: counted };
  const cursor = { projection: next.projection.counts, place: next.place, counts: counted };
  return { cursor, progress: { done, failed: 0, total: null } };
}

function isWanted({ counts, isOfLocalDays = false }: Projection, subject: string): boolean {
  return subject === wholeWorkspace || subject === counts || (subject === localDays && isOfLocalDays);
}

/** Begins anew where another version of the program knows the projection no more. @throws where the subject is none */
function cursorOf({ cursor, subject }: Job, wanted: readonly Projection[]) {
  const known = cursor && Value.Parse(RebuildCursor, cursor);
  const projection = known && wanted.find(({ counts }) => counts === known.projection);
  if (projection) return { ...known, projection };
  const [first] = wanted;
  if (!first) throw new Error(`there is no projection of ${subject}`);
  return { projection: first, place: null, counts: {} };
}
