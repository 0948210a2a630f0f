import { deleteIdentitiesOfProfiles } from '../core/identity/identity-store.ts';
import { deleteNames } from '../core/profile/profile-name-store.ts';
import { deleteProfileStates } from '../core/profile/profile-state-store.ts';
import { markProfilesRemoved, type Profile } from '../core/profile/profile-store.ts';
import type { WorkspaceChange } from '../core/workspace/change-workspace.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { followProfiles } from '../projections/follow-profiles.ts';
import { followRows } from '../projections/follow-rows.ts';
import { nothingWritten, type Projection } from '../projections/projection.ts';

/**
 * Takes everything from profiles but their ids and times, with what follows from them. Their links are the caller's to take out before,
 * and what else is kept of them.
 */
export async function removeProfiles(
  projections: readonly Projection[],
  change: WorkspaceChange,
  workspace: Workspace,
  profiles: readonly Pick<Profile, 'id' | 'nodeId'>[],
  removal: NonNullable<Profile['removal']>,
): Promise<void> {
  const { tx, workspaceId, now, record } = change;
  const ids = profiles.map(({ id }) => id);
  await deleteIdentitiesOfProfiles(tx, workspaceId, ids);
  await deleteProfileStates(tx, workspaceId, ids);
  await deleteNames(tx, workspaceId, ids);
  await markProfilesRemoved(tx, workspaceId, ids, removal, now);
  await Promise.all(await followProfiles(projections, tx, workspace, profiles));
  await Promise.all(followRows(projections, tx, workspace, { ...nothingWritten, persons: ids }));
  for (const { id, nodeId } of profiles)
    record({ entity: 'profile', entityId: id, operation: 'delete', nodeId });
}
