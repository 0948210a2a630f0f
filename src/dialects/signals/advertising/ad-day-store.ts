import type { DaysAsked } from '../../../core/attribution/spend.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { type AdDay, deletedAdStatus } from './advertising.ts';

/** Days from `since` to `until`, both included: `YYYY-MM-DD`. */
export interface DaySpan {
  readonly since: string;
  readonly until: string;
}

/** Whose days a platform's answer covers. */
export type DayScope =
  | { readonly adAccountId: string }
  | { readonly campaignId: string }
  | { readonly adId: string };

/**
 * Takes a day's numbers away from the ads that an answer does not name: a platform leaves out days on which nothing happened, so
 * what it no longer names has become nothing. Deleted ads keep theirs: an account's answer need not name them.
 */
export async function deleteAbsentAdDays(
  connection: Queryable,
  workspaceId: WorkspaceId,
  scope: DayScope,
  day: string,
  namedAdIds: readonly string[],
): Promise<void> {
  await connection.query(
    `delete from ad_day d using ad a
      where d.workspace_id = $1 and a.workspace_id = $1 and a.id = d.ad_id and d.day = $2::text::date
        and a.status <> '${deletedAdStatus}' and d.ad_id <> all($3::text::text[])
        and ($4::text is null or a.ad_account_id = $4::text) and ($5::text is null or a.campaign_id = $5::text)
        and ($6::text is null or a.id = $6::text)`,
    [
      workspaceId,
      day,
      arrayLiteral(namedAdIds),
      'adAccountId' in scope ? scope.adAccountId : null,
      'campaignId' in scope ? scope.campaignId : null,
      'adId' in scope ? scope.adId : null,
    ],
  );
}

/** Writes days in place of what was known of them. One row an ad and day. */
export async function upsertAdDays(
  connection: Queryable,
  workspaceId: WorkspaceId,
  days: readonly AdDay[],
  now: Date,
): Promise<void> {
  const column = (value: (day: AdDay) => string | number) => arrayLiteral(days.map(value));
  await connection.query(
    `insert into ad_day (workspace_id, ad_id, day, clicks, impressions, spend, updated_at)
     select h.workspace_id, n.ad_id, n.day, n.clicks, n.impressions, n.spend, $2::timestamptz
       from workspace_head h,
            unnest($3::text::text[], $4::text::date[], $5::text::bigint[], $6::text::bigint[], $7::text::numeric[])
              as n (ad_id, day, clicks, impressions, spend)
      where h.workspace_id = $1
     on conflict (workspace_id, ad_id, day) do update
        set clicks = excluded.clicks, impressions = excluded.impressions, spend = excluded.spend,
            updated_at = excluded.updated_at`,
    [
      workspaceId,
      now,
      column(({ adId }) => adId),
      column(({ day }) => day),
      column(({ clicks }) => clicks),
      column(({ impressions }) => impressions),
      column(({ spend }) => spend),
    ],
  );
}

/** What an ad cost on a day, or all ads of a campaign together. */
export interface SpendOfDay {
  /** Null: of a campaign. */
  readonly adId: string | null;
  readonly campaignId: string | null;
  readonly adAccountId: string;
  readonly day: string;
  /** A decimal number as text, in the ad account's currency. */
  readonly spend: string;
  readonly currency: string;
}

/** What was spent from `since` up to, but not on, `until`, by campaign, and by ad where no campaign is known. */
export async function readSpendDays(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { since, until }: DaysAsked,
): Promise<SpendOfDay[]> {
  return connection.query<SpendOfDay>(
    `select case when a.campaign_id is null then a.id end as "adId", a.campaign_id as "campaignId",
            a.ad_account_id as "adAccountId", d.day::text as day, sum(d.spend)::text as spend, c.currency
       from ad_day d
       join ad a on a.workspace_id = $1 and a.id = d.ad_id
       join ad_account c on c.workspace_id = $1 and c.id = a.ad_account_id and c.currency is not null
      where d.workspace_id = $1 and d.day >= $2::text::date and d.day < $3::text::date
      group by 1, 2, 3, 4, 6`,
    [workspaceId, since, until],
  );
}
