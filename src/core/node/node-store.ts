import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { Node } from './node.ts';

export async function insertNode(
  connection: Queryable,
  workspaceId: WorkspaceId,
  node: Omit<Node, 'archivedAt'>,
): Promise<void> {
  await connection.query(
    `insert into node (workspace_id, id, public_id, dialect, kind, name, is_default, settings, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9)`,
    [
      workspaceId,
      node.id,
      node.publicId,
      node.dialect,
      node.kind,
      node.name,
      node.isDefault,
      JSON.stringify(node.settings),
      node.createdAt,
    ],
  );
}

/** Under a change of the configuration. */
export async function updateNode(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { id, name, settings }: Pick<Node, 'id' | 'name' | 'settings'>,
): Promise<void> {
  await connection.query(
    'update node set name = $3, settings = $4::text::jsonb where workspace_id = $1 and id = $2',
    [workspaceId, id, name, JSON.stringify(settings)],
  );
}

/** Of a node that holds nothing any more; under a change of the configuration. */
export async function archiveNode(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: number,
  now: Date,
): Promise<void> {
  await connection.query('update node set archived_at = $3 where workspace_id = $1 and id = $2', [
    workspaceId,
    id,
    now,
  ]);
}

/** Of an aggregate that nothing is left of; under a change of the configuration. */
export async function deleteNode(connection: Queryable, workspaceId: WorkspaceId, id: number): Promise<void> {
  await connection.query('delete from node where workspace_id = $1 and id = $2', [workspaceId, id]);
}
