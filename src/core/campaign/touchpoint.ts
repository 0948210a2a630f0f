import { findSource, type Workspace } from '../workspace/workspace.ts';
import { type Arrival, arrivalOf } from './arrival.ts';
import { unnamedSlug } from './campaign.ts';
import { type Channel, channelOfVisit } from './channel.ts';
import { type Landing, readSlug } from './landing.ts';

/** One that is there, or one by its slug, which is made (implicitly) if there is none. The latter needs a source. */
export type CampaignReference = { readonly id: string } | { readonly slug: string };

/** A contact of a person with the brand, as it comes in: a visit, an offline interaction. */
export interface TouchpointFacts {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly channel: Channel;
  /** The integration. */
  readonly sourceId: number | null;
  readonly campaign: CampaignReference | null;
  /** The ad that was clicked on, by the id that its platform gives it; the dialect knows which campaign of the platform it is of. */
  readonly adId: string | null;
  /** What this one contact cost, where that is known. */
  readonly cost: { readonly amount: number; readonly currency: string } | null;
  readonly detail: Record<string, unknown> | null;
  /** Null where nobody arrived anywhere. */
  readonly arrival: Arrival | null;
}

/**
 * The touchpoint that a visit is. Traffic of an integration belongs to the campaign that it names, by `cid`, else by `utm_campaign`,
 * else to the integration's campaign without a name; an unknown `wmktid` is kept in the detail, and the visit counts without one.
 */
export function touchpointOfVisit(workspace: Workspace, landing: Landing, at: number): TouchpointFacts {
  const source =
    landing.wmktId === null ? undefined : findSource(workspace, 'webmarketer', 'integration', landing.wmktId);
  const integration = source?.archivedAt === null ? source : undefined;
  const slug = landing.campaignSlug ?? readSlug(landing.utm.campaign) ?? unnamedSlug;
  const { page, referrerHost, utm, clickIds, wmktId, campaignSlug } = landing;
  return {
    at,
    channel: integration ? 'custom-ads' : channelOfVisit(landing),
    sourceId: integration?.id ?? null,
    campaign: integration ? { slug } : null,
    adId: null,
    cost: null,
    detail: { page, referrerHost, utm, clickIds, wmktId, cid: campaignSlug },
    arrival: arrivalOf(landing),
  };
}
