import { Store } from '../../helpers/store.ts';

export interface StoredDay {
  readonly adId: string;
  readonly day: string;
  readonly clicks: number;
  readonly impressions: number;
  /** As it was written. */
  readonly spend: string;
}

export interface StoredAd {
  readonly id: string;
  readonly adAccountId: string | null;
  readonly campaignId: string | null;
  readonly adSetName: string | null;
  readonly pageId: string | null;
  readonly pageName: string | null;
  readonly name: string | null;
  readonly status: string;
}

export interface StoredAdCampaign {
  readonly id: string;
  readonly name: string | null;
  readonly status: string;
  readonly pageId: string | null;
  readonly startTime: Date | null;
}

export interface StoredSale {
  readonly adId: string | null;
  readonly currency: string;
  readonly amount: string;
  /** The app's id. */
  readonly app: string | null;
}

/** What is stored for this vendor alone, as its tests look at it: what its wire shows in part only, or can't be filled with. */
export class SignalsStore extends Store {
  ads(): Promise<StoredAd[]> {
    return this.query(
      `select id, ad_account_id as "adAccountId", campaign_id as "campaignId", ad_set_name as "adSetName", page_id as "pageId",
              page_name as "pageName", name, status
         from ad where workspace_id = $1 order by id`,
      [this.workspace.created.id],
    );
  }

  adCampaigns(): Promise<StoredAdCampaign[]> {
    return this.query(
      `select id, name, status, page_id as "pageId", start_time as "startTime"
         from ad_campaign where workspace_id = $1 order by id`,
      [this.workspace.created.id],
    );
  }

  /** The ads' numbers. */
  days(): Promise<StoredDay[]> {
    return this.query(
      `select ad_id as "adId", day, clicks, impressions, spend from ad_day
        where workspace_id = $1 order by ad_id, day`,
      [this.workspace.created.id],
    );
  }

  sales(): Promise<StoredSale[]> {
    return this.query(
      `select c.ad_id as "adId", c.currency, c.amount::text, s.external_id as app
         from conversation_sale c left join source s on s.workspace_id = $1 and s.id = c.source_id
        where c.workspace_id = $1 order by c.occurred_at, c.event_id`,
      [this.workspace.created.id],
    );
  }

  /** How many conversations of an ad are counted, over all days; of none for an empty id. */
  async countSessions(adId: string): Promise<number> {
    const [row] = await this.query<{ total: number }>(
      `select coalesce(sum(total), 0)::bigint as total from conversation_day
        where workspace_id = $1 and ad_id = $2 and measure = 'session' and day > '-infinity'`,
      [this.workspace.created.id, adId],
    );
    return row?.total ?? 0;
  }

  /** Puts another secret in the place of an app's. */
  async setAppSecret(appId: string, secret: string): Promise<void> {
    await this.query(
      `update credential set verifier = $2 where dialect = 'signals' and kind = 'app-secret' and subject = $1`,
      [appId, secret],
    );
  }

  /** Adds as many active groups of events. */
  async addEventGroups(count: number): Promise<void> {
    await this.query(
      `insert into event_group (workspace_id, id, type, type_value, status, created_at, updated_at)
       select $1, lpad(n::text, 24, '0'), 'keyword', 'text ' || n, 'active', now(), now()
         from generate_series(1, $2::integer) n`,
      [this.workspace.created.id, count],
    );
  }

  /** Adds buttons that leads of as many ads have pressed, and their counts, as the fold would have written them. */
  async addButtons(ads: number, buttonsPerAd: number): Promise<void> {
    const pressed = `
      select h.workspace_id, s.id as source_id, n.ad, n.place, timestamptz '2026-03-01T00:00:00Z' + n.place * interval '1 second' as at
        from workspace_head h
        join source s on s.workspace_id = h.workspace_id and s.dialect = 'signals'
       cross join (select a as ad, a * $3::integer + e as place
                     from generate_series(1, $2::integer) a, generate_series(1, $3::integer) e) as n
       where h.workspace_id = $1`;
    const many = [this.workspace.created.id, ads, buttonsPerAd];
    await this.query(
      `insert into conversation_event (workspace_id, source_id, occurred_at, event_id, ordinal, profile_id, message_id, phone, type,
                                       type_id, ad_id, conversation_id, expires_at, origin)
       select workspace_id, source_id, at, gen_random_uuid(), 0, gen_random_uuid(), place::text, '33639981234', 'button',
              repeat('a', 24), ad::text, 'c', at, 'ad' from (${pressed}) as e`,
      many,
    );
    await this.query(
      `insert into conversation_day (workspace_id, source_id, ad_id, day, measure, type_id, total)
       select workspace_id, source_id, ad::text, '2026-03-01', 'button', repeat('a', 24), count(*)
         from (${pressed}) as e group by 1, 2, 3`,
      many,
    );
  }
}
