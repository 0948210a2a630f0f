import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { DayScope, DaySpan } from './ad-day-store.ts';
import type { AdPlatform, PlatformDay, PlatformFailure } from './ad-platform.ts';
import { readAds } from './ad-store.ts';
import { type Ad, unknownAdStatus } from './advertising.ts';
import type { AdvertisingServices } from './advertising-services.ts';
import { daysOf } from './plan-days.ts';
import { replaceDay, storeAds } from './store-advertising.ts';

/** Reads a span's numbers and writes them in place of what was known. */
export async function refreshDays(
  services: AdvertisingServices,
  workspaceId: WorkspaceId,
  scope: DayScope,
  adAccountId: string | null,
  span: DaySpan,
  platform: AdPlatform,
): Promise<PlatformFailure | undefined> {
  const answer = await platform.readDays(scope, span);
  if (answer.kind !== 'answer') return answer;
  await storeUnknownAds(services, workspaceId, adAccountId, answer.value);
  const byDay = Map.groupBy(answer.value, ({ day }) => day);
  for (const day of daysOf(span)) await replaceDay(services, workspaceId, scope, day, byDay.get(day) ?? []);
  return undefined;
}

/** Numbers may be of ads that no list has named; what stands beside the numbers is then all that is known of them. */
async function storeUnknownAds(
  services: AdvertisingServices,
  workspaceId: WorkspaceId,
  adAccountId: string | null,
  days: readonly PlatformDay[],
): Promise<void> {
  const told = new Map(days.map((day) => [day.adId, day]));
  const known = await readAds(services.database, workspaceId, [...told.keys()]);
  for (const { id } of known) told.delete(id);
  const ads = [...told.values()].map(
    (day): Ad => ({
      id: day.adId,
      adAccountId,
      campaignId: day.campaignId,
      adSetId: day.adSetId,
      adSetName: day.adSetName,
      adSetStatus: null,
      pageId: null,
      pageName: null,
      name: day.adName,
      status: unknownAdStatus,
      createdTime: null,
      updatedTime: null,
    }),
  );
  if (ads.length > 0) await storeAds(services, workspaceId, ads);
}
