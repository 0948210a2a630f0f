import type { WorkspaceId } from '../../../../core/workspace/workspace.ts';
import { type Page, readPage } from '../../../../query/page.ts';
import { columnsOf } from '../../../../store/columns.ts';
import type { Queryable } from '../../../../store/queryable.ts';
import { type AdRow, adColumns, adFromRow } from '../ad-store.ts';
import type { Ad, AdCampaign } from '../advertising.ts';
import {
  type AccountColumns,
  type AccountName,
  accountColumns,
  accountOf,
  type CampaignColumns,
  campaignColumns,
  campaignOf,
} from './columns.ts';

export interface ListedAd extends Ad {
  /** null: of none that is known. */
  readonly account: AccountName | null;
  /** null: of none that is known. */
  readonly campaign: AdCampaign | null;
}

/** Which ads: of an account, of a campaign, or of both. */
export type AdFilter =
  | { readonly adAccountId: string; readonly campaignId: string | null }
  | { readonly adAccountId: null; readonly campaignId: string };

type Row = AdRow & AccountColumns & CampaignColumns;

const selectAds = `
  select ${columnsOf('a', adColumns)}, ${accountColumns('t')}, ${campaignColumns('c')}
    from ad a
    left join ad_campaign c on c.workspace_id = $1 and c.id = a.campaign_id
    left join ad_account t on t.workspace_id = $1 and t.id = a.ad_account_id`;

const isAsked = `a.workspace_id = $1 and ($2::text is null or a.ad_account_id = $2::text)
     and ($3::text is null or a.campaign_id = $3::text)`;

/** A page of ads by id, and how many there are in all. */
export async function listAds(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { adAccountId, campaignId }: AdFilter,
  page: Page,
): Promise<{ ads: ListedAd[]; total: number }> {
  const question = {
    rows: `${selectAds} where ${isAsked} order by a.id`,
    count: `select count(*) as total from ad a where ${isAsked}`,
    parameters: [workspaceId, adAccountId, campaignId],
  };
  const { rows, total } = await readPage<Row>(connection, question, page);
  return { ads: rows.map(fromRow), total };
}

export async function findAd(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<ListedAd | undefined> {
  const [row] = await connection.query<Row>(`${selectAds} where a.workspace_id = $1 and a.id = $2`, [
    workspaceId,
    id,
  ]);
  return row && fromRow(row);
}

export interface AdSet {
  readonly id: string;
  readonly name: string | null;
  readonly status: string | null;
}

/** A page of the ad sets of a campaign's ads, by id, and how many there are in all. */
export async function listAdSets(
  connection: Queryable,
  workspaceId: WorkspaceId,
  campaignId: string,
  page: Page,
): Promise<{ adSets: AdSet[]; total: number }> {
  const ofCampaign = 'a.workspace_id = $1 and a.campaign_id = $2 and a.ad_set_id is not null';
  const question = {
    rows: `select a.ad_set_id as id, max(a.ad_set_name) as name, max(a.ad_set_status) as status
             from ad a where ${ofCampaign} group by a.ad_set_id order by a.ad_set_id`,
    count: `select count(distinct a.ad_set_id) as total from ad a where ${ofCampaign}`,
    parameters: [workspaceId, campaignId],
  };
  const { rows, total } = await readPage<AdSet>(connection, question, page);
  return { adSets: rows, total };
}

function fromRow(row: Row): ListedAd {
  return {
    ...adFromRow(row),
    account: row.ad_account_id === null ? null : accountOf(row.ad_account_id, row),
    campaign: row.campaign_id === null ? null : campaignOf(row.campaign_id, row.ad_account_id, row),
  };
}
