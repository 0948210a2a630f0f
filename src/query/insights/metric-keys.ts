import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';

export interface MetricKey {
  readonly key: string;
  readonly kind: 'state' | 'statistic';
  /** Whether its newest values are amounts of money. */
  readonly isAmount: boolean;
}

/** Of how many values it is looked at what they are of: nearly all of a key are of the same. */
const lookedAt = 200;

/** `m`: of a key, which `key` is. */
const newest = (key: string) => `select min(v.kind) as kind, bool_or(v.currency is not null) as is_amount
   from (select m.kind, m.currency from metric m where m.workspace_id = $1 and m.key = ${key}
          order by m.occurred_at desc limit ${lookedAt}) v`;

/** The keys that any event has a value of, from one to the next by the index: their number counts, not that of the values. */
export async function listMetrics(
  connection: Queryable,
  workspaceId: WorkspaceId,
  limit: number,
): Promise<MetricKey[]> {
  const rows = await connection.query<{ key: string; kind: MetricKey['kind']; is_amount: boolean }>(
    `with recursive known as (
       (select key, 1 as place from metric where workspace_id = $1 order by key limit 1)
       union all
       select (select m.key from metric m where m.workspace_id = $1 and m.key > known.key order by m.key limit 1), known.place + 1
         from known where known.key is not null and known.place < $2::integer)
     select k.key, n.kind, n.is_amount from known k cross join lateral (${newest('k.key')}) n
      where k.key is not null order by k.key`,
    [workspaceId, limit],
  );
  return rows.map(({ key, kind, is_amount }) => ({ key, kind, isAmount: is_amount }));
}

/** Whether the values of a metric are amounts of money; false where there are none. */
export async function isAmount(
  connection: Queryable,
  workspaceId: WorkspaceId,
  key: string,
): Promise<boolean> {
  const [row] = await connection.query<{ is_amount: boolean | null }>(newest('$2::text'), [workspaceId, key]);
  return row?.is_amount ?? false;
}
