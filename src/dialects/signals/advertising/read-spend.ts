import type { ReadSpend } from '../../../core/attribution/spend.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { readAppSettings } from '../settings.ts';
import { readSpendDays } from './ad-day-store.ts';

/**
 * What ads cost by day, as Meta tells it in the ad account's currency. Days are the account's: what was spent on one of them can't be cut,
 * so it counts on the workspace's day of that date. Nothing counts of an account whose currency is not known.
 */
export const readSpend: ReadSpend = async (connection, workspace, days) => {
  const apps = appsByAccount(workspace);
  const rows = await readSpendDays(connection, workspace.id, days);
  return rows.map(({ adId, campaignId, adAccountId, day, spend, currency }) => ({
    origin: {
      dialect: 'signals',
      // Of the clicks on them (conversation/click-touchpoint.ts).
      channel: 'paid-social',
      sourceId: apps.get(adAccountId) ?? null,
      campaignId: null,
      adId,
      platformCampaign: campaignId,
      utmSource: null,
      utmMedium: null,
    },
    day,
    amount: spend,
    currency,
  }));
};

/** The app whose ads an account pays; null where there are several, since nobody tells which of them an ad is for. */
function appsByAccount({ sources }: Workspace): ReadonlyMap<string, number | null> {
  const apps = new Map<string, number | null>();
  for (const { id, dialect, settings } of sources.values()) {
    if (dialect !== 'signals') continue;
    const { adAccountId } = readAppSettings(settings);
    if (adAccountId !== undefined) apps.set(adAccountId, apps.has(adAccountId) ? null : id);
  }
  return apps;
}
