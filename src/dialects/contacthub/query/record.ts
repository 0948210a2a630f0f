import { attributeValues, mergeAttributes } from '../../../core/profile/attributes.ts';
import { type Profile, readKnownOfRecord } from '../../../core/profile/profile-store.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';

/** What a vendor's API shows as one: its known profiles, each attribute with the value written last. */
export interface ShownRecord {
  /** Of the profile that names it. */
  readonly id: string;
  readonly nodeId: number;
  readonly createdSeq: number;
  /** The known profiles that it consists of. */
  readonly profileIds: readonly string[];
  readonly values: Record<string, unknown>;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The record of a profile's id, whichever of its profiles that is; undefined where nobody known is in it. */
export async function readRecord(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileId: string,
): Promise<ShownRecord | undefined> {
  return recordOf(await readKnownOfRecord(connection, workspaceId, profileId));
}

/** The record that the known profiles of it make. */
export function recordOf(profiles: readonly Profile[]): ShownRecord | undefined {
  const root = profiles.find((profile) => profile.id === profile.recordId);
  if (!root) return undefined;
  return {
    id: root.id,
    nodeId: root.nodeId,
    createdSeq: root.createdSeq,
    profileIds: profiles.map((profile) => profile.id),
    values: attributeValues(mergeAttributes(profiles.map((profile) => profile.attributes))),
    version: profiles.reduce((sum, profile) => sum + profile.version, 1 - profiles.length),
    createdAt: root.createdAt,
    updatedAt: new Date(Math.max(...profiles.map((profile) => profile.updatedAt.getTime()))),
  };
}
