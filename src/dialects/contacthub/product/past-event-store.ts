import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { readJson } from '../../../json/read-json.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';

/** What an event that is stored says. */
export interface PastEvent {
  readonly seq: number;
  readonly typeId: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Events of some types between two seqs (the first exclusive), in their order. Goes over all of the workspace's between them. */
export async function listPastEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  typeIds: readonly number[],
  { after, until, limit }: { readonly after: number; readonly until: number; readonly limit: number },
): Promise<PastEvent[]> {
  const rows = await connection.query<{ seq: number; type_id: number; properties: string }>(
    `select seq, type_id, properties::text as properties from event
      where workspace_id = $1 and seq > $3 and seq <= $4 and type_id = any($2::text::integer[])
      order by seq limit $5::bigint`,
    [workspaceId, arrayLiteral(typeIds), after, until, limit],
  );
  return rows.map(({ seq, type_id: typeId, properties }) => ({
    seq,
    typeId,
    properties: readJson(properties) as Record<string, unknown>,
  }));
}

/** Up to which seq the events of types have been taken, of those that updated the registry once. */
export async function readTakenUntil(
  connection: Queryable,
  workspaceId: WorkspaceId,
  types: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await connection.query<{ type: string; taken_until: number }>(
    'select type, taken_until from product_event_type where workspace_id = $1 and type = any($2::text::text[])',
    [workspaceId, arrayLiteral(types)],
  );
  return new Map(rows.map(({ type, taken_until: until }) => [type, until]));
}

export async function storeTakenUntil(
  connection: Queryable,
  workspaceId: WorkspaceId,
  types: readonly string[],
  seq: number,
): Promise<void> {
  await connection.query(
    `insert into product_event_type (workspace_id, type, taken_until)
     select h.workspace_id, t.type, $3::bigint from workspace_head h, unnest($2::text::text[]) as t (type) where h.workspace_id = $1
     on conflict (workspace_id, type) do update set taken_until = excluded.taken_until`,
    [workspaceId, arrayLiteral(types), seq],
  );
}
