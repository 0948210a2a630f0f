import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';
import type { AdCampaign } from './advertising.ts';

interface AdCampaignRow {
  id: string;
  ad_account_id: string | null;
  name: string | null;
  status: string | null;
  start_time: Date | null;
  stop_time: Date | null;
  page_id: string | null;
  page_name: string | null;
}

const columns = 'id, ad_account_id, name, status, start_time, stop_time, page_id, page_name';

export async function readAdCampaign(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<AdCampaign | undefined> {
  const [row] = await connection.query<AdCampaignRow>(
    `select ${columns} from ad_campaign where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  );
  return (
    row && {
      id: row.id,
      adAccountId: row.ad_account_id,
      name: row.name,
      status: row.status,
      startTime: row.start_time,
      stopTime: row.stop_time,
      pageId: row.page_id,
      pageName: row.page_name,
    }
  );
}

/** Writes campaigns in place of what was known; a page or account that is not given stays. One row an id. */
export async function upsertAdCampaigns(
  connection: Queryable,
  workspaceId: WorkspaceId,
  campaigns: readonly AdCampaign[],
  now: Date,
): Promise<void> {
  const column = (value: (campaign: AdCampaign) => string | null) => arrayLiteral(campaigns.map(value));
  await connection.query(
    `insert into ad_campaign as c (workspace_id, id, ad_account_id, name, status, start_time, stop_time, page_id, page_name,
                                   updated_at)
     select h.workspace_id, n.id, n.ad_account_id, n.name, n.status, n.start_time, n.stop_time, n.page_id, n.page_name,
            $2::timestamptz
       from workspace_head h,
            unnest($3::text::text[], $4::text::text[], $5::text::text[], $6::text::text[], $7::text::timestamptz[],
                   $8::text::timestamptz[], $9::text::text[], $10::text::text[])
              as n (id, ad_account_id, name, status, start_time, stop_time, page_id, page_name)
      where h.workspace_id = $1
     on conflict (workspace_id, id) do update
        set ad_account_id = coalesce(excluded.ad_account_id, c.ad_account_id), name = excluded.name,
            status = excluded.status, start_time = excluded.start_time, stop_time = excluded.stop_time,
            page_id = coalesce(excluded.page_id, c.page_id),
            page_name = case when excluded.page_id is not null and excluded.page_id is distinct from c.page_id
                             then excluded.page_name else coalesce(excluded.page_name, c.page_name) end,
            updated_at = excluded.updated_at`,
    [
      workspaceId,
      now,
      column(({ id }) => id),
      column(({ adAccountId }) => adAccountId),
      column(({ name }) => name),
      column(({ status }) => status),
      column(({ startTime }) => startTime?.toISOString() ?? null),
      column(({ stopTime }) => stopTime?.toISOString() ?? null),
      column(({ pageId }) => pageId),
      column(({ pageName }) => pageName),
    ],
  );
}

/** The names of campaigns, by their ids. */
export async function readAdCampaignNames(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await connection.query<{ id: string; name: string }>(
    `select id, name from ad_campaign where workspace_id = $1 and id = any($2::text::text[]) and name is not null`,
    [workspaceId, arrayLiteral(ids)],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
