import { setMemberships } from '../../core/profile/profile-store.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';
import { findWrongMemberships } from './derive-memberships.ts';

/** Makes records and persons of these profiles, and of all that they are linked with, what the links give. Under the head lock. */
export async function settleMemberships(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<void> {
  const wrong = await findWrongMemberships(connection, workspaceId, profileIds);
  if (wrong.size > 0) await setMemberships(connection, workspaceId, wrong);
}
