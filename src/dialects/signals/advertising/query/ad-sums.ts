import type { WorkspaceId } from '../../../../core/workspace/workspace.ts';
import { columnsOf } from '../../../../store/columns.ts';
import type { Queryable } from '../../../../store/queryable.ts';
import { type AdRow, adColumns, adFromRow } from '../ad-store.ts';
import type { Ad, AdDay } from '../advertising.ts';
import { type AccountColumns, type AccountName, accountColumns, accountOf } from './columns.ts';

/** What is null does not restrict. Days are `YYYY-MM-DD`, `until` is exclusive. */
export interface AdsWanted {
  readonly adId: string | null;
  readonly campaignId: string | null;
  readonly since: string | null;
  readonly until: string | null;
  readonly limit: number;
}

/** An ad with what its days come to. */
export interface SummedAd extends Ad, Pick<AdDay, 'clicks' | 'impressions' | 'spend'> {
  /** null: of none that is known. */
  readonly account: AccountName | null;
  readonly campaignName: string | null;
}

type Row = AdRow &
  AccountColumns &
  Pick<AdDay, 'clicks' | 'impressions' | 'spend'> & { campaign_name: string | null };

const isWantedDay = `d.workspace_id = $1 and ($4::text is null or d.day >= $4::text::date) and ($5::text is null or d.day < $5::text::date)`;

/** The next ads by id, each with the sums of its days. */
export async function listSummedAds(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { adId, campaignId, since, until, limit }: AdsWanted,
  after: string,
): Promise<SummedAd[]> {
  const rows = await connection.query<Row>(
    `select ${columnsOf('a', adColumns)}, ${accountColumns('t')}, c.name as campaign_name, s.clicks, s.impressions, s.spend
       from ad a
       left join ad_campaign c on c.workspace_id = $1 and c.id = a.campaign_id
       left join ad_account t on t.workspace_id = $1 and t.id = a.ad_account_id
      cross join lateral (
        select coalesce(sum(d.clicks), 0)::bigint as clicks, coalesce(sum(d.impressions), 0)::bigint as impressions,
               coalesce(sum(d.spend), 0)::text as spend
          from ad_day d where d.ad_id = a.id and ${isWantedDay}) s
      where a.workspace_id = $1 and ($2::text is null or a.id = $2) and ($3::text is null or a.campaign_id = $3) and a.id > $6
      order by a.id limit $7`,
    [workspaceId, adId, campaignId, since, until, after, limit],
  );
  return rows.map((row) => ({
    ...adFromRow(row),
    account: row.ad_account_id === null ? null : accountOf(row.ad_account_id, row),
    campaignName: row.campaign_name,
    clicks: row.clicks,
    impressions: row.impressions,
    spend: row.spend,
  }));
}

/** An ad's day, with the currency of its account. */
export interface ListedAdDay extends AdDay {
  readonly currency: string | null;
}

/** The next days of ads, by day and within it by ad. */
export async function listAdDays(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { adId, campaignId, since, until, limit }: AdsWanted,
  after: Pick<AdDay, 'day' | 'adId'> | null,
): Promise<ListedAdDay[]> {
  return connection.query<ListedAdDay>(
    `select d.ad_id as "adId", d.day::text as day, d.clicks, d.impressions, d.spend::text as spend, t.currency
       from ad_day d
       join ad a on a.workspace_id = $1 and a.id = d.ad_id
       left join ad_account t on t.workspace_id = $1 and t.id = a.ad_account_id
      where ($2::text is null or d.ad_id = $2) and ($3::text is null or a.campaign_id = $3) and ${isWantedDay}
        and ($6::text is null or (d.day, d.ad_id) > ($6::text::date, $7::text))
      order by d.day, d.ad_id limit $8`,
    [workspaceId, adId, campaignId, since, until, after?.day ?? null, after?.adId ?? null, limit],
  );
}
