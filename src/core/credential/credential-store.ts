import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { DialectName } from '../dialect-name.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { Credential } from './credential.ts';

interface CredentialRow {
  id: string;
  workspace_id: number | null;
  dialect: DialectName | 'native';
  role: string;
  name: string;
  settings: Record<string, unknown>;
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
}

const columns = 'id, workspace_id, dialect, role, name, settings, created_at, expires_at, revoked_at';

function fromRow(row: CredentialRow): Credential {
  return {
    id: row.id,
    workspaceId: row.workspace_id as WorkspaceId | null,
    dialect: row.dialect,
    role: row.role,
    name: row.name,
    settings: row.settings,
    createdAt: row.created_at,
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
    `select secret_hash, ${columns} from credential where secret_hash = $1`,
    [secretHash],
  );
  return row && { credential: fromRow(row), secretHash: row.secret_hash };
}

export async function insertCredential(
  connection: Queryable,
  credential: Credential,
  secretHash: Uint8Array,
): Promise<void> {
  await connection.query(
    `insert into credential (secret_hash, id, workspace_id, dialect, role, name, settings, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8, $9)`,
    [
      secretHash,
      credential.id,
      credential.workspaceId,
      credential.dialect,
      credential.role,
      credential.name,
      JSON.stringify(credential.settings),
      credential.createdAt,
      credential.expiresAt,
    ],
  );
}

/** The keys of a workspace, newest first; with null, the administrators'. Short-lived tokens are left out. */
export async function listCredentials(
  connection: Queryable,
  workspaceId: WorkspaceId | null,
): Promise<Credential[]> {
  const rows = await connection.query<CredentialRow>(
    `select ${columns} from credential
      where workspace_id is not distinct from $1::integer and expires_at is null
      order by created_at desc, id`,
    [workspaceId],
  );
  return rows.map(fromRow);
}

/** True when there was such a key, not revoked before. Takes effect in other processes within seconds (authenticator.ts). */
export async function revokeCredential(
  connection: Queryable,
  workspaceId: WorkspaceId | null,
  id: string,
  now: Date,
): Promise<boolean> {
  const rows = await connection.query<{ id: string }>(
    `update credential set revoked_at = $3
      where (id = $2::text::uuid or settings->>'madeFrom' = $2)
        and workspace_id is not distinct from $1::integer and revoked_at is null
      returning id`,
    [workspaceId, id, now],
  );
  return rows.some((row) => row.id === id);
}

/** Ids of some of the credentials that expired before an instant. */
export async function findExpiredCredentials(
  connection: Queryable,
  before: Date,
  limit: number,
): Promise<string[]> {
  const rows = await connection.query<{ id: string }>(
    'select id from credential where expires_at < $1 limit $2',
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

/** Who signs in with a password or a signed assertion. */
export interface Account {
  readonly dialect: DialectName;
  readonly name: string;
  readonly id: string;
  readonly workspaceId: WorkspaceId;
  readonly passwordHash: string | null;
  /** PEM. */
  readonly publicKey: string | null;
  readonly settings: Record<string, unknown>;
  readonly createdAt: Date;
}

export async function findAccount(
  connection: Queryable,
  dialect: DialectName,
  name: string,
): Promise<Account | undefined> {
  const [row] = await connection.query<{
    id: string;
    workspace_id: number;
    password_hash: string | null;
    public_key: string | null;
    settings: Record<string, unknown>;
    created_at: Date;
  }>(
    `select id, workspace_id, password_hash, public_key, settings, created_at from account where dialect = $1 and name = $2`,
    [dialect, name],
  );
  return (
    row && {
      dialect,
      name,
      id: row.id,
      workspaceId: row.workspace_id as WorkspaceId,
      passwordHash: row.password_hash,
      publicKey: row.public_key,
      settings: row.settings,
      createdAt: row.created_at,
    }
  );
}

export async function insertAccount(connection: Queryable, account: Account): Promise<void> {
  await connection.query(
    `insert into account (dialect, name, id, workspace_id, password_hash, public_key, settings, created_at)
     values ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8)`,
    [
      account.dialect,
      account.name,
      account.id,
      account.workspaceId,
      account.passwordHash,
      account.publicKey,
      JSON.stringify(account.settings),
      account.createdAt,
    ],
  );
}
