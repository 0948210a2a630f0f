import { attributeValues, mergeAttributes } from '../../../core/profile/attributes.ts';
import {
  type Profile,
  type ProfileRow,
  profileColumns,
  profileFromRow,
} from '../../../core/profile/profile-store.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';

/** Of a subscriber's profiles (browsers, mostly) so many are looked at. */
const maximumProfiles = 1000;

/** A record that is somebody, with the browsers that follow it. */
export interface Subscriber {
  /** The seq of its making: a number that no other record of the workspace has. */
  readonly number: number;
  /** All its profiles, the one that names the record first, then known ones before browsers. */
  readonly profileIds: readonly string[];
  /** By attribute path; of several profiles' values the one written last. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** The subscriber that a known profile of the node belongs to, by the profile's id or number; undefined where there is none. */
export async function readSubscriber(
  connection: Queryable,
  workspaceId: WorkspaceId,
  nodeId: number,
  by: { readonly profileId: string } | { readonly number: number },
): Promise<Subscriber | undefined> {
  const profileId = 'profileId' in by ? by.profileId : null;
  const number = 'number' in by ? by.number : null;
  const rows = await connection.query<ProfileRow>(
    `select ${profileColumns} from profile
      where workspace_id = $1 and node_id = $2
        and record_id = (select record_id from profile
                          where workspace_id = $1 and node_id = $2 and not anonymous and deleted_at is null
                            and (id = $3::uuid or created_seq = $4::bigint))
      order by (id = record_id) desc, anonymous, created_seq limit ${maximumProfiles}`,
    [workspaceId, nodeId, profileId, number],
  );
  const profiles = rows.map(profileFromRow);
  const [root] = profiles;
  return root && subscriberOf(root, profiles);
}

function subscriberOf(root: Profile, profiles: readonly Profile[]): Subscriber {
  const known = profiles.filter((profile) => !profile.anonymous);
  return {
    number: root.createdSeq,
    profileIds: profiles.map((profile) => profile.id),
    values: attributeValues(mergeAttributes(known.map((profile) => profile.attributes))),
  };
}
