import { type Attributes, attributeValues, mergeAttributes } from '../../../core/profile/attributes.ts';
import { type Profile, profileColumns, readKnownOfRecord } from '../../../core/profile/profile-store.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { readJson } from '../../../json/read-json.ts';
import { readInstant } from '../../../store/instants.ts';
import { joinRows, joinValues, splitRows, splitValues } from '../../../store/joined-rows.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import { onlyRow, type Queryable } from '../../../store/queryable.ts';

/** What a vendor's API shows as one: its known profiles, each attribute with the value written last. */
export interface ShownRecord {
  /** Of the profile that names it. */
  readonly id: string;
  readonly nodeId: number;
  readonly createdSeq: number;
  /** The known profiles that it consists of. */
  readonly profileIds: readonly string[];
  readonly profiles: readonly Profile[];
  readonly values: Record<string, unknown>;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly removal: Profile['removal'];
}

/** The record of a profile's id, whichever of its profiles that is; undefined where nobody known is in it. */
export async function readRecord(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileId: string,
): Promise<ShownRecord | undefined> {
  return recordOf(await readKnownOfRecord(connection, workspaceId, profileId));
}

/**
 * The records of profiles, by the ids of these. Looked up one by one, as core/profile does. A profile that is gone is in no record any
 * more, and is told by itself, with its removal.
 */
export async function readRecordsOf(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<ReadonlyMap<string, ShownRecord>> {
  if (profileIds.length === 0) return new Map();
  const { rows } = onlyRow(
    await connection.query<{ rows: string | null }>(
      `select ${joinRows(memberRow, 'k.id, m.created_seq')} as rows
         from unnest($2::text::uuid[]) as k (id)
        cross join lateral (select record_id from profile where workspace_id = $1 and id = k.id limit 1) p
        cross join lateral (select ${profileColumns} from profile
                             where workspace_id = $1 and record_id = p.record_id and not anonymous
                               and (deleted_at is null or id = k.id) offset 0) m`,
      [workspaceId, arrayLiteral(profileIds)],
    ),
  );
  const records = new Map<string, ShownRecord>();
  const members = splitRows(rows).map(readMember);
  for (const [asked, group] of Map.groupBy(members, (member) => member.asked)) {
    const profiles = group.map(({ profile }) => profile);
    const removed = profiles.find(({ id, removal }) => id === asked && removal !== null);
    const record = recordOf(removed ? [{ ...removed, recordId: asked }] : profiles);
    if (record) records.set(asked, record);
  }
  return records;
}

/** A known profile `m` of the record of the one that was asked for. */
const memberRow = joinValues([
  'k.id',
  'm.id',
  'm.node_id',
  'm.created_seq',
  'm.record_id',
  'm.person_id',
  'm.attributes',
  'm.version',
  'm.created_at',
  'm.updated_at',
  `case when m.forgotten_at is not null then 'forgotten' when m.deleted_at is not null then 'deleted' end`,
]);

function readMember(row: string): { asked: string; profile: Profile } {
  const [
    asked = '',
    id = '',
    nodeId,
    createdSeq,
    recordId = '',
    personId = '',
    attributes = '',
    version,
    createdAt = '',
    updatedAt = '',
    removal,
  ] = splitValues(row);
  const profile: Profile = {
    id,
    nodeId: Number(nodeId),
    anonymous: false,
    createdSeq: Number(createdSeq),
    recordId,
    personId,
    attributes: readJson(attributes) as Attributes,
    version: Number(version),
    createdAt: readInstant(createdAt),
    updatedAt: readInstant(updatedAt),
    removal: removal === 'forgotten' || removal === 'deleted' ? removal : null,
  };
  return { asked, profile };
}

/** A record of more profiles has a fault of its own. */
const maximumProfiles = 1000;

/** The known profiles of the records that the given ones belong to; the given ones too, when they are there no more. */
export async function readProfileIdsOfRecords(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<string[]> {
  const rows = await connection.query<{ id: string }>(
    `select distinct m.id from profile p
       join profile m on m.workspace_id = $1 and m.record_id = p.record_id and not m.anonymous
      where p.workspace_id = $1 and p.id = any($2::text::uuid[]) limit ${maximumProfiles}`,
    [workspaceId, arrayLiteral(ids)],
  );
  return [...new Set([...ids, ...rows.map((row) => row.id)])];
}

/** A profile as the record that it would be, were it linked to nobody. */
export function singleRecord(profile: Profile): ShownRecord {
  const { id, nodeId, createdSeq, attributes, version, createdAt, updatedAt, removal } = profile;
  const values = attributeValues(attributes);
  const times = { createdAt, updatedAt };
  return {
    id,
    nodeId,
    createdSeq,
    profileIds: [id],
    profiles: [profile],
    values,
    version,
    ...times,
    removal,
  };
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
    profiles,
    values: attributeValues(
      profiles.length === 1
        ? root.attributes
        : mergeAttributes(profiles.map((profile) => profile.attributes)),
    ),
    version: profiles.reduce((sum, profile) => sum + profile.version, 1 - profiles.length),
    createdAt: root.createdAt,
    removal: root.removal,
    updatedAt: new Date(Math.max(...profiles.map((profile) => profile.updatedAt.getTime()))),
  };
}
