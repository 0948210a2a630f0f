import type { Logger } from 'pino';
import { evidenceText, type KeyEvidence, linkByKeys } from '../change/link.ts';
import type { Clock } from '../core/clock.ts';
import type { DialectName } from '../core/dialect-name.ts';
import type { Key } from '../core/identity/identity.ts';
import { keyText } from '../core/identity/identity.ts';
import {
  deleteIdentities,
  type Holder,
  insertIdentities,
  maximumHolders,
  type NewIdentity,
  readHolders,
  readKeysToRespell,
} from '../core/identity/identity-store.ts';
import { type ContactFields, respellKey } from '../core/identity/key-spelling.ts';
import type { LinkScope } from '../core/link/link.ts';
import { readLinksOfProfiles } from '../core/link/link-store.ts';
import { changeWorkspace, type WorkspaceChange } from '../core/workspace/change-workspace.ts';
import type { Workspace, WorkspaceId } from '../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import { followMoves } from '../projections/follow-moves.ts';
import type { Projection } from '../projections/projection.ts';
import type { Database } from '../store/database.ts';

/** A dialect, by how its records are found. */
export interface RecordFinder {
  readonly name: DialectName;
  /** The kinds of keys that hold addresses or numbers and find a record in its nodes always; by others a node's own rule decides. */
  readonly finders?: readonly Key['kind'][];
  /** The fields by which its users are found that hold addresses and numbers. */
  readonly contactFieldsOf?: (workspace: Workspace) => ContactFields;
}

export interface RespellServices {
  readonly dialects: readonly RecordFinder[];
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
  readonly projections: readonly Projection[];
  readonly clock: Clock;
  readonly logger: Logger;
}

const keysPerSlice = 200;

/**
 * Spells keys of before as they are spelt now, in a workspace that migration 21 has noted; before its requests are taken, so that nobody
 * is looked for by a key that is not found yet. Profiles that turn out to have one key are linked, as they would have been had they
 * come in now: none becomes two, and no two become one profile. Any number of processes may do so at once; one that is cut short is begun
 * again at the next start.
 */
export async function respellKeys(services: RespellServices, workspaceId: WorkspaceId): Promise<void> {
  const { database, logger } = services;
  const [noted] = await database.query('select 1 from key_respelling where workspace_id = $1', [workspaceId]);
  if (!noted) return;
  let respelt = 0;
  let after: NewIdentity | null = null;
  do {
    const slice: { respelt: number; last: NewIdentity | null } = await respellSlice(
      services,
      workspaceId,
      after,
    );
    respelt += slice.respelt;
    after = slice.last;
  } while (after);
  await database.query('delete from key_respelling where workspace_id = $1', [workspaceId]);
  logger.info({ workspace: workspaceId, keys: respelt }, 'keys of before are spelt as they are now');
}

async function respellSlice(
  services: RespellServices,
  workspaceId: WorkspaceId,
  after: NewIdentity | null,
): Promise<{ respelt: number; last: NewIdentity | null }> {
  const now = new Date(services.clock());
  return changeWorkspace(services, workspaceId, now, async (change) => {
    const { tx, head } = change;
    const workspace = await services.workspaces.getVersion(workspaceId, head.configVersion, tx);
    const fieldTypes = contactFieldsOf(services.dialects, workspace);
    const candidates = await readKeysToRespell(tx, workspaceId, after, keysPerSlice);
    const old: NewIdentity[] = [];
    const renewed: NewIdentity[] = [];
    for (const identity of candidates) {
      const key = respellKey(identity.key, fieldTypes);
      if (key.value === identity.key.value) continue;
      old.push(identity);
      renewed.push({ ...identity, key });
    }
    if (renewed.length > 0) {
      await deleteIdentities(tx, workspaceId, old);
      await insertIdentities(tx, workspaceId, renewed);
      await linkHolders(services, change, workspace, renewed);
    }
    const last = candidates.length === keysPerSlice ? (candidates.at(-1) ?? null) : null;
    return { respelt: renewed.length, last };
  });
}

/** Links each profile with the oldest other that has its key by now. */
async function linkHolders(
  services: RespellServices,
  change: WorkspaceChange,
  workspace: Workspace,
  renewed: readonly NewIdentity[],
): Promise<void> {
  const { tx } = change;
  const keys = [...new Map(renewed.map(({ key }) => [keyText(key), key])).values()];
  const nodeIds = [...new Set(renewed.map(({ nodeId }) => nodeId))];
  const holders = Map.groupBy(await readHolders(tx, workspace.id, keys, nodeIds), ({ key }) => keyText(key));
  const wanted = new Map<string, KeyEvidence>();
  for (const identity of renewed) {
    for (const evidence of evidenceOf(
      services.dialects,
      workspace,
      identity,
      holders.get(keyText(identity.key)) ?? [],
    ))
      wanted.set(evidenceText(evidence), evidence);
  }
  const ends = [...wanted.values()].flatMap(({ firstProfile, secondProfile }) => [
    firstProfile,
    secondProfile,
  ]);
  if (ends.length === 0) return;
  for (const known of await readLinksOfProfiles(tx, workspace.id, ends)) wanted.delete(evidenceText(known));
  await linkByKeys(change, [...wanted.values()], followMoves(services));
}

/** As the ingest has it: in its node a key that finds profiles makes them one record, elsewhere the matching rule one person. */
function evidenceOf(
  dialects: readonly RecordFinder[],
  workspace: Workspace,
  { key, nodeId, profileId }: NewIdentity,
  holders: readonly Holder[],
): KeyEvidence[] {
  const others = holders.filter((holder) => holder.profileId !== profileId);
  if (others.length >= maximumHolders - 1) return [];
  const within = others.filter((holder) => holder.nodeId === nodeId);
  const evidence: KeyEvidence[] = [];
  const { dialect } = workspace.nodes.get(nodeId) ?? {};
  if (dialects.find(({ name }) => name === dialect)?.finders?.includes(key.kind))
    evidence.push(...linkTo(profileId, within, 'record', key));
  if ((workspace.settings.matching as readonly string[]).includes(key.kind))
    evidence.push(...linkTo(profileId, others, 'person', key));
  return evidence;
}

/** Those of all dialects. */
function contactFieldsOf(dialects: readonly RecordFinder[], workspace: Workspace): ContactFields {
  return new Map(dialects.flatMap((dialect) => [...(dialect.contactFieldsOf?.(workspace) ?? [])]));
}

function linkTo(profileId: string, others: readonly Holder[], scope: LinkScope, key: Key): KeyEvidence[] {
  const [oldest] = others.map((holder) => holder.profileId).sort();
  if (oldest === undefined) return [];
  const [secondProfile, firstProfile] = [profileId, oldest].sort() as [string, string];
  const origin = scope === 'record' ? 'shared-event' : 'shared-key';
  return [{ firstProfile, secondProfile, scope, origin, evidence: key.kind }];
}
