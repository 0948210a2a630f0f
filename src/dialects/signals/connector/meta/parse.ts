import { isRecord } from '../../../../core/value/text.ts';
import type { AdAccountFacts } from '../../advertising/ad-account-store.ts';
import type { PlatformAd, PlatformDay } from '../../advertising/ad-platform.ts';
import { type AdCampaign, metaIdPattern, unknownAdStatus } from '../../advertising/advertising.ts';
import { isDay } from '../../advertising/plan-days.ts';

/** What is read of each object; a fault is where an answer is not of the documented form. Field names are Graph's. */
export type Parsed<Value> = { readonly value: Value } | { readonly fault: string };

const maximumText = 1_000;
const decimalPattern = /^\d{1,15}(\.\d{1,10})?$/;

/** Reads all rows or says which is wrong: numbers of which a part is missing are no numbers. */
export function parseRows<Value>(
  rows: readonly unknown[],
  parse: (row: Record<string, unknown>) => Value | string,
): Parsed<Value[]> {
  const values: Value[] = [];
  for (const [index, row] of rows.entries()) {
    const value = isRecord(row) ? parse(row) : 'no object';
    if (typeof value === 'string') return { fault: `row ${index}: ${value}` };
    values.push(value);
  }
  return { value: values };
}

export function parseAdAccount(row: Record<string, unknown>): AdAccountFacts | string {
  const id = readId(row.account_id);
  if (id === null) return 'account_id is no id';
  return {
    id,
    name: readText(row.name),
    currency: readCurrency(row.currency),
    timezone: readTimeZone(row.timezone_name),
  };
}

export function parseCampaign(row: Record<string, unknown>): AdCampaign | string {
  const id = readId(row.id);
  if (id === null) return 'id is no id';
  return {
    id,
    adAccountId: readId(row.account_id),
    name: readText(row.name),
    status: readStatus(row),
    startTime: readTime(row.start_time),
    stopTime: readTime(row.stop_time),
    pageId: isRecord(row.promoted_object) ? readId(row.promoted_object.page_id) : null,
    pageName: null,
  };
}

export function parseAd(row: Record<string, unknown>): PlatformAd | string {
  const id = readId(row.id);
  if (id === null) return 'id is no id';
  const set = isRecord(row.adset) ? row.adset : {};
  const campaign = isRecord(row.campaign) ? parseCampaign(row.campaign) : undefined;
  const adAccountId = readId(row.account_id);
  const pageId =
    readPage(row.creative) ?? (isRecord(set.promoted_object) ? readId(set.promoted_object.page_id) : null);
  return {
    ad: {
      id,
      adAccountId,
      campaignId: readId(row.campaign_id) ?? (typeof campaign === 'object' ? campaign.id : null),
      adSetId: readId(set.id),
      adSetName: readText(set.name),
      adSetStatus: readStatus(set),
      pageId,
      pageName: null,
      name: readText(row.name),
      status: readStatus(row) ?? unknownAdStatus,
      createdTime: readTime(row.created_time),
      updatedTime: readTime(row.updated_time),
    },
    campaign:
      typeof campaign === 'object'
        ? { ...campaign, adAccountId: campaign.adAccountId ?? adAccountId, pageId: campaign.pageId ?? pageId }
        : undefined,
  };
}

/** Numbers come as text; those of a day without clicks or cost may be left out. */
export function parseDay(row: Record<string, unknown>): PlatformDay | string {
  const adId = readId(row.ad_id);
  if (adId === null) return 'ad_id is no id';
  const day = row.date_start;
  if (typeof day !== 'string' || !isDay(day) || row.date_stop !== day)
    return 'date_start and date_stop are no day';
  const clicks = readCount(row.clicks);
  const impressions = readCount(row.impressions);
  const spend = readDecimal(row.spend);
  if (clicks === null || impressions === null || spend === null)
    return 'clicks, impressions or spend is no number';
  return {
    adId,
    day,
    clicks,
    impressions,
    spend,
    adName: readText(row.ad_name),
    adSetId: readId(row.adset_id),
    adSetName: readText(row.adset_name),
    campaignId: readId(row.campaign_id),
    campaignName: readText(row.campaign_name),
  };
}

/** The page that an ad speaks for: named by what the ad was made of, or by the post that it shows (`<page>_<post>`). */
function readPage(creative: unknown): string | null {
  if (!isRecord(creative)) return null;
  const story = isRecord(creative.object_story_spec) ? readId(creative.object_story_spec.page_id) : null;
  const post = creative.effective_object_story_id;
  return story ?? (typeof post === 'string' ? readId(post.split('_')[0]) : null) ?? readId(creative.actor_id);
}

/** What was set, but for what is gone with its campaign: that keeps the status that it had (`effective_status` tells). */
function readStatus({ status, effective_status: effective }: Record<string, unknown>): string | null {
  return readText(effective === 'DELETED' || effective === 'ARCHIVED' ? effective : status);
}

/** Never a JSON number: that would be cut beyond 2^53. */
function readId(value: unknown): string | null {
  return typeof value === 'string' && metaIdPattern.test(value) ? value : null;
}

export function readText(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  return value.toWellFormed().replaceAll('\u0000', '').slice(0, maximumText).toWellFormed();
}

function readCount(value: unknown): number | null {
  if (value === undefined) return 0;
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : null;
}

function readDecimal(value: unknown): string | null {
  if (value === undefined) return '0';
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && decimalPattern.test(text) ? text : null;
}

function readCurrency(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Z]{3}$/.test(value) ? value : null;
}

function readTimeZone(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 64) return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** `2022-11-30T14:05:08+0100`, as Graph writes it. */
function readTime(value: unknown): Date | null {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T/.test(value)) return null;
  const time = new Date(value.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  // A campaign that was never started begins in 1970.
  return Number.isNaN(time.getTime()) || time.getTime() <= 0 ? null : time;
}
