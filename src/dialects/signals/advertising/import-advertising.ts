import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { listAdAccounts } from './ad-account-store.ts';
import { readAds } from './ad-store.ts';
import type { Ad, AdCampaign, AdDay } from './advertising.ts';
import type { AdvertisingServices } from './advertising-services.ts';
import { storeAds, storeCampaigns, storeDays } from './store-advertising.ts';

type ImportServices = Pick<AdvertisingServices, 'database' | 'workspaces' | 'clock' | 'startJobs'>;

/** Why nothing of an import was taken. */
export interface ImportFault {
  /** Which of the items, from 0. */
  readonly index: number;
  readonly fault: 'no-such-ad-account' | 'no-such-ad';
}

/** Writes ads and campaigns by hand, where nothing reads them from Meta. Undefined when all are taken, else none is. */
export async function importAds(
  services: ImportServices,
  workspaceId: WorkspaceId,
  campaigns: readonly AdCampaign[],
  ads: readonly Ad[],
): Promise<ImportFault | undefined> {
  const accounts = new Set((await listAdAccounts(services.database, workspaceId)).map(({ id }) => id));
  for (const [index, { adAccountId }] of [...campaigns, ...ads].entries())
    if (adAccountId !== null && !accounts.has(adAccountId)) return { index, fault: 'no-such-ad-account' };
  await storeCampaigns(services, workspaceId, campaigns);
  await storeAds(services, workspaceId, ads);
  return undefined;
}

/** Writes daily numbers by hand; a day that is given again replaces what was there. Undefined when all are taken, else none is. */
export async function importAdDays(
  services: ImportServices,
  workspaceId: WorkspaceId,
  days: readonly AdDay[],
): Promise<ImportFault | undefined> {
  const named = [...new Set(days.map(({ adId }) => adId))];
  const known = new Set((await readAds(services.database, workspaceId, named)).map(({ id }) => id));
  const index = days.findIndex(({ adId }) => !known.has(adId));
  if (index >= 0) return { index, fault: 'no-such-ad' };
  const distinct = new Map(days.map((day) => [`${day.adId} ${day.day}`, day]));
  await storeDays(services, workspaceId, [...distinct.values()]);
  return undefined;
}
