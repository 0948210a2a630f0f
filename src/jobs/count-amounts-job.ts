import Type from 'typebox';
import { Value } from 'typebox/value';
import { countNextAmounts } from '../change/count-amounts.ts';
import type { Clock } from '../core/clock.ts';
import { countAmountsKind } from '../core/job/rebuild-request.ts';
import { firstMetricPlace } from '../core/metric/amounts-to-count-store.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import type { Projection } from '../projections/projection.ts';
import type { Database } from '../store/database.ts';
import type { JobKind } from './job-kind.ts';

/** Behind which metric it goes on. */
const Cursor = Type.Object({ eventId: Type.String(), key: Type.String() });

/** Counts the amounts of a workspace in the currency that it has now. What has no rate for its day is not counted until there is one. */
export function countAmountsJob(services: {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
  readonly projections: readonly Projection[];
  readonly clock: Clock;
}): JobKind {
  return {
    name: countAmountsKind,
    under: 'claim',
    async slice({ workspaceId, job }) {
      const after = job.cursor ? Value.Parse(Cursor, job.cursor) : firstMetricPlace;
      const now = new Date(services.clock());
      const { counted, left, next } = await countNextAmounts(services, workspaceId, after, now);
      const done = job.progress.done + counted;
      const failed = job.progress.failed + left;
      if (next) return { cursor: { ...next }, progress: { done, failed, total: null } };
      return {
        cursor: null,
        progress: { done, failed, total: done + failed },
        result: { counted: done, withoutRate: failed },
      };
    },
  };
}
