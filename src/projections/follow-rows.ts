import type { Workspace } from '../core/workspace/workspace.ts';
import type { Queryable } from '../store/queryable.ts';
import type { Projection, WrittenRows } from './projection.ts';

/** Sends what the projections make of rows that were written; answers the statements. */
export function followRows(
  projections: readonly Projection[],
  tx: Queryable,
  workspace: Workspace,
  rows: WrittenRows,
): readonly Promise<unknown>[] {
  return projections.flatMap((projection) => projection.followRows?.(tx, workspace, rows) ?? []);
}
