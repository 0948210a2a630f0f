import type { AdCampaign } from '../advertising.ts';

/** What is shown of an ad account wherever one of its ads or campaigns is. */
export interface AccountName {
  readonly id: string;
  readonly name: string | null;
  /** ISO 4217. */
  readonly currency: string | null;
}

export interface AccountColumns {
  account_name: string | null;
  account_currency: string | null;
}

/** @param table an alias of `ad_account` */
export function accountColumns(table: string): string {
  return `${table}.name as account_name, ${table}.currency as account_currency`;
}

export function accountOf(id: string, row: AccountColumns): AccountName {
  return { id, name: row.account_name, currency: row.account_currency };
}

export interface CampaignColumns {
  campaign_name: string | null;
  campaign_status: string | null;
  campaign_start_time: Date | null;
  campaign_stop_time: Date | null;
  campaign_page_id: string | null;
  campaign_page_name: string | null;
}

/** @param table an alias of `ad_campaign` */
export function campaignColumns(table: string): string {
  return ['name', 'status', 'start_time', 'stop_time', 'page_id', 'page_name']
    .map((column) => `${table}.${column} as campaign_${column}`)
    .join(', ');
}

export function campaignOf(id: string, adAccountId: string | null, row: CampaignColumns): AdCampaign {
  return {
    id,
    adAccountId,
    name: row.campaign_name,
    status: row.campaign_status,
    startTime: row.campaign_start_time,
    stopTime: row.campaign_stop_time,
    pageId: row.campaign_page_id,
    pageName: row.campaign_page_name,
  };
}
