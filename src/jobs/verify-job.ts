import Type from 'typebox';
import { Value } from 'typebox/value';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import type { Projection } from '../projections/projection.ts';
import { checksOf } from '../query/verify/verify-workspace.ts';
import type { Database } from '../store/database.ts';
import type { JobKind } from './job-kind.ts';

export const verifyKind = 'verify';

/** What was compared by now. */
const Cursor = Type.Object({
  checks: Type.Array(Type.Object({ name: Type.String(), ok: Type.Boolean(), detail: Type.String() })),
});

/** Compares what is counted and derived in a workspace with what is stored, a check a slice. It fails none: its result says what holds. */
export function verifyJob(services: {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
  readonly projections: readonly Projection[];
}): JobKind {
  const all = checksOf(services.projections);
  return {
    name: verifyKind,
    under: 'claim',
    async slice({ workspaceId, job }) {
      const { checks } = job.cursor ? Value.Parse(Cursor, job.cursor) : { checks: [] };
      const next = all[checks.length];
      if (next) checks.push(await next(services.database, await services.workspaces.get(workspaceId)));
      const progress = {
        done: checks.length,
        failed: checks.filter(({ ok }) => !ok).length,
        total: all.length,
      };
      if (checks.length < all.length) return { cursor: { checks }, progress };
      return { cursor: null, progress, result: { ok: progress.failed === 0, checks } };
    },
  };
}
