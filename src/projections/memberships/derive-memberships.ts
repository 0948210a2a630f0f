import { lowestId } from '../../core/id.ts';
import { deriveMemberships, type Membership, type ProfileNode } from '../../core/link/link.ts';
import { readLinksOfProfiles, type StoredLink } from '../../core/link/link-store.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';

const profilesPerSlice = 2000;

export interface MembershipSlice {
  /** Profiles whose record or person is not what the links give, and what they give. */
  readonly wrong: Map<string, Membership>;
  /** Where the next slice begins; undefined after the last. */
  readonly next: string | undefined;
}

/** Compares the records and persons of the next profiles by id, and of all that they are linked with, to what the links give. */
export async function readMembershipSlice(
  connection: Queryable,
  workspaceId: WorkspaceId,
  after: string = lowestId,
): Promise<MembershipSlice> {
  const slice = await connection.query<{ id: string }>(
    'select id from profile where workspace_id = $1 and id > $2 order by id limit $3',
    [workspaceId, after, profilesPerSlice],
  );
  const ids = slice.map((row) => row.id);
  const wrong = await findWrongMemberships(connection, workspaceId, ids);
  return { wrong, next: ids.length === profilesPerSlice ? ids.at(-1) : undefined };
}

/** Of profiles and all that active links lead to from them: those whose record or person is not what the links give, and what is. */
export async function findWrongMemberships(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<Map<string, Membership>> {
  const { linked, active } = await readLinked(connection, workspaceId, ids);
  const profiles = await readStoredMemberships(connection, workspaceId, linked);
  const derived = deriveMemberships(profiles, active);
  const wrong = new Map<string, Membership>();
  for (const profile of profiles) {
    const membership = derived.get(profile.id)!;
    if (membership.record !== profile.record || membership.person !== profile.person)
      wrong.set(profile.id, membership);
  }
  return wrong;
}

/** Everybody whom active links lead to from the given profiles, and those links. */
async function readLinked(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<{ linked: string[]; active: StoredLink[] }> {
  const linked = new Set(ids);
  const active = new Map<string, StoredLink>();
  let border: readonly string[] = ids;
  while (border.length > 0) {
    const further = new Set<string>();
    for (const link of await readLinksOfProfiles(connection, workspaceId, border)) {
      if (link.undoneAt) continue;
      active.set(link.id, link);
      for (const id of [link.firstProfile, link.secondProfile]) if (!linked.has(id)) further.add(id);
    }
    for (const id of further) linked.add(id);
    border = [...further];
  }
  return { linked: [...linked], active: [...active.values()] };
}

async function readStoredMemberships(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<(ProfileNode & Membership)[]> {
  const rows = await connection.query<{
    id: string;
    anonymous: boolean;
    created_seq: number;
    record_id: string;
    person_id: string;
  }>(
    `select id, anonymous, created_seq, record_id, person_id from profile
      where workspace_id = $1 and id = any($2::text::uuid[])`,
    [workspaceId, arrayLiteral(ids)],
  );
  return rows.map((row) => ({
    id: row.id,
    anonymous: row.anonymous,
    createdSeq: row.created_seq,
    record: row.record_id,
    person: row.person_id,
  }));
}
