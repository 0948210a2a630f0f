import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { Erasure, ErasureCounts } from './erasure.ts';

interface Row {
  id: string;
  person_id: string;
  /** Joined by commas. */
  profile_ids: string;
  key_id: string;
  job_id: string;
  requested_by: string;
  requested_at: Date;
  counts: ErasureCounts;
  finished_at: Date | null;
  receipt: string | null;
  signature: string | null;
}

const columns = `id, person_id, array_to_string(profile_ids, ',') as profile_ids, key_id, job_id, requested_by, requested_at, counts,
  finished_at, receipt, signature`;

function fromRow(row: Row): Erasure {
  return {
    id: row.id,
    personId: row.person_id,
    profileIds: row.profile_ids === '' ? [] : row.profile_ids.split(','),
    keyId: row.key_id,
    jobId: row.job_id,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    counts: row.counts,
    finished:
      row.finished_at === null || row.receipt === null || row.signature === null
        ? null
        : { at: row.finished_at, receipt: row.receipt, signature: row.signature },
  };
}

export async function insertErasure(
  connection: Queryable,
  workspaceId: WorkspaceId,
  erasure: Omit<Erasure, 'finished'>,
): Promise<void> {
  await connection.query(
    `insert into erasure (workspace_id, id, person_id, profile_ids, key_id, job_id, requested_by, requested_at, counts)
     select h.workspace_id, $2::uuid, $3::uuid, $4::text::uuid[], $5::text, $6::uuid, $7::text, $8::timestamptz, $9::text::json
       from workspace_head h where h.workspace_id = $1`,
    [
      workspaceId,
      erasure.id,
      erasure.personId,
      arrayLiteral(erasure.profileIds),
      erasure.keyId,
      erasure.jobId,
      erasure.requestedBy,
      erasure.requestedAt,
      JSON.stringify(erasure.counts),
    ],
  );
}

export async function readErasure(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<Erasure | undefined> {
  const [row] = await connection.query<Row>(
    `select ${columns} from erasure where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  );
  return row && fromRow(row);
}

/** The erasure that a profile was forgotten by. */
export async function readErasureOfProfile(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileId: string,
): Promise<Erasure | undefined> {
  const [row] = await connection.query<Row>(
    `select ${columns} from erasure where workspace_id = $1 and $2::uuid = any(profile_ids) order by id desc limit 1`,
    [workspaceId, profileId],
  );
  return row && fromRow(row);
}

/** A workspace's erasures, newest first, from behind the one of this id. */
export async function listErasures(
  connection: Queryable,
  workspaceId: WorkspaceId,
  before: string | null,
  limit: number,
): Promise<Erasure[]> {
  const rows = await connection.query<Row>(
    `select ${columns} from erasure where workspace_id = $1 and ($2::uuid is null or id < $2::uuid) order by id desc limit $3`,
    [workspaceId, before, limit],
  );
  return rows.map(fromRow);
}

export async function finishErasure(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
  { at, receipt, signature }: { at: Date; receipt: string; signature: string },
): Promise<void> {
  await connection.query(
    'update erasure set finished_at = $3, receipt = $4, signature = $5 where workspace_id = $1 and id = $2',
    [workspaceId, id, at, receipt, signature],
  );
}

/** Of the key that the workspace's tombstones were made by; null where nobody was forgotten. */
export async function readErasureKeyId(
  connection: Queryable,
  workspaceId: WorkspaceId,
): Promise<string | null> {
  const [row] = await connection.query<{ key_id: string }>(
    'select key_id from erasure where workspace_id = $1 limit 1',
    [workspaceId],
  );
  return row?.key_id ?? null;
}

export async function insertTombstones(
  connection: Queryable,
  workspaceId: WorkspaceId,
  erasureId: string,
  hashes: readonly string[],
): Promise<void> {
  await connection.query(
    `insert into tombstone (workspace_id, hash, erasure_id)
     select h.workspace_id, decode(t.hash, 'hex'), $2::uuid from workspace_head h, unnest($3::text::text[]) as t (hash)
      where h.workspace_id = $1
     on conflict do nothing`,
    [workspaceId, erasureId, arrayLiteral(hashes)],
  );
}

/** Those of the hashes (hex) that are tombstones'. */
export async function readTombstones(
  connection: Queryable,
  workspaceId: WorkspaceId,
  hashes: readonly string[],
): Promise<Set<string>> {
  const rows = await connection.query<{ hash: string }>(
    `select encode(t.hash, 'hex') as hash
       from unnest($2::text::text[]) as k (hash)
       join tombstone t on t.workspace_id = $1 and t.hash = decode(k.hash, 'hex')`,
    [workspaceId, arrayLiteral(hashes)],
  );
  return new Set(rows.map((row) => row.hash));
}

/** All tombstones of an erasure, as hex. */
export async function readTombstonesOf(
  connection: Queryable,
  workspaceId: WorkspaceId,
  erasureId: string,
): Promise<Set<string>> {
  const rows = await connection.query<{ hash: string }>(
    "select encode(hash, 'hex') as hash from tombstone where workspace_id = $1 and erasure_id = $2",
    [workspaceId, erasureId],
  );
  return new Set(rows.map((row) => row.hash));
}
