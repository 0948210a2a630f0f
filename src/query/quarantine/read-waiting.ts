import { lowestId } from '../../core/id.ts';
import type { QuarantineScope } from '../../core/quarantine/quarantine.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { onlyRow, type Queryable } from '../../store/queryable.ts';
import { scopeCondition } from './scope-condition.ts';

/** A bad event that waits, by its place in the order of their coming. */
export interface WaitingPlace {
  readonly at: Date;
  readonly id: string;
}

/** How many bad events of a scope wait that came by `until`. */
export async function countWaiting(
  connection: Queryable,
  workspaceId: WorkspaceId,
  scope: QuarantineScope,
  until: Date,
): Promise<number> {
  const { condition, parameters } = scopeCondition(scope, [workspaceId, until]);
  const rows = await connection.query<{ total: number }>(
    `select count(*) as total from quarantine
      where workspace_id = $1 and replayed_at is null and processed_at <= $2${condition}`,
    parameters,
  );
  return onlyRow(rows).total;
}

/** Those of them that come next behind a place, oldest first, as many as fit into so many bytes, but one at least. */
export async function readNextWaiting(
  connection: Queryable,
  workspaceId: WorkspaceId,
  scope: QuarantineScope,
  { after, until }: { readonly after: WaitingPlace | null; readonly until: Date },
  most: { readonly rows: number; readonly bytes: number },
): Promise<WaitingPlace[]> {
  const place = [after?.at ?? new Date(0), after?.id ?? lowestId];
  const { condition, parameters } = scopeCondition(scope, [workspaceId, until, ...place, most.rows]);
  const rows = await connection.query<{ id: string; processed_at: Date; bytes: number }>(
    `select id, processed_at, octet_length(raw) as bytes from quarantine
      where workspace_id = $1 and replayed_at is null and processed_at <= $2 and (processed_at, id) > ($3::timestamptz, $4::uuid)${condition}
      order by processed_at, id limit $5`,
    parameters,
  );
  let bytes = 0;
  const fitting = rows.filter((row, index) => {
    bytes += row.bytes;
    return index === 0 || bytes <= most.bytes;
  });
  return fitting.map(({ id, processed_at: at }) => ({ at, id }));
}
