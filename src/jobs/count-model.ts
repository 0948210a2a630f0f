import { Value } from 'typebox/value';
import type { AdPlatform } from '../core/attribution/ad-platform.ts';
import { ModelQuestion, type ModelResult, modelKind } from '../core/attribution/whole-model.ts';
import type { Clock } from '../core/clock.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import { readLastSeq } from '../core/workspace/workspace-store.ts';
import { beginWalk, ModelTooLargeError, type ModelWalk } from '../query/attribution/walk-model.ts';
import type { Database } from '../store/database.ts';
import { type JobKind, SliceFailure } from './job-kind.ts';

const pagesPerSlice = 20;

/**
 * Counts a data-driven model over all conversions of a span. What was gone through is held in memory, and not with the job: where another
 * process goes on it begins anew.
 */
export function countModelJob(services: {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
  readonly adPlatforms: readonly AdPlatform[];
  readonly clock: Clock;
}): JobKind {
  const { database, workspaces, adPlatforms } = services;
  const underWay = new Map<string, ModelWalk>();
  return {
    name: modelKind,
    under: 'claim',
    async slice({ workspaceId, job, stopping }) {
      const place = `${job.id} ${job.revision}`;
      const known = job.cursor ? underWay.get(place) : undefined;
      underWay.delete(place);
      const question = Value.Parse(ModelQuestion, job.input);
      const walk =
        known ??
        beginWalk(await workspaces.reload(workspaceId), question, await readLastSeq(database, workspaceId));
      try {
        let isDone = false;
        for (let page = 0; page < pagesPerSlice && !isDone && !stopping.aborted; page++)
          isDone = await walk.step(database, adPlatforms);
        const progress = { done: walk.done, failed: 0, total: null };
        if (!isDone) {
          underWay.set(place, walk);
          return { cursor: { done: walk.done }, progress };
        }
        const result: ModelResult = await walk.result();
        return { cursor: null, progress: { ...progress, total: walk.done }, result: { ...result } };
      } catch (error) {
        if (error instanceof ModelTooLargeError) throw new SliceFailure(error.message, null);
        throw error;
      }
    },
  };
}
