import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { updateAdAccountFacts } from './ad-account-store.ts';
import type { AdPlatform, PlatformFailure } from './ad-platform.ts';
import { listAdIds, listUnknownAdIds } from './ad-store.ts';
import type { AdvertisingServices } from './advertising-services.ts';
import { readUnlistedAds } from './read-unlisted-ads.ts';
import { storeDeletedAds } from './store-advertising.ts';
import { storeStructure } from './store-structure.ts';

/** Ads that only messages have told of, asked for by id: one batch. */
const maximumUnknownAds = 50;

/** Brings an account's own properties, its campaigns and its ads to what Meta tells now. */
export async function refreshStructure(
  services: AdvertisingServices,
  workspaceId: WorkspaceId,
  id: string,
  platform: AdPlatform,
): Promise<PlatformFailure | undefined> {
  const { database, clock } = services;
  const facts = await platform.readAdAccount(id);
  if (facts.kind !== 'answer') return facts;
  await updateAdAccountFacts(database, workspaceId, facts.value, new Date(clock()));
  const campaigns = await platform.listCampaigns(id);
  if (campaigns.kind !== 'answer') return campaigns;
  const listed = await platform.listAds({ adAccountId: id });
  if (listed.kind !== 'answer') return listed;
  const stored = await listAdIds(database, workspaceId, id);
  const rumoured = await listUnknownAdIds(database, workspaceId, maximumUnknownAds);
  const unlisted = await readUnlistedAds(platform, listed.value, stored, rumoured);
  if (unlisted.kind !== 'answer') return unlisted;
  const { found, gone } = unlisted.value;
  const own = [...listed.value, ...found.filter(({ ad }) => ad.adAccountId === id)];
  const failure = await storeStructure(services, workspaceId, id, campaigns.value, own, platform);
  if (failure) return failure;
  await storeDeletedAds(services, workspaceId, gone);
  return undefined;
}
