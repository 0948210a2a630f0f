import type { Source } from '../../../../core/source/source.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import type { Page } from '../../../../query/page.ts';
import type { Queryable } from '../../../../store/queryable.ts';
import { utcDayOf } from '../../conversation/day-measures.ts';
import { conversationRules } from '../../conversion/conversation-rules-store.ts';
import type { AdFigures } from '../insight.ts';
import { type AdFilter, type AdSet, findAd, type ListedAd, listAdSets, listAds } from './ads.ts';
import { findCampaign, type ListedCampaign, listCampaigns } from './campaigns.ts';
import type { AccountName } from './columns.ts';
import { type ConfiguredGroups, readGroupsOfAds } from './configured-events.ts';
import {
  type AdLevel,
  type AskedDays,
  type EventSum,
  fetchEventSums,
  type SumsQuestion,
} from './fetch-sums.ts';
import { readDailyFigures, readFigures } from './read-figures.ts';

export type { AdFilter, ListedAd } from './ads.ts';
export type { ListedCampaign } from './campaigns.ts';
export type { AdLevel, AskedDays, EventSum } from './fetch-sums.ts';

/** The app whose conversations the figures count; Meta's numbers are the same for each. */
export interface AppFigures {
  readonly workspace: Workspace;
  readonly app: Source;
}

export interface AdView {
  readonly ad: ListedAd;
  /** ISO 4217: what amounts are in. */
  readonly currency: string;
  readonly figures: AdFigures;
  /** null: its campaign is not known. */
  readonly campaign: CampaignView | null;
  readonly activeGroups: number;
}

export interface CampaignView {
  readonly campaign: ListedCampaign;
  readonly currency: string;
  readonly figures: AdFigures;
}

export interface AdSetView {
  readonly adSet: AdSet;
  readonly figures: AdFigures;
}

/** A page of ads, with the figures of each and of its campaign in the span. Always the same number of statements. */
export async function viewListedAds(
  connection: Queryable,
  view: AppFigures,
  filter: AdFilter,
  span: AskedDays | null,
  page: Page,
): Promise<{ views: AdView[]; total: number }> {
  const { ads, total } = await listAds(connection, view.workspace.id, filter, page);
  return { views: await viewAds(connection, view, ads, span), total };
}

export async function viewAd(
  connection: Queryable,
  view: AppFigures,
  adId: string,
): Promise<AdView | undefined> {
  const ad = await findAd(connection, view.workspace.id, adId);
  return ad && (await viewAds(connection, view, [ad], null))[0];
}

/** The ads are of one account. */
async function viewAds(
  connection: Queryable,
  view: AppFigures,
  ads: readonly ListedAd[],
  span: AskedDays | null,
): Promise<AdView[]> {
  const currency = currencyOf(view, ads[0]?.account ?? null);
  const campaigns = ads.map(({ campaignId }) => campaignId).filter((id) => id !== null);
  const [ofAds, ofCampaigns, groups] = await Promise.all([
    sumUp(
      connection,
      view,
      'ad',
      ads.map(({ id }) => id),
      span,
      currency,
    ),
    sumUp(connection, view, 'campaign', campaigns, span, currency),
    readGroupsOfAds(connection, view.workspace.id, ads),
  ]);
  return ads.map((ad) => ({
    ad,
    currency,
    figures: readOf(ofAds, ad.id),
    campaign: ad.campaign && {
      campaign: { ...ad.campaign, account: ad.account },
      currency,
      figures: readOf(ofCampaigns, ad.campaign.id),
    },
    activeGroups: readOf(groups, ad.id).active,
  }));
}

export interface ConfiguredAdView {
  readonly ad: ListedAd;
  readonly figures: AdFigures;
}

/** A page of an account's ads, each with its figures since the first conversion or event group that concerns it was set up. */
export async function viewConfiguredAds(
  connection: Queryable,
  view: AppFigures,
  adAccountId: string,
  page: Page,
): Promise<{ views: ConfiguredAdView[]; total: number }> {
  const filter = { adAccountId, campaignId: null };
  const { ads, total } = await listAds(connection, view.workspace.id, filter, page);
  return { views: await sumSinceConfigured(connection, view, ads), total };
}

export async function viewConfiguredAd(
  connection: Queryable,
  view: AppFigures,
  adId: string,
): Promise<ConfiguredAdView | undefined> {
  const ad = await findAd(connection, view.workspace.id, adId);
  return ad && (await sumSinceConfigured(connection, view, [ad]))[0];
}

async function sumSinceConfigured(
  connection: Queryable,
  view: AppFigures,
  ads: readonly ListedAd[],
): Promise<ConfiguredAdView[]> {
  const { workspace, app } = view;
  const groups = await readGroupsOfAds(connection, workspace.id, ads);
  const spans = new Map(ads.map((ad) => [ad.id, spanSinceConfigured(workspace, ad, readOf(groups, ad.id))]));
  const currency = currencyOf(view, ads[0]?.account ?? null);
  const question = { workspaceId: workspace.id, sourceId: app.id, level: 'ad', spans, currency } as const;
  const figures = await readFigures(connection, question);
  return ads.map((ad) => ({ ad, figures: readOf(figures, ad.id) }));
}

