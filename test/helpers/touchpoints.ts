import {
  type Touchpoint,
  type TouchpointRow,
  touchpointColumns,
  touchpointFromRow,
} from '../../src/core/campaign/touchpoint-store.ts';
import type { WorkspaceId } from '../../src/core/workspace/workspace.ts';
import { arrayLiteral } from '../../src/store/parameters.ts';
import type { Queryable } from '../../src/store/queryable.ts';

/** The touchpoints of some profiles, oldest first. */
export async function readTouchpointsOfProfiles(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<Touchpoint[]> {
  const rows = await connection.query<TouchpointRow>(
    `select ${touchpointColumns} from touchpoint
      where workspace_id = $1 and profile_id = any($2::text::uuid[]) order by occurred_at, id`,
    [workspaceId, arrayLiteral(profileIds)],
  );
  return rows.map(touchpointFromRow);
}
