import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { type Ad, deletedAdStatus, unknownAdStatus } from './advertising.ts';

export interface AdRow {
  id: string;
  ad_account_id: string | null;
  campaign_id: string | null;
  ad_set_id: string | null;
  ad_set_name: string | null;
  ad_set_status: string | null;
  page_id: string | null;
  page_name: string | null;
  name: string | null;
  status: string;
  created_time: Date | null;
  updated_time: Date | null;
}

export const adColumns =
  'id, ad_account_id, campaign_id, ad_set_id, ad_set_name, ad_set_status, page_id, page_name, name, status, created_time, updated_time';

export function adFromRow(row: AdRow): Ad {
  return {
    id: row.id,
    adAccountId: row.ad_account_id,
    campaignId: row.campaign_id,
    adSetId: row.ad_set_id,
    adSetName: row.ad_set_name,
    adSetStatus: row.ad_set_status,
    pageId: row.page_id,
    pageName: row.page_name,
    name: row.name,
    status: row.status,
    createdTime: row.created_time,
    updatedTime: row.updated_time,
  };
}

/** Of the ads of these ids those that are known. */
export async function readAds(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<Ad[]> {
  const rows = await connection.query<AdRow>(
    `select ${adColumns} from ad where workspace_id = $1 and id = any($2::text::text[])`,
    [workspaceId, arrayLiteral(ids)],
  );
  return rows.map(adFromRow);
}

/** The campaigns of those of the ads of which they are known, by the ad's id. */
export async function readCampaignsOfAds(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await connection.query<{ id: string; campaign_id: string }>(
    `select id, campaign_id from ad
      where workspace_id = $1 and id = any($2::text::text[]) and campaign_id is not null`,
    [workspaceId, arrayLiteral(ids)],
  );
  return new Map(rows.map((row) => [row.id, row.campaign_id]));
}

/** The ads of an account, or of a campaign of it, that are not known to be deleted. */
export async function listAdIds(
  connection: Queryable,
  workspaceId: WorkspaceId,
  adAccountId: string,
  campaignId: string | null = null,
): Promise<string[]> {
  const rows = await connection.query<{ id: string }>(
    `select id from ad where workspace_id = $1 and ad_account_id = $2 and ($3::text is null or campaign_id = $3::text)
        and status <> '${deletedAdStatus}'
      order by id`,
    [workspaceId, adAccountId, campaignId],
  );
  return rows.map(({ id }) => id);
}

/**
 * The ads that only messages have told of, newest first, at most `limit`. What a message calls an ad need not be an id of Meta's: it
 * would become part of a question to Meta, so such ones are left out.
 */
export async function listUnknownAdIds(
  connection: Queryable,
  workspaceId: WorkspaceId,
  limit: number,
): Promise<string[]> {
  const rows = await connection.query<{ id: string }>(
    `select id from ad where workspace_id = $1 and ad_account_id is null and status = '${unknownAdStatus}' and id ~ '^[0-9]{1,32}$'
      order by updated_at desc, id limit $2`,
    [workspaceId, limit],
  );
  return rows.map(({ id }) => id);
}

/** Makes the ads that messages tell of and nobody knows: status UNKNOWN, all else empty. Those that are there stay. */
export async function insertStubAds(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
  now: Date,
): Promise<void> {
  await connection.query(
    `insert into ad (workspace_id, id, status, updated_at)
     select h.workspace_id, n.id, '${unknownAdStatus}', $2::timestamptz
       from workspace_head h, unnest($3::text::text[]) as n (id)
      where h.workspace_id = $1
     on conflict do nothing`,
    [workspaceId, now, arrayLiteral(ids)],
  );
}

/** Writes ads in place of what was known; what only says where an ad belongs stays when it is not given. One row an id. */
export async function upsertAds(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ads: readonly Ad[],
  now: Date,
): Promise<void> {
  const column = (value: (ad: Ad) => string | null) => arrayLiteral(ads.map(value));
  await connection.query(
    `insert into ad as a (workspace_id, id, ad_account_id, campaign_id, ad_set_id, ad_set_name, ad_set_status, page_id,
                          page_name, name, status, created_time, updated_time, updated_at)
     select h.workspace_id, n.id, n.ad_account_id, n.campaign_id, n.ad_set_id, n.ad_set_name, n.ad_set_status, n.page_id,
            n.page_name, n.name, n.status, n.created_time, n.updated_time, $2::timestamptz
       from workspace_head h,
            unnest($3::text::text[], $4::text::text[], $5::text::text[], $6::text::text[], $7::text::text[],
                   $8::text::text[], $9::text::text[], $10::text::text[], $11::text::text[], $12::text::text[],
                   $13::text::timestamptz[], $14::text::timestamptz[])
              as n (id, ad_account_id, campaign_id, ad_set_id, ad_set_name, ad_set_status, page_id, page_name, name, status,
                    created_time, updated_time)
      where h.workspace_id = $1
     on conflict (workspace_id, id) do update
        set ad_account_id = coalesce(excluded.ad_account_id, a.ad_account_id),
            campaign_id = coalesce(excluded.campaign_id, a.campaign_id),
            ad_set_id = coalesce(excluded.ad_set_id, a.ad_set_id), ad_set_name = coalesce(excluded.ad_set_name, a.ad_set_name),
            ad_set_status = coalesce(excluded.ad_set_status, a.ad_set_status),
            page_id = coalesce(excluded.page_id, a.page_id),
            page_name = case when excluded.page_id is not null and excluded.page_id is distinct from a.page_id
                             then excluded.page_name else coalesce(excluded.page_name, a.page_name) end,
            name = coalesce(excluded.name, a.name), status = excluded.status,
            created_time = coalesce(excluded.created_time, a.created_time),
            updated_time = coalesce(excluded.updated_time, a.updated_time),
            updated_at = excluded.updated_at`,
    [
      workspaceId,
      now,
      column(({ id }) => id),
      column(({ adAccountId }) => adAccountId),
      column(({ campaignId }) => campaignId),
      column(({ adSetId }) => adSetId),
      column(({ adSetName }) => adSetName),
      column(({ adSetStatus }) => adSetStatus),
      column(({ pageId }) => pageId),
      column(({ pageName }) => pageName),
      column(({ name }) => name),
      column(({ status }) => status),
      column(({ createdTime }) => createdTime?.toISOString() ?? null),
      column(({ updatedTime }) => updatedTime?.toISOString() ?? null),
    ],
  );
}

/** Notes of ads that Meta has no longer; what is known of them stays. */
export async function markAdsDeleted(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
  now: Date,
): Promise<void> {
  await connection.query(
    `update ad set status = '${deletedAdStatus}', updated_at = $3
      where workspace_id = $1 and id = any($2::text::text[])`,
    [workspaceId, arrayLiteral(ids), now],
  );
}

/** The names of ads, by their ids. */
export async function readAdNamesOf(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await connection.query<{ id: string; name: string }>(
    `select id, name from ad where workspace_id = $1 and id = any($2::text::text[]) and name is not null`,
    [workspaceId, arrayLiteral(ids)],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