/** From the day on which the first was set up; null: nothing was, so nothing is left out. */
function spanSinceConfigured(
  { parts }: Workspace,
  { campaignId }: ListedAd,
  { firstAt }: ConfiguredGroups,
): AskedDays | null {
  const conversion =
    campaignId === null ? undefined : parts.get(conversationRules).conversions.get(campaignId);
  const times = [conversion?.createdAt, firstAt].flatMap((date) => date?.getTime() ?? []);
  if (times.length === 0) return null;
  return { first: utcDayOf(Math.min(...times)), last: null };
}

export async function viewCampaigns(
  connection: Queryable,
  view: AppFigures,
  adAccountId: string,
  page: Page,
): Promise<{ views: CampaignView[]; total: number }> {
  const { campaigns, total } = await listCampaigns(connection, view.workspace.id, adAccountId, page);
  return { views: await sumCampaigns(connection, view, campaigns), total };
}

export async function viewCampaign(
  connection: Queryable,
  view: AppFigures,
  campaignId: string,
): Promise<CampaignView | undefined> {
  const campaign = await findCampaign(connection, view.workspace.id, campaignId);
  return campaign && (await sumCampaigns(connection, view, [campaign]))[0];
}

/** The campaigns are of one account. */
async function sumCampaigns(
  connection: Queryable,
  view: AppFigures,
  campaigns: readonly ListedCampaign[],
): Promise<CampaignView[]> {
  const currency = currencyOf(view, campaigns[0]?.account ?? null);
  const ids = campaigns.map(({ id }) => id);
  const figures = await sumUp(connection, view, 'campaign', ids, null, currency);
  return campaigns.map((campaign) => ({ campaign, currency, figures: readOf(figures, campaign.id) }));
}

/** A page of the ad sets of a campaign, their figures of the span. */
export async function viewAdSets(
  connection: Queryable,
  view: AppFigures,
  { id, account }: ListedCampaign,
  span: AskedDays | null,
  page: Page,
): Promise<{ views: AdSetView[]; total: number }> {
  const { adSets, total } = await listAdSets(connection, view.workspace.id, id, page);
  const ids = adSets.map((adSet) => adSet.id);
  const figures = await sumUp(connection, view, 'ad-set', ids, span, currencyOf(view, account));
  return { views: adSets.map((adSet) => ({ adSet, figures: readOf(figures, adSet.id) })), total };
}

/** Of an ad or a campaign: each day that it has figures on, oldest first. */
export async function viewDays(
  connection: Queryable,
  view: AppFigures,
  of: AdOrCampaign,
  span: AskedDays | null,
): Promise<{ day: string; figures: AdFigures }[]> {
  return readDailyFigures(connection, {
    ...questionOf(view, of, span),
    currency: currencyOf(view, of.account),
  });
}

/** Of an ad or a campaign: what each of its events amounts to in the span, with the figures that they are measured against. */
export async function viewEvents(
  connection: Queryable,
  view: AppFigures,
  of: AdOrCampaign,
  span: AskedDays | null,
): Promise<{ events: EventSum[]; figures: AdFigures }> {
  const [events, figures] = await Promise.all([
    fetchEventSums(connection, { ...questionOf(view, of, span), daily: false }),
    sumUp(connection, view, of.level, [of.id], span, currencyOf(view, of.account)),
  ]);
  return { events, figures: readOf(figures, of.id) };
}

/** An ad or a campaign that was found. */
export interface AdOrCampaign {
  readonly level: Exclude<AdLevel, 'ad-set'>;
  readonly id: string;
  readonly account: AccountName | null;
}

/** What amounts are in, where the ad account's is not known: the workspace's. */
export function currencyOf({ workspace }: AppFigures, account: AccountName | null): string {
  return account?.currency ?? workspace.currency;
}

function questionOf(
  view: AppFigures,
  { level, id }: AdOrCampaign,
  span: AskedDays | null,
): Omit<SumsQuestion, 'daily'> {
  return {
    workspaceId: view.workspace.id,
    sourceId: view.app.id,
    level,
    spans: new Map([[id, span]]),
  };
}

function sumUp(
  connection: Queryable,
  { workspace, app }: AppFigures,
  level: AdLevel,
  ids: readonly string[],
  span: AskedDays | null,
  currency: string,
): Promise<Map<string, AdFigures>> {
  const spans = new Map(ids.map((id) => [id, span]));
  return readFigures(connection, { workspaceId: workspace.id, sourceId: app.id, level, spans, currency });
}

/** What was read of one of the ads or campaigns that were asked for: there is something of each. */
function readOf<Read>(read: ReadonlyMap<string, Read>, id: string): Read {
  const found = read.get(id);
  if (found === undefined) throw new Error(`nothing was read of ${id}`);
  return found;
}
