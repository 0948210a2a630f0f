import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';
import type { AdAccount, RefreshState } from './advertising.ts';

interface AdAccountRow {
  id: string;
  facebook_account_id: string | null;
  name: string | null;
  currency: string | null;
  timezone: string | null;
  refresh_state: RefreshState;
  refresh_error: string | null;
  refreshed_at: Date | null;
  attempted_at: Date | null;
  next_refresh_at: Date | null;
  backfilled_from: string | null;
}

const columns =
  'id, facebook_account_id, name, currency, timezone, refresh_state, refresh_error, refreshed_at, attempted_at, next_refresh_at, backfilled_from';

function fromRow(row: AdAccountRow): AdAccount {
  return {
    id: row.id,
    facebookAccountId: row.facebook_account_id,
    name: row.name,
    currency: row.currency,
    timezone: row.timezone,
    refreshState: row.refresh_state,
    refreshError: row.refresh_error,
    refreshedAt: row.refreshed_at,
    attemptedAt: row.attempted_at,
    nextRefreshAt: row.next_refresh_at,
    backfilledFrom: row.backfilled_from,
  };
}

/** The ad accounts of a workspace, or of one of its Facebook accounts, by id. */
export async function listAdAccounts(
  connection: Queryable,
  workspaceId: WorkspaceId,
  facebookAccountId: string | null = null,
): Promise<AdAccount[]> {
  const rows = await connection.query<AdAccountRow>(
    `select ${columns} from ad_account
      where workspace_id = $1 and ($2::text is null or facebook_account_id = $2::text) order by id`,
    [workspaceId, facebookAccountId],
  );
  return rows.map(fromRow);
}

