import { type ConsentAuthor, nobody } from '../core/consent/consent.ts';
import { type Erasure, erasureKind } from '../core/erasure/erasure.ts';
import { type JournalledErasure, writeJournal } from '../core/erasure/erasure-journal.ts';
import type { ErasureKey, ErasureKeyFile } from '../core/erasure/erasure-key.ts';
import {
  insertErasure,
  insertTombstones,
  readErasure,
  readErasureKeyId,
  readErasureOfProfile,
} from '../core/erasure/erasure-store.ts';
import { countAtOnce, type Member, readMembers, readOwnKeys } from '../core/erasure/person-store.ts';
import { newId } from '../core/id.ts';
import { requestJob } from '../core/job/job-store.ts';
import { deleteLinksOfProfiles } from '../core/link/link-store.ts';
import { changeWorkspace, type WorkspaceChange } from '../core/workspace/change-workspace.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import type { Projection } from '../projections/projection.ts';
import type { Database } from '../store/database.ts';
import type { Queryable } from '../store/queryable.ts';
import { logAct } from './log-act.ts';
import { removeProfiles } from './remove-profiles.ts';

export interface ErasureServices {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
  readonly erasureKey: ErasureKeyFile;
  readonly config: { readonly dataDir: string };
  readonly projections: readonly Projection[];
}

export interface ErasureRequest {
  /** Any profile of the person. */
  readonly profileId: string;
  /** The name of the key that asked. */
  readonly requestedBy: string;
  /** For the log of consents. */
  readonly author?: ConsentAuthor;
}

/**
 * Forgets a person: from this commit on nobody finds him, his profiles are skeletons without keys, values or links, and what comes
 * for one of his keys is dropped. What else is kept of him is emptied by the job that is asked for with it. Who is forgotten already
 * has the erasure of then; undefined when nobody has such a profile.
 * @throws StartupError when the workspace's tombstones were made by a key that is not there
 */
export async function forgetPerson(
  services: ErasureServices,
  workspace: Workspace,
  request: ErasureRequest,
  now: Date,
): Promise<Erasure | undefined> {
  const erasure = await changeWorkspace(services, workspace.id, now, async (change) => {
    const members = await readMembers(change.tx, workspace.id, request.profileId);
    if (members.length === 0) return readErasureOfProfile(change.tx, workspace.id, request.profileId);
    const id = newId(now.getTime());
    const personId = members[0]?.personId ?? request.profileId;
    await forgetMembers(services, workspace, change, { ...request, id, members, personId });
    return readErasure(change.tx, workspace.id, id);
  });
  await services.workspaces.reload(workspace.id);
  return erasure;
}

interface Forgetting {
  readonly id: string;
  readonly members: readonly Member[];
  /** Of the profile that named the person. */
  readonly personId: string;
  readonly requestedBy: string;
  readonly author?: ConsentAuthor | undefined;
  /** Of a journalled erasure: the profiles and tombstones of then. */
  readonly before?: Pick<JournalledErasure, 'profileIds' | 'hashes'>;
}

/** Forgets all of some persons as one erasure. */
export async function forgetMembers(
  { erasureKey, config, projections }: ErasureServices,
  workspace: Workspace,
  change: WorkspaceChange,
  { id, members, personId, requestedBy, author = nobody, before }: Forgetting,
): Promise<void> {
  const { tx, workspaceId, now, head } = change;
  const knownKey = await readErasureKeyId(tx, workspaceId);
  const key = await erasureKey.open(knownKey);
  const present = members.map((member) => member.id);
  const hashed = await hashPerson(tx, workspace, key, present);
  const profileIds = [...new Set([...present, ...(before?.profileIds ?? [])])];
  const hashes = [...new Set([...hashed.hashes, ...(before?.hashes ?? [])])];
  const { links: _links, ...counts } = await countAtOnce(tx, workspaceId, present);
  const links = await deleteLinksOfProfiles(tx, workspaceId, present);
  for (const link of links)
    if (!link.undone) change.record({ entity: 'link', entityId: link.id, operation: 'delete' });
  await removeProfiles(projections, change, workspace, members, 'forgotten');
  await logAct(change, 'forced-delete', members, author);
  await insertTombstones(tx, workspaceId, id, hashes);
  const request = { kind: erasureKind, subject: id, requestedBy };
  const jobId = await requestJob(tx, workspaceId, request, now);
  const about = { id, requestedBy, keyId: key.id, profileIds };
  await insertErasure(tx, workspaceId, {
    ...about,
    personId,
    jobId,
    requestedAt: now,
    counts: {
      profiles: members.length,
      links: links.length,
      ...counts,
      sharedKeys: hashed.shared,
      tombstones: hashes.length,
    },
  });
  // Batches look for tombstones from now on.
  if (knownKey === null) head.configVersion++;
  const requestedAt = now.toISOString();
  if (!before)
    await writeJournal(config.dataDir, { ...about, workspace: workspace.publicId, requestedAt, hashes });
}

/** The tombstones of a person; keys that somebody else has, too, get none: what comes for them is that one's. */
export async function hashPerson(
  connection: Queryable,
  workspace: Workspace,
  key: ErasureKey,
  profileIds: readonly string[],
): Promise<{ hashes: string[]; shared: number }> {
  const { own, shared } = await readOwnKeys(connection, workspace.id, profileIds);
  return { hashes: own.map((candidate) => key.hash(workspace, candidate)), shared };
}
