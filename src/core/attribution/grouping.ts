import type { Origin } from './touch.ts';

/** What the touches of a report are grouped by: `source` and `medium` are those of utm parameters, `integration` is the source of events. */
export const groupings = ['campaign', 'channel', 'integration', 'source', 'medium', 'api'] as const;

export type Grouping = (typeof groupings)[number];

/** Leads the id of an ad of which no campaign is known, where campaigns are told apart. */
export const lonelyAd = 'ad:';

/**
 * The group of touches of an origin; null: they are of none, as direct visits are of no campaign. A campaign is one of an integration's, by
 * its UUID, or the one that an advertising platform runs, by the platform's id.
 */
export function keyOf(grouping: Grouping, origin: Origin): string | null {
  switch (grouping) {
    case 'campaign':
      return (
        origin.campaignId ?? origin.platformCampaign ?? (origin.adId === null ? null : lonelyAd + origin.adId)
      );
    case 'channel':
      return origin.channel;
    case 'integration':
      return origin.sourceId === null ? null : String(origin.sourceId);
    case 'source':
      return origin.utmSource;
    case 'medium':
      return origin.utmMedium;
    case 'api':
      return origin.dialect;
  }
}
