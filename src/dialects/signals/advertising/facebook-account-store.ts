import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';
import type { FacebookAccount, TokenState } from './advertising.ts';

interface FacebookAccountRow {
  id: string;
  email: string | null;
  token_state: TokenState;
  created_at: Date;
  updated_at: Date;
}

const columns = 'id, email, token_state, created_at, updated_at';

function fromRow(row: FacebookAccountRow): FacebookAccount {
  return {
    id: row.id,
    email: row.email,
    tokenState: row.token_state,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** The Facebook accounts of a workspace, oldest first. */
export async function listFacebookAccounts(
  connection: Queryable,
  workspaceId: WorkspaceId,
): Promise<FacebookAccount[]> {
  const rows = await connection.query<FacebookAccountRow>(
    `select ${columns} from facebook_account where workspace_id = $1 order by created_at, id`,
    [workspaceId],
  );
  return rows.map(fromRow);
}

export async function readFacebookAccount(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<FacebookAccount | undefined> {
  const [row] = await connection.query<FacebookAccountRow>(
    `select ${columns} from facebook_account where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  );
  return row && fromRow(row);
}

/** The token itself, for the connector alone; undefined when there is none or Meta has refused it. */
export async function readAccessToken(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<string | undefined> {
  const [row] = await connection.query<{ access_token: string }>(
    `select access_token from facebook_account where workspace_id = $1 and id = $2 and token_state = 'valid'`,
    [workspaceId, id],
  );
  return row?.access_token;
}

export interface WantedFacebookAccount {
  readonly id: string;
  /** What is undefined stays as it is. */
  readonly email: string | null | undefined;
  readonly accessToken: string | undefined;
}

/** Adds an account or changes what is given of it. A token that is given counts as valid until Meta says otherwise. */
export async function upsertFacebookAccount(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { id, email, accessToken }: WantedFacebookAccount,
  now: Date,
): Promise<void> {
  await connection.query(
    `insert into facebook_account as f (workspace_id, id, email, access_token, token_state, created_at, updated_at)
     select h.workspace_id, $2::text, $3::text, $4::text, case when $4::text is null then 'unset' else 'valid' end,
            $5::timestamptz, $5::timestamptz
       from workspace_head h where h.workspace_id = $1
     on conflict (workspace_id, id) do update
        set email = case when $6::boolean then excluded.email else f.email end,
            access_token = coalesce(excluded.access_token, f.access_token),
            token_state = case when excluded.access_token is null then f.token_state else 'valid' end,
            updated_at = excluded.updated_at`,
    [workspaceId, id, email ?? null, accessToken ?? null, now, email !== undefined],
  );
}

/** Notes that Meta refused the token, unless another one was set meanwhile. */
export async function rejectAccessToken(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
  accessToken: string,
  now: Date,
): Promise<void> {
  await connection.query(
    `update facebook_account set token_state = 'rejected', updated_at = $4
      where workspace_id = $1 and id = $2 and access_token = $3`,
    [workspaceId, id, accessToken, now],
  );
}

/** Forgets an account and its token. False when there is none. */
export async function deleteFacebookAccountRow(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<boolean> {
  const rows = await connection.query<{ id: string }>(
    'delete from facebook_account where workspace_id = $1 and id = $2 returning id',
    [workspaceId, id],
  );
  return rows.length > 0;
}
