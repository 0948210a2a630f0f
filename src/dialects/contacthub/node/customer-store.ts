import type { Attributes } from '../../../core/profile/attributes.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { onlyRow, type Queryable } from '../../../store/queryable.ts';

export interface KeyedCustomer {
  readonly id: string;
  readonly attributes: Attributes;
}

/** The known profiles of a node in the order of their ids, from behind `after`. */
export function listCustomersOfNode(
  connection: Queryable,
  workspaceId: WorkspaceId,
  nodeId: number,
  after: string | null,
  limit: number,
): Promise<KeyedCustomer[]> {
  return connection.query<{ id: string; attributes: Attributes }>(
    `select id, attributes from profile
      where workspace_id = $1 and node_id = $2 and not anonymous and deleted_at is null and ($3::text is null or id > $3::text::uuid)
      order by id limit $4`,
    [workspaceId, nodeId, after, limit],
  );
}

export async function countCustomersOfNode(
  connection: Queryable,
  workspaceId: WorkspaceId,
  nodeId: number,
): Promise<number> {
  const rows = await connection.query<{ total: number }>(
    'select count(*) as total from profile where workspace_id = $1 and node_id = $2 and not anonymous and deleted_at is null',
    [workspaceId, nodeId],
  );
  return onlyRow(rows).total;
}

/** Rows that one look goes over; most of a workspace's profiles may be in other nodes. */
const profilesPerLook = 2000;

/** Records of a node, some of them. */
export interface RecordsOfNode {
  readonly recordIds: readonly string[];
  /** Behind which the next are looked for; undefined: no profile was there to be looked at. */
  readonly last: string | undefined;
  readonly isEnd: boolean;
}

/** The records of a node, anonymous ones too, that were made by a seq, in the order of their ids, from behind `after`. */
export async function listRecordsOfNode(
  connection: Queryable,
  workspaceId: WorkspaceId,
  nodeId: number,
  {
    after,
    untilSeq,
    limit,
  }: { readonly after: string | null; readonly untilSeq: number; readonly limit: number },
): Promise<RecordsOfNode> {
  const rows = await connection.query<{ id: string; wanted: boolean }>(
    `select id, node_id = $2 and record_id = id and deleted_at is null and created_seq <= $4 as wanted from profile
      where workspace_id = $1 and ($3::text is null or id > $3::text::uuid) order by id limit $5`,
    [workspaceId, nodeId, after, untilSeq, profilesPerLook],
  );
  const wanted = rows.filter((row) => row.wanted).map(({ id }) => id);
  const recordIds = wanted.slice(0, limit);
  const isWhole = recordIds.length === wanted.length;
  return {
    recordIds,
    last: isWhole ? rows.at(-1)?.id : recordIds.at(-1),
    isEnd: isWhole && rows.length < profilesPerLook,
  };
}

/** Whether nobody is in a node: no customer, and no session. */
export async function isNodeEmpty(
  connection: Queryable,
  workspaceId: WorkspaceId,
  nodeId: number,
): Promise<boolean> {
  const rows = await connection.query<{ is_empty: boolean }>(
    `select not exists (select from profile where workspace_id = $1 and node_id = $2 and deleted_at is null) as is_empty`,
    [workspaceId, nodeId],
  );
  return onlyRow(rows).is_empty;
}
