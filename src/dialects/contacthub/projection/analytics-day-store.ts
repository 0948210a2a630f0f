import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { type Measure, measures } from '../analytics/measures.ts';
import { zoneOf } from './local-day.ts';

/** What is to be added to the count of a day. */
export interface DayDelta {
  readonly measure: Measure;
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly nodeId: number;
  readonly total: number;
}

export async function addToDays(
  connection: Queryable,
  workspaceId: WorkspaceId,
  deltas: readonly DayDelta[],
): Promise<void> {
  await connection.query(
    `insert into analytics_day (workspace_id, measure, day, node_id, total)
     select h.workspace_id, d.* from workspace_head h,
            unnest($2::text::smallint[], $3::text::date[], $4::text::integer[], $5::text::bigint[]) as d
      where h.workspace_id = $1
     on conflict (workspace_id, measure, day, node_id) do update set total = analytics_day.total + excluded.total`,
    [
      workspaceId,
      arrayLiteral(deltas.map(({ measure }) => measure)),
      arrayLiteral(deltas.map(({ day }) => day)),
      arrayLiteral(deltas.map(({ nodeId }) => nodeId)),
      arrayLiteral(deltas.map(({ total }) => total)),
    ],
  );
}

/** What `derived` has as $1 to $4. */
export type DayParameters = readonly [
  workspaceId: WorkspaceId,
  nodeIds: string,
  starts: string,
  shifts: string,
];

/** By how much counts were off at one moment, when they had been mended so many times. */
export interface DayDifferences {
  readonly deltas: readonly DayDelta[];
  readonly repairs: number;
}

const noDay = '2000-01-01';
const noNode = 0;
const repairs = `select total from analytics_day where workspace_id = $1 and measure = ${measures.repairs}`;

/**
 * By how much the counts of some measures are off, in one statement, which sees rows and counts of one moment: once that is added to
 * them (`mendDays`) they are right, whatever was counted meanwhile.
 * @param derived SQL with the columns measure, day, node_id, total, that may use `zone`
 */
export async function readDayDifferences(
  connection: Queryable,
  counted: readonly Measure[],
  derived: string,
  parameters: DayParameters,
): Promise<DayDifferences> {
  const rows = await connection.query<{
    measure: Measure;
    day: string;
    node_id: number;
    difference: number;
    repairs: number;
  }>(
    `with zone as materialized (${zoneOf(3)}), derived as (${derived})
     select measure, day::text as day, node_id, coalesce(d.total, 0) - coalesce(s.total, 0) as difference,
            coalesce((${repairs}), 0) as repairs
       from derived d
       full join (select measure, day, node_id, total from analytics_day
                   where workspace_id = $1 and measure = any($5::text::smallint[])) s using (measure, day, node_id)
      where coalesce(d.total, 0) <> coalesce(s.total, 0)`,
    [...parameters, arrayLiteral(counted)],
  );
  const deltas = rows.map(({ measure, day, node_id: nodeId, difference: total }) => ({
    measure,
    day,
    nodeId,
    total,
  }));
  return { deltas, repairs: rows[0]?.repairs ?? 0 };
}

/** Adds what counts were off by, under the head lock. False: another has mended them since; they are to be looked at again. */
export async function mendDays(
  tx: Queryable,
  workspaceId: WorkspaceId,
  found: DayDifferences,
): Promise<boolean> {
  if (found.deltas.length === 0) return true;
  const [known] = await tx.query<{ total: number }>(repairs, [workspaceId]);
  if ((known?.total ?? 0) !== found.repairs) return false;
  const repair = { measure: measures.repairs, day: noDay, nodeId: noNode, total: 1 };
  await addToDays(tx, workspaceId, [...found.deltas, repair]);
  return true;
}
