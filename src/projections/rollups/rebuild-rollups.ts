import Type from 'typebox';
import { Value } from 'typebox/value';
import { eventCount } from '../../core/metric/metric.ts';
import { underHeadLock } from '../../core/workspace/under-head-lock.ts';
import type { Workspace, WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Database } from '../../store/database.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Transaction } from '../../store/transaction.ts';
import type { RebuildPart, RebuildStep } from '../projection.ts';
import {
  dayOf,
  dayParameters,
  deriveDays,
  deriveMetricOrigins,
  deriveOrigins,
  deriveQuarterHours,
  listMetricKeys,
  metricTables,
  nextRollupRows,
  type RollupSlice,
  sliceFrom,
  sliceParameters,
} from './derive-rollups.ts';

/** The slice that is next, of days of that zone; without rows: all are done, and what no slice has met is left. */
const Place = Type.Union([
  Type.Object({
    timezone: Type.String(),
    rows: Type.Union([
      Type.Object({ kind: Type.Literal('events'), typeId: Type.Integer() }),
      Type.Object({ kind: Type.Literal('metrics'), key: Type.String() }),
      Type.Null(),
    ]),
    /** Milliseconds since the epoch; null: before all. */
    from: Type.Union([Type.Integer(), Type.Null()]),
  }),
  Type.Null(),
]);

/**
 * Makes the next slice of a workspace's rollups anew from its events and metrics, in a transaction under the head lock: events come in
 * between two slices and are counted where they belong. Counts the slices. While it runs after a change of the time zone, some days
 * are still the old zone's; one that finds another zone than it began with begins anew, so that the last one wins.
 */
export async function rebuildRollups({
  database,
  workspaces,
  workspaceId,
  place,
}: RebuildPart): Promise<RebuildStep> {
  const workspace = await workspaces.get(workspaceId);
  const { timezone } = workspace;
  const stored = Value.Parse(Place, place);
  const known = stored?.timezone === timezone ? stored : null;
  const rows = known ? known.rows : await nextRollupRows(database, workspaceId, null);
  if (!rows) {
    await underHeadLock(database, workspaceId, (tx) => deleteStrays(tx, workspaceId));
    return { counted: 0, next: 'done' };
  }
  const slice = await sliceFrom(
    database,
    workspaceId,
    timezone,
    rows,
    known?.from ?? Number.NEGATIVE_INFINITY,
  );
  if (!(await rebuildSlice(database, workspace, slice))) {
    await workspaces.reload(workspaceId);
    return { counted: 0, next: null };
  }
  if (slice.until < Number.POSITIVE_INFINITY)
    return { counted: 1, next: { timezone, rows, from: slice.until } };
  const following = (await nextRollupRows(database, workspaceId, rows)) ?? null;
  return { counted: 1, next: { timezone, rows: following, from: null } };
}

/** False when the workspace's zone is another by now. */
async function rebuildSlice(database: Database, workspace: Workspace, slice: RollupSlice): Promise<boolean> {
  return underHeadLock(database, workspace.id, async (tx) => {
    const [current] = await tx.query<{ timezone: string }>('select timezone from workspace where id = $1', [
      workspace.id,
    ]);
    if (current?.timezone !== workspace.timezone) return false;
    await deleteSlice(tx, workspace, slice);
    const bounds = sliceParameters(workspace.id, slice);
    const days = [...bounds, ...(await dayParameters(tx, workspace.id, slice, workspace.timezone))];
    const { kind } = slice.rows;
    await tx.query(
      `insert into rollup_quarter_hour (workspace_id, bucket, type_id, metric, total, sum) ${deriveQuarterHours(kind)}`,
      bounds,
    );
    await tx.query(
      `insert into rollup_day (workspace_id, day, type_id, metric, total, sum) ${deriveDays(kind)}`,
      days,
    );
    if (kind === 'events') {
      await tx.query(
        `insert into rollup_day_origin (workspace_id, day, type_id, node_id, context, source_id, total) ${deriveOrigins()}`,
        days,
      );
    } else {
      await tx.query(
        `insert into rollup_day_metric_origin (workspace_id, day, type_id, metric, node_id, context, total, sum)
         ${deriveMetricOrigins()}`,
        days,
      );
    }
    return true;
  });
}

async function deleteSlice(tx: Transaction, workspace: Workspace, slice: RollupSlice): Promise<void> {
  const { rows } = slice;
  const which = rows.kind === 'events' ? `type_id = $2 and metric = '${eventCount}'` : 'metric = $2';
  const parameters = sliceParameters(workspace.id, slice);
  const [workspaceId, value] = parameters as [WorkspaceId, string | number];
  const days = [
    workspaceId,
    value,
    dayOf(slice.from, workspace.timezone),
    dayOf(slice.until, workspace.timezone),
  ];
  await tx.query(
    `delete from rollup_quarter_hour where workspace_id = $1 and ${which} and bucket >= $3::text::timestamptz
        and bucket < $4::text::timestamptz`,
    parameters,
  );
  const inDays = 'day >= $3::text::date and day < $4::text::date';
  await tx.query(`delete from rollup_day where workspace_id = $1 and ${which} and ${inDays}`, days);
  const [origins, wanted] =
    rows.kind === 'events' ? ['rollup_day_origin', 'type_id'] : ['rollup_day_metric_origin', 'metric'];
  await tx.query(`delete from ${origins} where workspace_id = $1 and ${wanted} = $2 and ${inDays}`, days);
}

/** Counts of metrics and types that nothing is left of, which no slice has met. */
async function deleteStrays(tx: Transaction, workspaceId: WorkspaceId): Promise<void> {
  const keys = arrayLiteral([eventCount, ...(await listMetricKeys(tx, workspaceId))]);
  for (const table of metricTables) {
    await tx.query(
      `delete from ${table} r
        where r.workspace_id = $1 and (r.metric <> all ($2::text::text[])
           or not exists (select from event_type t where t.workspace_id = $1 and t.id = r.type_id))`,
      [workspaceId, keys],
    );
  }
}
