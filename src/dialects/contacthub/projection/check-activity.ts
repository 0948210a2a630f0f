import { nodeIdsOf, type Workspace } from '../../../core/workspace/workspace.ts';
import { type Check, lookTwice, toCheck } from '../../../projections/check.ts';
import {
  boundText,
  dayOf,
  dayParameters,
  type RollupSlice,
  sliceParameters,
  slicesOf,
} from '../../../projections/rollups/derive-rollups.ts';
import type { Database } from '../../../store/database.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import { onlyRow, type Queryable } from '../../../store/queryable.ts';
import { measures } from '../analytics/measures.ts';
import { viewType } from './count-activity.ts';
import { countVisits, deriveVisits, readReceiptDifferences } from './derive-activity.ts';

/** Counts of events by receipt, and visits, are what the events give; and there are as many visits a day as is counted. */
export async function checkActivity(database: Database, workspace: Workspace): Promise<Check> {
  const problems: string[] = [];
  const off = (await readReceiptDifferences(database, workspace)).deltas.length;
  if (off > 0) problems.push(`${off} days count other events than came in or were changed`);
  const typeId = workspace.eventTypes.byName('contacthub', viewType)?.id;
  let slices = 0;
  if (typeId !== undefined) {
    const rows = { kind: 'events', typeId } as const;
    for await (const slice of slicesOf(database, workspace.id, workspace.timezone, rows)) {
      slices++;
      const look = (connection: Queryable) => countWrongVisits(connection, workspace, slice);
      const wrong = await lookTwice(database, workspace.id, look, (found) => found > 0);
      if (wrong > 0) problems.push(`${wrong} visits from ${boundText(slice.from)} differ`);
    }
  }
  const look = (connection: Queryable) => countWrongDays(connection, workspace, typeId === undefined);
  const wrong = await lookTwice(database, workspace.id, look, (found) => found > 0);
  if (wrong > 0) problems.push(`${wrong} days count other visits than there are`);
  return toCheck(
    'activity-equal',
    problems,
    `events by receipt and visits equal the events in ${slices} slices`,
  );
}

async function countWrongVisits(
  connection: Queryable,
  workspace: Workspace,
  slice: RollupSlice,
): Promise<number> {
  const { id, timezone } = workspace;
  const days = `day >= '${dayOf(slice.from, timezone)}'::date and day < '${dayOf(slice.until, timezone)}'::date`;
  const rows = await connection.query<{ wrong: number }>(
    `select count(*) as wrong
       from (${deriveVisits}) d
       full join (select day, profile_id, node_id, views from visit where workspace_id = $1 and ${days} and views <> 0) s
            using (day, profile_id, node_id)
      where d.views is distinct from s.views`,
    [
      ...sliceParameters(id, slice),
      ...(await dayParameters(connection, id, slice, timezone)),
      arrayLiteral(nodeIdsOf(workspace, 'contacthub')),
    ],
  );
  return onlyRow(rows).wrong;
}

/** Without a type of page views there are none. */
async function countWrongDays(connection: Queryable, { id }: Workspace, areNone: boolean): Promise<number> {
  const rows = await connection.query<{ wrong: number }>(
    `select count(*) as wrong
       from (${countVisits(areNone ? 'and false' : '')}) d
       full join (select measure, day, node_id, total from analytics_day
                   where workspace_id = $1 and measure in (${measures.visits}, ${measures.bounces}) and total <> 0) s
            using (measure, day, node_id)
      where d.total is distinct from s.total`,
    [id],
  );
  return onlyRow(rows).wrong;
}
