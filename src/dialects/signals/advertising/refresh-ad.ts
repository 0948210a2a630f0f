import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { readAdAccount, upsertDiscoveredAdAccounts } from './ad-account-store.ts';
import { readAdCampaign } from './ad-campaign-store.ts';
import type { AdPlatform, PlatformAd, PlatformFailure, PlatformLimits } from './ad-platform.ts';
import { listAdIds, readAds } from './ad-store.ts';
import { type AdCampaign, deletedAdStatus } from './advertising.ts';
import { type AdvertisingServices, writeAdvertising } from './advertising-services.ts';
import { type Connection, noteFailure, openAllConnections, openConnection } from './connection.ts';
import { planSpan } from './plan-days.ts';
import { readUnlistedAds } from './read-unlisted-ads.ts';
import { refreshDays } from './refresh-days.ts';
import type { RefreshOutcome } from './refresh-outcome.ts';
import { storeCampaigns, storeDeletedAds } from './store-advertising.ts';
import { storeStructure } from './store-structure.ts';

/** Through how many Facebook accounts an ad is looked for of which only a message has told. */
const maximumConnections = 10;

/** It may well be there: nothing is known but that the token is not allowed to see it. */
const noPermission: PlatformFailure = { kind: 'refused', reason: 'the token has no permission to read it' };

/** Brings an ad, its campaign and its daily numbers to what Meta tells now. */
export async function refreshAd(
  services: AdvertisingServices,
  workspaceId: WorkspaceId,
  adId: string,
  limits: PlatformLimits,
): Promise<RefreshOutcome> {
  const [ad] = await readAds(services.database, workspaceId, [adId]);
  if (!ad) return { kind: 'unknown' };
  if (ad.adAccountId !== null) {
    const connection = await connectionOf(services, workspaceId, ad.adAccountId, limits);
    if (!('platform' in connection)) return connection;
    const found = await readThrough(services, workspaceId, connection, adId);
    if (found === 'not-there') {
      await storeDeletedAds(services, workspaceId, [adId]);
      return { kind: 'refreshed' };
    }
    return found;
  }
  let failed: RefreshOutcome = { kind: 'not-connected' };
  for (const connection of await openAllConnections(services, workspaceId, limits, maximumConnections)) {
    const found = await readThrough(services, workspaceId, connection, adId);
    if (found !== 'not-there') {
      if (found.kind === 'refreshed') return found;
      failed = found;
    }
  }
  return failed;
}

async function readThrough(
  services: AdvertisingServices,
  workspaceId: WorkspaceId,
  connection: Connection,
  adId: string,
): Promise<RefreshOutcome | 'not-there'> {
  const { platform } = connection;
  const answer = await platform.readAds([adId]);
  if (answer.kind === 'answer' && answer.value.found.length + answer.value.hidden.length === 0)
    return 'not-there';
  const failure =
    answer.kind === 'answer'
      ? await storeAnswered(services, workspaceId, connection, answer.value.found)
      : answer;
  if (!failure) return { kind: 'refreshed' };
  await noteFailure(services, workspaceId, connection, failure);
  return failure;
}

async function storeAnswered(
  services: AdvertisingServices,
  workspaceId: WorkspaceId,
  { facebookAccountId, platform }: Connection,
  [told]: readonly PlatformAd[],
): Promise<PlatformFailure | undefined> {
  if (!told) return noPermission;
  const { adAccountId } = told.ad;
  if (!adAccountId) return { kind: 'refused', reason: 'an ad was answered without its account' };
  if (!(await readAdAccount(services.database, workspaceId, adAccountId))) {
    const account = await platform.readAdAccount(adAccountId);
    if (account.kind !== 'answer') return account;
    await writeAdvertising(services, workspaceId, (tx) =>
      upsertDiscoveredAdAccounts(
        tx,
        workspaceId,
        [{ ...account.value, facebookAccountId }],
        new Date(services.clock()),
      ),
    );
  }
  const failure = await storeStructure(services, workspaceId, adAccountId, [], [told], platform);
  if (failure) return failure;
  const span = await spanOf(services, workspaceId, adAccountId);
  return refreshDays(services, workspaceId, { adId: told.ad.id }, adAccountId, span, platform);
}

/** Brings a campaign, its ads and their daily numbers to what Meta tells now: a campaign's numbers are the sums of its ads'. */
export async function refreshCampaign(
  services: AdvertisingServices,
  workspaceId: WorkspaceId,
  campaignId: string,
  limits: PlatformLimits,
): Promise<RefreshOutcome> {
  const campaign = await readAdCampaign(services.database, workspaceId, campaignId);
  if (!campaign) return { kind: 'unknown' };
  if (campaign.adAccountId === null) return { kind: 'not-connected' };
  const connection = await connectionOf(services, workspaceId, campaign.adAccountId, limits);
  if (!('platform' in connection)) return connection;
  const failure = await refreshCampaignThrough(
    services,
    workspaceId,
    { ...campaign, adAccountId: campaign.adAccountId },
    connection.platform,
  );
  if (!failure) return { kind: 'refreshed' };
  await noteFailure(services, workspaceId, connection, failure);
  return failure;
}

async function refreshCampaignThrough(
  services: AdvertisingServices,
  workspaceId: WorkspaceId,
  campaign: AdCampaign & { readonly adAccountId: string },
  platform: AdPlatform,
): Promise<PlatformFailure | undefined> {
  const { id, adAccountId } = campaign;
  const told = await platform.readCampaigns([id]);
  if (told.kind !== 'answer') return told;
  if (told.value.hidden.length > 0) return noPermission;
  if (told.value.found.length === 0) {
    await storeCampaigns(services, workspaceId, [{ ...campaign, status: deletedAdStatus }]);
    return undefined;
  }
  const listed = await platform.listAds({ campaignId: id });
  if (listed.kind !== 'answer') return listed;
  const stored = await listAdIds(services.database, workspaceId, adAccountId, id);
  const unlisted = await readUnlistedAds(platform, listed.value, stored);
  if (unlisted.kind !== 'answer') return unlisted;
  const { found, gone } = unlisted.value;
  const ads = [...listed.value, ...found];
  const failure = await storeStructure(services, workspaceId, adAccountId, told.value.found, ads, platform);
  if (failure) return failure;
  await storeDeletedAds(services, workspaceId, gone);
  const span = await spanOf(services, workspaceId, adAccountId);
  return refreshDays(services, workspaceId, { campaignId: id }, adAccountId, span, platform);
}

async function connectionOf(
  services: AdvertisingServices,
  workspaceId: WorkspaceId,
  adAccountId: string,
  limits: PlatformLimits,
) {
  const account = await readAdAccount(services.database, workspaceId, adAccountId);
  return openConnection(services, workspaceId, account?.facebookAccountId ?? null, limits);
}

async function spanOf(services: AdvertisingServices, workspaceId: WorkspaceId, adAccountId: string) {
  const account = await readAdAccount(services.database, workspaceId, adAccountId);
  const known = account ?? { timezone: null, refreshedAt: null };
  return planSpan(known, services.clock(), services.backfillDays);
}
