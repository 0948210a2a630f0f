import type { Queryable } from '../../store/queryable.ts';
import type { DialectName } from '../dialect-name.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';

/** Who signs in with a password or a signed assertion; its secrets are credentials whose subject is its name. */
export interface Account {
  readonly dialect: DialectName;
  /** One account of the dialect has it, in all of the installation. */
  readonly name: string;
  readonly id: string;
  readonly workspaceId: WorkspaceId;
  readonly settings: Readonly<Record<string, unknown>>;
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
    settings: Record<string, unknown>;
    created_at: Date;
  }>('select id, workspace_id, settings, created_at from account where dialect = $1 and name = $2', [
    dialect,
    name,
  ]);
  return (
    row && {
      dialect,
      name,
      id: row.id,
      workspaceId: row.workspace_id as WorkspaceId,
      settings: row.settings,
      createdAt: row.created_at,
    }
  );
}

export async function insertAccount(connection: Queryable, account: Account): Promise<void> {
  await connection.query(
    `insert into account (dialect, name, id, workspace_id, settings, created_at)
     values ($1, $2, $3, $4, $5::text::jsonb, $6)`,
    [
      account.dialect,
      account.name,
      account.id,
      account.workspaceId,
      JSON.stringify(account.settings),
      account.createdAt,
    ],
  );
}
