import { listBelonging } from '../../../core/workspace/binding-store.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { provision } from '../provision.ts';

const { setting } = provision.names.client.belongsTo;

/** The clients of a workspace that belong to this partner, by id. */
export function listClientIds(
  connection: Queryable,
  workspaceId: WorkspaceId,
  partnerId: string,
): Promise<string[]> {
  return listBelonging(
    connection,
    workspaceId,
    { dialect: provision.dialect, kind: 'client', setting },
    partnerId,
  );
}
