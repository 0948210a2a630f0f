import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { ApiName, DialectName } from '../dialect-name.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { Credential, CredentialKind, HeldCredential, HeldKind } from './credential.ts';

/** Null: the administrators' credentials, which are of no workspace. */
export type CredentialScope = WorkspaceId | null;

interface CredentialRow {
  id: string;
  workspace_id: number | null;
  dialect: ApiName;
  kind: CredentialKind;
  role: string;
  name: string;
  subject: string | null;
  made_from: string | null;
  settings: Record<string, unknown>;
  created_at: Date;
  last_used_at: Date | null;
  expires_at: Date | null;
  revoked_at: Date | null;
}

/**
 * A credential ends with what it was made from: looked at here, at each reading, and not written to it, so that one which is made at
 * the moment of a revocation has no way around it. Two steps are all there are: access token, refresh token, service account's key.
 */
const columns = `c.id, c.workspace_id, c.dialect, c.kind, c.role, c.name, c.subject, c.made_from, c.settings, c.created_at, c.last_used_at,
  least(c.expires_at, maker.expires_at, first.expires_at) as expires_at,
  least(c.revoked_at, maker.revoked_at, first.revoked_at) as revoked_at`;
const withMakers = `credential c
  left join credential maker on maker.id = c.made_from
  left join credential first on first.id = maker.made_from`;
const hasMakers = `(c.made_from is null or maker.id is not null) and (maker.made_from is null or first.id is not null)`;

function fromRow(row: CredentialRow): Credential {
  return {
    id: row.id,
    workspaceId: row.workspace_id as WorkspaceId | null,
    dialect: row.dialect,
    kind: row.kind,
    role: row.role,
    name: row.name,
    subject: row.subject,
    madeFrom: row.made_from,
    settings: row.settings,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  };
}

/** The credential with its stored hash, revoked and expired ones too. */
export async function findCredential(
  connection: Queryable,
  secretHash: Uint8Array,
): Promise<{ credential: Credential; secretHash: Uint8Array } | undefined> {
  const [row] = await connection.query<CredentialRow & { secret_hash: Uint8Array }>(
    `select c.secret_hash, ${columns} from ${withMakers} where c.secret_hash = $1 and ${hasMakers}`,
    [secretHash],
  );
  return row && { credential: fromRow(row), secretHash: row.secret_hash };
}

/** What an account or an app shows under its name, of one kind, that is valid at an instant; newest first. */
export async function findHeldCredentials(
  connection: Queryable,
  dialect: DialectName,
  kind: HeldKind,
  subject: string,
  now: Date,
): Promise<HeldCredential[]> {
  const rows = await connection.query<CredentialRow & { verifier: string }>(
    `select c.verifier, ${columns} from ${withMakers}
      where c.dialect = $1 and c.kind = $2 and c.subject = $3 and c.workspace_id is not null and c.verifier is not null
        and c.revoked_at is null and (c.expires_at is null or c.expires_at > $4)
      order by c.created_at desc, c.id desc`,
    [dialect, kind, subject, now],
  );
  return rows.map((row) => ({
    ...fromRow(row),
    kind,
    workspaceId: row.workspace_id as WorkspaceId,
    subject,
    verifier: row.verifier,
  }));
}

/** How its secret is kept: by a hash that finds it, or by what it is checked by. */
export type KeptSecret =
  | { readonly secretHash: Uint8Array; readonly verifier: null }
  | { readonly secretHash: null; readonly verifier: string };

export async function insertCredential(
  connection: Queryable,
  credential: Credential,
  { secretHash, verifier }: KeptSecret,
): Promise<void> {
  await connection.query(
    `insert into credential (id, workspace_id, dialect, kind, role, name, subject, made_from, secret_hash, verifier, settings,
            created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8::text::uuid, $9, $10, $11::text::jsonb, $12, $13)`,
    [
      credential.id,
      credential.workspaceId,
      credential.dialect,
      credential.kind,
      credential.role,
      credential.name,
      credential.subject,
      credential.madeFrom,
      secretHash,
      verifier,
      JSON.stringify(credential.settings),
      credential.createdAt,
      credential.expiresAt,
    ],
  );
}

