import { detachRecords } from '../../../change/detach.ts';
import { deleteIdentitiesOfProfiles } from '../../../core/identity/identity-store.ts';
import { storeNames } from '../../../core/profile/profile-name-store.ts';
import { type Profile, updateProfileAttributes } from '../../../core/profile/profile-store.ts';
import { placeAt, type SliceResult } from '../../../core/retention/retention-slice.ts';
import type { WorkspaceChange } from '../../../core/workspace/change-workspace.ts';
import { nodeIdsOf } from '../../../core/workspace/workspace.ts';
import type { PlannedSlice, RetentionPlan } from './retention-plan.ts';
import {
  forgetTouchpointDetails,
  readDueRecords,
  readMembersOfRecords,
  readPersonalRecords,
} from './user-store.ts';

const profilesPerWindow = 250;

/**
 * Anonymizes the next users that are due, that is whose newest event is: personal attributes go, and so does what they were found
 * by, that is every key, discriminant fields as well as browsers, and the links to other vendors' profiles. `counted`: records that
 * a dry run has met before: it meets one again with each of its profiles.
 */
export async function anonymizeDueUsers(slice: PlannedSlice, counted: Set<string>): Promise<SliceResult> {
  const { connection, plan, position, change } = slice;
  const { id: workspaceId } = plan.workspace;
  const users = { nodeIds: nodeIdsOf(plan.workspace, 'webmarketer'), paths: plan.userPaths };
  const { recordIds, next } = await readPersonalRecords(
    connection,
    workspaceId,
    users,
    position,
    profilesPerWindow,
  );
  const due = recordIds.length > 0 ? await readDueRecords(connection, workspaceId, recordIds, plan.due) : [];
  if (!change) {
    const met = due.filter((id) => !counted.has(id));
    for (const id of met) counted.add(id);
    return { total: met.length, ...placeAt(next) };
  }
  if (due.length > 0) {
    const members = await readMembersOfRecords(connection, workspaceId, due);
    await anonymizeMembers(change, plan, members);
    const moves = await detachRecords(change, members, plan.workspace.settings.matching);
    await change.followMoves(plan.workspace, moves);
  }
  return { total: due.length, ...placeAt(next) };
}

async function anonymizeMembers(
  { tx, record }: WorkspaceChange,
  plan: RetentionPlan,
  members: readonly Profile[],
): Promise<void> {
  const { id: workspaceId } = plan.workspace;
  const ids = members.map(({ id }) => id);
  const hadKeys = await deleteIdentitiesOfProfiles(tx, workspaceId, ids);
  await forgetTouchpointDetails(tx, workspaceId, ids);
  const personal = new Set(plan.userPaths);
  const changed = members.flatMap((profile): Profile[] => {
    const attributes = Object.fromEntries(
      Object.entries(profile.attributes).filter(([path]) => !personal.has(path)),
    );
    const isSame = Object.keys(attributes).length === Object.keys(profile.attributes).length;
    if (isSame && !hadKeys.has(profile.id)) return [];
    return [{ ...profile, attributes, version: profile.version + 1, updatedAt: plan.now }];
  });
  await updateProfileAttributes(tx, workspaceId, changed);
  await storeNames(tx, workspaceId, changed);
  for (const { id, nodeId } of changed)
    record({ entity: 'profile', entityId: id, operation: 'anonymize', nodeId });
}
