import type { Static } from 'typebox';
import {
  type Campaign,
  maximumCampaignNameLength,
  maximumSlugLength,
} from '../../../../core/campaign/campaign.ts';
import { fromObjectId } from '../../../../core/id.ts';
import { RequestError } from '../../../../errors.ts';
import { readDouble } from '../../../../json/exact-number.ts';
import type { OutlayFacts } from '../../campaign/outlay.ts';
import type { CampaignOrder, CampaignQuestion } from '../../query/list-campaigns.ts';
import type { OutlayOrder, OutlayQuestion } from '../../query/list-outlays.ts';
import { invalid, parseDate, parseFlag, parseObject, parseQueryDate, requireText } from '../parse.ts';
import type { CampaignsQuery, OutlaysQuery } from './schemas.ts';

const maximumPlaceLength = 200;
/** More than anybody spends; beyond 2^53 amounts would be taken for their neighbours. */
const maximumAmount = Number.MAX_SAFE_INTEGER;

const campaignOrders = ['name', 'campaignId', 'active'] as const satisfies CampaignOrder[];
const outlayOrders = [
  'campaignId',
  'startDate',
  'endDate',
  'amount',
  'country',
  'region',
] as const satisfies OutlayOrder[];

/** @throws RequestError `invalid-request` */
export function parseNewCampaign(body: unknown): Pick<Campaign, 'slug' | 'name' | 'active'> {
  const { campaignSlug, name, active } = parseObject(body, 'body');
  return {
    slug: parseSlug(campaignSlug),
    name: requireText(name, 'name', maximumCampaignNameLength),
    active: parseFlag(active ?? undefined, 'active') ?? true,
  };
}

/** A landing URL's parameters are read without the space around them, so a slug with any would never be found. */
function parseSlug(value: unknown): string {
  const slug = requireText(value, 'campaignSlug', maximumSlugLength);
  if (slug !== slug.trim()) throw invalid('campaignSlug must not begin or end with white space');
  return slug;
}

/** The slug stays; it may be sent along. @throws RequestError `invalid-request` */
export function parseCampaignChange(body: unknown): {
  slug: string | undefined;
  change: Partial<Pick<Campaign, 'name' | 'active'>>;
} {
  const { campaignSlug, name, active } = parseObject(body, 'body');
  const change: { name?: string; active?: boolean } = {};
  if (isGiven(name)) change.name = requireText(name, 'name', maximumCampaignNameLength);
  const flag = parseFlag(active ?? undefined, 'active');
  if (flag !== undefined) change.active = flag;
  return { slug: isGiven(campaignSlug) ? parseSlug(campaignSlug) : undefined, change };
}

/** @throws RequestError `invalid-request` */
export function parseNewOutlay(body: unknown): Omit<OutlayFacts, 'campaignId'> {
  const { amount, startDate, endDate, country, region } = parseObject(body, 'body');
  const facts = {
    amount: parseAmount(amount),
    startsAt: requireDate(startDate, 'startDate'),
    endsAt: requireDate(endDate, 'endDate'),
    country: parsePlace(country, 'country'),
    region: parsePlace(region, 'region'),
  };
  if (facts.startsAt >= facts.endsAt) throw datesReversed();
  return facts;
}

/** @throws RequestError `not-found` for what is no id of an outlay */
export function parseOutlayId(outlayId: string): string {
  const id = fromObjectId(outlayId);
  if (!id) throw outlayNotFound();
  return id;
}

export function outlayNotFound(): RequestError {
  return new RequestError('not-found', 'Outlay not found');
}

export function datesReversed() {
  return invalid('startDate must be less than endDate');
}

/** What is absent stays as it is; a null country or region is taken away. @throws RequestError `invalid-request` */
export function parseOutlayChange(body: unknown): Partial<OutlayFacts> {
  const given = parseObject(body, 'body');
  const change: { -readonly [Key in keyof OutlayFacts]?: OutlayFacts[Key] } = {};
  if (isGiven(given.amount)) change.amount = parseAmount(given.amount);
  if (isGiven(given.startDate)) change.startsAt = requireDate(given.startDate, 'startDate');
  if (isGiven(given.endDate)) change.endsAt = requireDate(given.endDate, 'endDate');
  if (isGiven(given.campaignId)) change.campaignId = parseCampaignId(given.campaignId);
  if (given.country !== undefined) change.country = parsePlace(given.country, 'country');
  if (given.region !== undefined) change.region = parsePlace(given.region, 'region');
  return change;
}

/** Without the id, when there can't be such a campaign. @throws RequestError `invalid-request` */
export function parseCampaignQuestion(
  query: Static<typeof CampaignsQuery>,
): Omit<CampaignQuestion, 'sourceId'> & { readonly isVain: boolean } {
  const id = query.campaignId ? fromObjectId(query.campaignId) : undefined;
  return {
    active: parseFlag(query.active, 'active'),
    explicit: parseFlag(query.explicit, 'explicit'),
    id,
    isVain: Boolean(query.campaignId) && id === undefined,
    slug: query.campaignSlug || undefined,
    nameLike: query.nameLike || undefined,
    sort: {
      by: query.sort ? oneOf(query.sort, 'sort', campaignOrders) : 'createdAt',
      descending: parseDescending(query.order),
    },
  };
}

/** @throws RequestError `invalid-request` */
export function parseOutlayQuestion(query: Static<typeof OutlaysQuery>): Omit<OutlayQuestion, 'campaignId'> {
  return {
    since: parseQueryDate(query.since, 'since') ?? null,
    until: parseQueryDate(query.until, 'until') ?? null,
    sort: {
      by: query.sort ? oneOf(query.sort, 'sort', outlayOrders) : 'startDate',
      descending: parseDescending(query.order),
    },
  };
}

function parseDescending(order: string | undefined): boolean {
  return order ? oneOf(order, 'order', ['ASC', 'DESC']) === 'DESC' : false;
}

function oneOf<Text extends string>(text: string, name: string, texts: readonly Text[]): Text {
  const found = texts.find((known) => known === text);
  if (!found) throw invalid(`${name} must be one of the following values: ${texts.join(', ')}`);
  return found;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function parseAmount(value: unknown): number {
  const amount = readDouble(value);
  if (amount === undefined)
    throw invalid(
      'amount must be a number conforming to the specified constraints: in the units of the integration’s currency, as 12.5',
    );
  if (amount < 0) throw invalid('amount must not be less than 0');
  if (amount > maximumAmount) throw invalid(`amount must not be greater than ${maximumAmount}`);
  // JSON has no negative zero.
  return amount + 0;
}

function requireDate(value: unknown, name: string): Date {
  const date = parseDate(value, name);
  if (!date) throw invalid(`${name} must be a RFC 3339 date-time, as 2026-03-01T12:00:00Z`);
  return date;
}

function parsePlace(value: unknown, name: string): string | null {
  return isGiven(value) && value !== '' ? requireText(value, name, maximumPlaceLength) : null;
}

function parseCampaignId(value: unknown): string {
  const id = fromObjectId(requireText(value, 'campaignId', 64));
  if (!id) throw invalid('campaignId must be the id of a campaign of the integration');
  return id;
}