export interface CredentialFilter {
  readonly kind?: CredentialKind;
  /** Only what was made from this one. */
  readonly madeFrom?: string;
  /** The id of the last one of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** The credentials of a workspace, newest first, those that have ended too; with null, the administrators'. */
export async function listCredentials(
  connection: Queryable,
  scope: CredentialScope,
  { kind, madeFrom, after, limit }: CredentialFilter,
): Promise<Credential[]> {
  // By the index, which "is not distinct from" can't use: other workspaces may have very many tokens.
  const isOf = scope === null ? 'c.workspace_id is null and $1::integer is null' : 'c.workspace_id = $1';
  const rows = await connection.query<CredentialRow>(
    `select ${columns} from ${withMakers}
      where ${isOf} and ${hasMakers}
        and c.kind = coalesce($2::text, c.kind)
        and ($3::text is null or c.made_from = $3::text::uuid)
        and ($4::text is null or (c.created_at, c.id) < (select created_at, id from credential
              where id = $4::text::uuid and workspace_id is not distinct from $1::integer))
      order by c.created_at desc, c.id desc limit $5`,
    [scope, kind ?? null, madeFrom ?? null, after ?? null, limit],
  );
  return rows.map(fromRow);
}

/** The keys of a workspace in a dialect that are valid at an instant, oldest first. */
export async function listValidKeys(
  connection: Queryable,
  workspaceId: WorkspaceId,
  dialect: DialectName,
  now: Date,
): Promise<Credential[]> {
  const rows = await connection.query<CredentialRow>(
    `select ${columns} from ${withMakers}
      where c.workspace_id = $1 and c.dialect = $2 and c.kind = 'key' and c.revoked_at is null
        and (c.expires_at is null or c.expires_at > $3)
      order by c.created_at, c.id`,
    [workspaceId, dialect, now],
  );
  return rows.map(fromRow);
}

/** Revokes each key of a dialect that stands for a holder (`holderOf`). */
export async function revokeKeysOf(
  connection: Queryable,
  workspaceId: WorkspaceId,
  dialect: DialectName,
  holder: string,
  now: Date,
): Promise<void> {
  await connection.query(
    `update credential set revoked_at = $4
      where workspace_id = $1 and dialect = $2 and kind = 'key' and coalesce(subject, id::text) = $3 and revoked_at is null`,
    [workspaceId, dialect, holder, now],
  );
}

/** Undefined when the workspace (null: the installation) has none of this id. */
export async function readCredential(
  connection: Queryable,
  scope: CredentialScope,
  id: string,
): Promise<Credential | undefined> {
  const [row] = await connection.query<CredentialRow>(
    `select ${columns} from ${withMakers}
      where c.id = $2::text::uuid and c.workspace_id is not distinct from $1::integer and ${hasMakers}`,
    [scope, id],
  );
  return row && fromRow(row);
}

/** True when it was not revoked before. What was made from it ends with it. Processes that know it follow (authenticator.ts). */
export async function revokeCredential(
  connection: Queryable,
  scope: CredentialScope,
  id: string,
  now: Date,
): Promise<boolean> {
  const rows = await connection.query<{ id: string }>(
    `update credential set revoked_at = $3
      where id = $2::text::uuid and workspace_id is not distinct from $1::integer and revoked_at is null
      returning id`,
    [scope, id, now],
  );
  return rows.length > 0;
}

/** Lets one that has no end of its own end at an instant. False when it has one already. */
export async function expireCredential(connection: Queryable, id: string, at: Date): Promise<boolean> {
  const rows = await connection.query<{ id: string }>(
    'update credential set expires_at = $2 where id = $1::text::uuid and expires_at is null returning id',
    [id, at],
  );
  return rows.length > 0;
}

/** Revokes all of an app or an account that is checked by a verifier. */
export async function revokeHeldCredentials(
  connection: Queryable,
  workspaceId: WorkspaceId,
  dialect: DialectName,
  subject: string,
  now: Date,
): Promise<void> {
  await connection.query(
    `update credential set revoked_at = $4
      where workspace_id = $1 and dialect = $2 and subject = $3 and verifier is not null and revoked_at is null`,
    [workspaceId, dialect, subject, now],
  );
}

/** Notes when credentials were last used; an earlier use than is known changes nothing. */
export async function noteLastUses(
  connection: Queryable,
  uses: readonly { readonly id: string; readonly at: Date }[],
): Promise<void> {
  await connection.query(
    `update credential c set last_used_at = used.at
       from unnest($1::text::uuid[], $2::text::timestamptz[]) as used (id, at)
      where c.id = used.id and (c.last_used_at is null or c.last_used_at < used.at)`,
    [arrayLiteral(uses.map(({ id }) => id)), arrayLiteral(uses.map(({ at }) => at.toISOString()))],
  );
}

/** Ids of some of the credentials that were made from others and expired before an instant. Keys stay in their list. */
export async function findExpiredCredentials(
  connection: Queryable,
  before: Date,
  limit: number,
): Promise<string[]> {
  const rows = await connection.query<{ id: string }>(
    `select id from credential
      where expires_at < $1 and kind in ('session', 'access-token', 'refresh-token') limit $2`,
    [before, limit],
  );
  return rows.map((row) => row.id);
}

/**
 * Deletes credentials by id, and not by what they have in common: each copy of a table that is on several servers would choose its
 * own rows under a limit.
 */
export async function deleteCredentials(connection: Queryable, ids: readonly string[]): Promise<void> {
  await connection.query('delete from credential where id = any($1::text::uuid[])', [arrayLiteral(ids)]);
}
