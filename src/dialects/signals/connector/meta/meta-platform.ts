import { isRecord } from '../../../../core/value/text.ts';
import type { AdAccountFacts } from '../../advertising/ad-account-store.ts';
import type { DayScope, DaySpan } from '../../advertising/ad-day-store.ts';
import type {
  AdPlatform,
  Found,
  PlatformAd,
  PlatformAnswer,
  PlatformDay,
  PlatformLimits,
} from '../../advertising/ad-platform.ts';
import type { AdCampaign } from '../../advertising/advertising.ts';
import { GraphClient, type GraphSettings } from './graph-client.ts';
import {
  type Parsed,
  parseAd,
  parseAdAccount,
  parseCampaign,
  parseDay,
  parseRows,
  readText,
} from './parse.ts';

const accountFields = 'account_id,name,currency,timezone_name';
const campaignFields =
  'id,account_id,name,status,effective_status,start_time,stop_time,promoted_object{page_id}';
const adFields = [
  'id,account_id,campaign_id,name,status,effective_status,created_time,updated_time',
  `campaign{${campaignFields}}`,
  'adset{id,name,status,effective_status,promoted_object{page_id}}',
  'creative{actor_id,effective_object_story_id,object_story_spec{page_id}}',
].join(',');
const dayFields =
  'ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,clicks,impressions,spend,date_start,date_stop';

/** Without them archived objects are left out. https://developers.facebook.com/docs/marketing-api/best-practices/storing_adobjects */
const listedStatuses = [
  'ACTIVE',
  'PAUSED',
  'PENDING_REVIEW',
  'DISAPPROVED',
  'PREAPPROVED',
  'PENDING_BILLING_INFO',
  'CAMPAIGN_PAUSED',
  'ARCHIVED',
  'ADSET_PAUSED',
  'IN_PROCESS',
  'WITH_ISSUES',
];
const listedCampaignStatuses = ['ACTIVE', 'PAUSED', 'ARCHIVED', 'IN_PROCESS', 'WITH_ISSUES'];
const countedStatuses = [...listedStatuses, 'DELETED'];

/** Meta's Marketing API under one token (docs/connectors/meta.md). */
export class MetaPlatform implements AdPlatform {
  readonly #graph: GraphClient;

  constructor(settings: GraphSettings, accessToken: string, limits: PlatformLimits) {
    this.#graph = new GraphClient(settings, accessToken, limits);
  }

  async listAdAccounts(): Promise<PlatformAnswer<AdAccountFacts[]>> {
    return readRows(await this.#graph.list('me/adaccounts', { fields: accountFields }), parseAdAccount);
  }

  async readAdAccount(id: string): Promise<PlatformAnswer<AdAccountFacts>> {
    const answer = await this.#graph.get(`act_${id}`, { fields: accountFields });
    const rows = readRows(
      answer.kind === 'answer' ? { kind: 'answer', value: [answer.value] } : answer,
      parseAdAccount,
    );
    if (rows.kind !== 'answer') return rows;
    const [account] = rows.value;
    if (account?.id !== id) return { kind: 'refused', reason: 'another ad account was answered' };
    return { kind: 'answer', value: account };
  }

  async listCampaigns(adAccountId: string): Promise<PlatformAnswer<AdCampaign[]>> {
    const fields = { fields: campaignFields, effective_status: JSON.stringify(listedCampaignStatuses) };
    return readRows(await this.#graph.list(`act_${adAccountId}/campaigns`, fields), parseCampaign);
  }

  async listAds(scope: Exclude<DayScope, { readonly adId: string }>): Promise<PlatformAnswer<PlatformAd[]>> {
    const fields = { fields: adFields, effective_status: JSON.stringify(listedStatuses) };
    return readRows(await this.#graph.list(`${nodeOf(scope)}/ads`, fields), parseAd);
  }

  async readAds(ids: readonly string[]): Promise<PlatformAnswer<Found<PlatformAd>>> {
    return readFound(await this.#find(ids, adFields), parseAd);
  }

  async readCampaigns(ids: readonly string[]): Promise<PlatformAnswer<Found<AdCampaign>>> {
    return readFound(await this.#find(ids, campaignFields), parseCampaign);
  }

  async readPageNames(ids: readonly string[]): Promise<PlatformAnswer<ReadonlyMap<string, string>>> {
    const answer = await this.#find(ids, 'id,name');
    if (answer.kind !== 'answer') return answer;
    const names = new Map<string, string>();
    for (const page of answer.value.found) {
      const name = isRecord(page) ? readText(page.name) : null;
      if (isRecord(page) && typeof page.id === 'string' && name !== null) names.set(page.id, name);
    }
    return { kind: 'answer', value: names };
  }

  async readDays(scope: DayScope, { since, until }: DaySpan): Promise<PlatformAnswer<PlatformDay[]>> {
    const fields = {
      fields: dayFields,
      level: 'ad',
      time_increment: '1',
      time_range: JSON.stringify({ since, until }),
      filtering: JSON.stringify([{ field: 'ad.effective_status', operator: 'IN', value: countedStatuses }]),
    };
    return readRows(await this.#graph.list(`${nodeOf(scope)}/insights`, fields), parseDay);
  }

  async #find(ids: readonly string[], fields: string): Promise<PlatformAnswer<Found<unknown>>> {
    const answer = await this.#graph.getMany(ids, { fields });
    if (answer.kind !== 'answer') return answer;
    const found = answer.value.flatMap((item) => (item.kind === 'answer' ? [item.value] : []));
    const hidden = ids.filter((_id, index) => answer.value[index]!.kind === 'hidden');
    return { kind: 'answer', value: { found, hidden } };
  }
}

function nodeOf(scope: DayScope): string {
  if ('adAccountId' in scope) return `act_${scope.adAccountId}`;
  return 'campaignId' in scope ? scope.campaignId : scope.adId;
}

function readFound<Value>(
  answer: PlatformAnswer<Found<unknown>>,
  parse: (row: Record<string, unknown>) => Value | string,
): PlatformAnswer<Found<Value>> {
  if (answer.kind !== 'answer') return answer;
  const { found, hidden } = answer.value;
  const rows = readRows({ kind: 'answer', value: found }, parse);
  return rows.kind === 'answer' ? { kind: 'answer', value: { found: rows.value, hidden } } : rows;
}

function readRows<Value>(
  answer: PlatformAnswer<readonly unknown[]>,
  parse: (row: Record<string, unknown>) => Value | string,
): PlatformAnswer<Value[]> {
  if (answer.kind !== 'answer') return answer;
  const parsed: Parsed<Value[]> = parseRows(answer.value, parse);
  return 'fault' in parsed
    ? { kind: 'refused', reason: `an answer is not of Graph's form: ${parsed.fault}` }
    : { kind: 'answer', value: parsed.value };
}
