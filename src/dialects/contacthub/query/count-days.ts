import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { instantText } from '../../../store/instants.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Parameter, Queryable } from '../../../store/queryable.ts';
import type { Measure } from '../analytics/measures.ts';

/** Local days, both inclusive, as PostgreSQL writes them. */
export interface Days {
  readonly first: string;
  readonly last: string;
}

const units = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month' } as const;

/** What was counted of some nodes, by the first day of each interval; those without anything are left out. */
export async function readDayCounts(
  connection: Queryable,
  workspaceId: WorkspaceId,
  measure: Measure,
  nodeIds: readonly number[],
  { first, last }: Days,
  mode: keyof typeof units,
): Promise<ReadonlyMap<string, number>> {
  const rows = await connection.query<{ day: string; total: number }>(
    `select date_trunc('${units[mode]}', day::timestamp)::date::text as day, sum(total)::bigint as total from analytics_day
      where workspace_id = $1 and measure = $2 and day >= $3::text::date and day <= $4::text::date
        and node_id = any($5::text::integer[])
      group by 1`,
    [workspaceId, measure, first, last, arrayLiteral(nodeIds)],
  );
  return new Map(rows.map(({ day, total }) => [day, total]));
}

/** Rows by the intervals that lie between bounds, which are looked up in a list of their own: it is read once. */
function countBetween(instants: string): string {
  return `
    select width_bucket(d.at, (select $3::text::timestamptz[])) as place, count(*) as total
      from (${instants}) d group by 1`;
}

const between = (column: string) =>
  `${column} >= $4::text::timestamptz and ${column} < $5::text::timestamptz`;

const deletions = {
  customers: countBetween(
    `select deleted_at as at from profile
      where workspace_id = $1 and node_id = any($2::text::integer[]) and not anonymous and ${between('deleted_at')}`,
  ),
  events: countBetween(
    `select changed_at as at from change
      where workspace_id = $1 and node_id = any($2::text::integer[]) and entity = 'event' and operation = 'delete'
        and ${between('changed_at')}`,
  ),
} as const;

/**
 * How many were deleted between each two of the bounds (ms), which are in order; by place, from 0. By an index of what is deleted. Who was
 * made of several customers counts as many times.
 */
export async function countDeleted(
  connection: Queryable,
  workspaceId: WorkspaceId,
  what: keyof typeof deletions,
  nodeIds: readonly number[],
  bounds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const rows = await connection.query<{ place: number; total: number }>(deletions[what], [
    workspaceId,
    arrayLiteral(nodeIds),
    ...boundParameters(bounds),
  ]);
  return new Map(rows.map(({ place, total }) => [place - 1, total]));
}

/** As `countBetween` has them, from $3 on. */
export function boundParameters(bounds: readonly number[]): [string, string, string] {
  const texts = bounds.map((bound) => instantText(bound));
  return [arrayLiteral(texts), texts[0] ?? 'infinity', texts.at(-1) ?? '-infinity'];
}

export interface CustomerTotals {
  readonly nodeId: number;
  readonly total: number;
  /** Who has an e-mail address, a mobile phone, both. */
  readonly withEmail: number;
  readonly withMobile: number;
  readonly withBoth: number;
}

/** Nodes without customers may be missing. */
export async function readCustomerTotals(
  connection: Queryable,
  workspaceId: WorkspaceId,
  nodeIds: readonly number[],
): Promise<CustomerTotals[]> {
  const parameters: Parameter[] = [workspaceId, arrayLiteral(nodeIds)];
  const rows = await connection.query<{
    node_id: number;
    total: number;
    with_email: number;
    with_mobile: number;
    with_both: number;
  }>(
    `select node_id, total, with_email, with_mobile, with_both from customer_count
      where workspace_id = $1 and node_id = any($2::text::integer[])`,
    parameters,
  );
  return rows.map((row) => ({
    nodeId: row.node_id,
    total: row.total,
    withEmail: row.with_email,
    withMobile: row.with_mobile,
    withBoth: row.with_both,
  }));
}
