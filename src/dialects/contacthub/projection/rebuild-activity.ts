import Type from 'typebox';
import { Value } from 'typebox/value';
import { underHeadLock } from '../../../core/workspace/under-head-lock.ts';
import { nodeIdsOf, type Workspace } from '../../../core/workspace/workspace.ts';
import type { RebuildPart, RebuildStep } from '../../../projections/projection.ts';
import {
  dayOf,
  dayParameters,
  type RollupSlice,
  sliceFrom,
  sliceParameters,
} from '../../../projections/rollups/derive-rollups.ts';
import type { Database } from '../../../store/database.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { measures } from '../analytics/measures.ts';
import { mendDays } from './analytics-day-store.ts';
import { viewType } from './count-activity.ts';
import { readCustomerDifferences } from './count-customers.ts';
import { countVisits, deriveVisits, readReceiptDifferences } from './derive-activity.ts';

/** The slice of page views that is next, by where it begins (ms; null: before all), of days of that zone. */
const Place = Type.Union([
  Type.Object({ timezone: Type.String(), from: Type.Union([Type.Integer(), Type.Null()]) }),
  Type.Null(),
]);

/**
 * First adds to the counts by receipt, and of customers, what they are off by, then makes visits anew, slice by slice as rollups are. In another zone than
 * it began with it begins anew.
 */
export async function rebuildActivity({
  database,
  workspaces,
  workspaceId,
  place,
}: RebuildPart): Promise<RebuildStep> {
  const workspace = await workspaces.reload(workspaceId);
  const { timezone } = workspace;
  const stored = Value.Parse(Place, place);
  if (stored?.timezone !== timezone) {
    const counted = await mendCounts(database, workspace);
    return counted === undefined ? { counted: 0, next: null } : { counted, next: { timezone, from: null } };
  }
  const typeId = workspace.eventTypes.byName('contacthub', viewType)?.id;
  if (typeId === undefined) {
    await underHeadLock(database, workspaceId, (tx) => deleteVisits(tx, workspace, '-infinity', 'infinity'));
    return { counted: 0, next: 'done' };
  }
  const from = stored.from ?? Number.NEGATIVE_INFINITY;
  const slice = await sliceFrom(database, workspaceId, timezone, { kind: 'events', typeId }, from);
  await underHeadLock(database, workspaceId, (tx) => rebuildVisits(tx, workspace, slice));
  const isLast = slice.until === Number.POSITIVE_INFINITY;
  return { counted: 1, next: isLast ? 'done' : { timezone, from: slice.until } };
}

/** How many counts were off; undefined where they are to be looked at again. Customers' days depend on the time zone, too. */
async function mendCounts(database: Database, workspace: Workspace): Promise<number | undefined> {
  let counted = 0;
  for (const read of [readReceiptDifferences, readCustomerDifferences]) {
    const found = await read(database, workspace);
    const mended = await underHeadLock(database, workspace.id, (tx) => mendDays(tx, workspace.id, found));
    if (!mended) return undefined;
    counted += found.deltas.length;
  }
  return counted;
}

async function rebuildVisits(tx: Queryable, workspace: Workspace, slice: RollupSlice): Promise<void> {
  const { id, timezone } = workspace;
  const days = [dayOf(slice.from, timezone), dayOf(slice.until, timezone)] as const;
  await deleteVisits(tx, workspace, ...days);
  const bounds = sliceParameters(id, slice);
  const nodeIds = arrayLiteral(nodeIdsOf(workspace, 'contacthub'));
  await tx.query(`insert into visit (workspace_id, day, profile_id, node_id, views) ${deriveVisits}`, [
    ...bounds,
    ...(await dayParameters(tx, id, slice, timezone)),
    nodeIds,
  ]);
  await tx.query(
    `insert into analytics_day (workspace_id, measure, day, node_id, total)
     ${countVisits('and v.day >= $2::text::date and v.day < $3::text::date')}`,
    [id, ...days],
  );
}

async function deleteVisits(tx: Queryable, { id }: Workspace, from: string, until: string): Promise<void> {
  const inDays = 'day >= $2::text::date and day < $3::text::date';
  await tx.query(`delete from visit where workspace_id = $1 and ${inDays}`, [id, from, until]);
  await tx.query(
    `delete from analytics_day where workspace_id = $1 and measure in (${measures.visits}, ${measures.bounces}) and ${inDays}`,
    [id, from, until],
  );
}
