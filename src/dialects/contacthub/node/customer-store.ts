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