export async function readAdAccount(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<AdAccount | undefined> {
  const [row] = await connection.query<AdAccountRow>(
    `select ${columns} from ad_account where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  );
  return row && fromRow(row);
}

/** What is said of an account by hand. What is undefined stays as it is. */
export interface WantedAdAccount {
  readonly id: string;
  readonly facebookAccountId: string | null | undefined;
  readonly name: string | undefined;
  readonly currency: string | undefined;
  readonly timezone: string | undefined;
}

/** Adds an account or changes what is given of it; with a connection the daily job takes it next. */
export async function upsertAdAccount(
  connection: Queryable,
  workspaceId: WorkspaceId,
  wanted: WantedAdAccount,
  now: Date,
): Promise<void> {
  const { id, facebookAccountId, name, currency, timezone } = wanted;
  await connection.query(
    `insert into ad_account as a (workspace_id, id, facebook_account_id, name, currency, timezone, refresh_state,
                                  next_refresh_at, created_at, updated_at)
     select h.workspace_id, $2::text, $3::text, $4::text, $5::text, $6::text, 'never',
            case when $3::text is null then null else $7::timestamptz end, $7::timestamptz, $7::timestamptz
       from workspace_head h where h.workspace_id = $1
     on conflict (workspace_id, id) do update
        set facebook_account_id = case when $8::boolean then excluded.facebook_account_id else a.facebook_account_id end,
            next_refresh_at = case when $8::boolean then excluded.next_refresh_at else a.next_refresh_at end,
            name = coalesce(excluded.name, a.name),
            currency = coalesce(excluded.currency, a.currency),
            timezone = coalesce(excluded.timezone, a.timezone),
            updated_at = excluded.updated_at`,
    [
      workspaceId,
      id,
      facebookAccountId ?? null,
      name ?? null,
      currency ?? null,
      timezone ?? null,
      now,
      facebookAccountId !== undefined,
    ],
  );
}

/** What Meta says of an account. */
export interface AdAccountFacts {
  readonly id: string;
  readonly name: string | null;
  readonly currency: string | null;
  readonly timezone: string | null;
}

/** Writes accounts as Meta tells of them, each under the Facebook account that it is read by. */
export async function upsertDiscoveredAdAccounts(
  connection: Queryable,
  workspaceId: WorkspaceId,
  accounts: readonly (AdAccountFacts & { readonly facebookAccountId: string })[],
  now: Date,
): Promise<void> {
  await connection.query(
    `insert into ad_account as a (workspace_id, id, facebook_account_id, name, currency, timezone, refresh_state,
                                  next_refresh_at, created_at, updated_at)
     select h.workspace_id, n.id, n.facebook_account_id, n.name, n.currency, n.timezone, 'never', $2::timestamptz,
            $2::timestamptz, $2::timestamptz
       from workspace_head h,
            unnest($3::text::text[], $4::text::text[], $5::text::text[], $6::text::text[], $7::text::text[])
              as n (id, facebook_account_id, name, currency, timezone)
      where h.workspace_id = $1
     on conflict (workspace_id, id) do update
        set facebook_account_id = excluded.facebook_account_id,
            next_refresh_at = coalesce(a.next_refresh_at, excluded.next_refresh_at),
            name = coalesce(excluded.name, a.name),
            currency = coalesce(excluded.currency, a.currency),
            timezone = coalesce(excluded.timezone, a.timezone),
            updated_at = excluded.updated_at`,
    [
      workspaceId,
      now,
      arrayLiteral(accounts.map(({ id }) => id)),
      arrayLiteral(accounts.map(({ facebookAccountId }) => facebookAccountId)),
      arrayLiteral(accounts.map(({ name }) => name)),
      arrayLiteral(accounts.map(({ currency }) => currency)),
      arrayLiteral(accounts.map(({ timezone }) => timezone)),
    ],
  );
}

/** Has the daily job take all accounts of a Facebook account next: it has a new token. */
export async function scheduleAdAccounts(
  connection: Queryable,
  workspaceId: WorkspaceId,
  facebookAccountId: string,
  now: Date,
): Promise<void> {
  await connection.query(
    'update ad_account set next_refresh_at = $3, updated_at = $3 where workspace_id = $1 and facebook_account_id = $2',
    [workspaceId, facebookAccountId, now],
  );
}

/** Leaves the accounts of a Facebook account without connection; what is known of them stays. */
export async function disconnectAdAccounts(
  connection: Queryable,
  workspaceId: WorkspaceId,
  facebookAccountId: string,
  now: Date,
): Promise<void> {
  await connection.query(
    `update ad_account set facebook_account_id = null, next_refresh_at = null, updated_at = $3
      where workspace_id = $1 and facebook_account_id = $2`,
    [workspaceId, facebookAccountId, now],
  );
}

/** What Meta says of the account that is being refreshed. */
export async function updateAdAccountFacts(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { id, name, currency, timezone }: AdAccountFacts,
  now: Date,
): Promise<void> {
  await connection.query(
    `update ad_account set name = coalesce($3::text, name), currency = coalesce($4::text, currency),
            timezone = coalesce($5::text, timezone), updated_at = $6
      where workspace_id = $1 and id = $2`,
    [workspaceId, id, name, currency, timezone, now],
  );
}

/** Notes that the numbers of a day (`YYYY-MM-DD`) and of those after it were asked for. */
export async function noteBackfill(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
  day: string,
): Promise<void> {
  await connection.query(
    `update ad_account set backfilled_from = least(backfilled_from, $3::text::date) where workspace_id = $1 and id = $2`,
    [workspaceId, id, day],
  );
}

export interface RefreshEnd {
  readonly state: RefreshState;
  readonly error: string | null;
  readonly nextRefreshAt: Date | null;
}

/** Notes what became of a refresh. */
export async function finishAdAccountRefresh(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
  { state, error, nextRefreshAt }: RefreshEnd,
  now: Date,
): Promise<void> {
  await connection.query(
    `update ad_account
        set refresh_state = $3, refresh_error = $4, next_refresh_at = $5, attempted_at = $6::timestamptz,
            refreshed_at = case when $3::text = 'ok' then $6::timestamptz else refreshed_at end,
            updated_at = $6::timestamptz
      where workspace_id = $1 and id = $2`,
    [workspaceId, id, state, error, nextRefreshAt, now],
  );
}
