import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { AdPlatform, PlatformAd, PlatformFailure } from './ad-platform.ts';
import type { Ad, AdCampaign } from './advertising.ts';
import type { AdvertisingServices } from './advertising-services.ts';
import { storeAds, storeCampaigns } from './store-advertising.ts';

/** Writes campaigns and ads with the names of their pages; a campaign's page is that of its ads. */
export async function storeStructure(
  services: AdvertisingServices,
  workspaceId: WorkspaceId,
  adAccountId: string,
  campaigns: readonly AdCampaign[],
  ads: readonly PlatformAd[],
  platform: AdPlatform,
): Promise<PlatformFailure | undefined> {
  const pages = [...new Set(ads.flatMap(({ ad }) => ad.pageId ?? []))];
  const names = await platform.readPageNames(pages);
  if (names.kind !== 'answer') return names;
  const nameOf = (pageId: string | null) => (pageId === null ? null : (names.value.get(pageId) ?? null));
  const pageOfCampaign = new Map(ads.flatMap(({ ad }) => (ad.pageId ? [[ad.campaignId, ad.pageId]] : [])));
  const told = [...ads.flatMap(({ campaign }) => campaign ?? []), ...campaigns].map(
    (campaign): AdCampaign => {
      const pageId = pageOfCampaign.get(campaign.id) ?? campaign.pageId;
      return {
        ...campaign,
        adAccountId: campaign.adAccountId ?? adAccountId,
        pageId,
        pageName: nameOf(pageId),
      };
    },
  );
  await storeCampaigns(services, workspaceId, told);
  await storeAds(
    services,
    workspaceId,
    ads.map(
      ({ ad }): Ad => ({ ...ad, adAccountId: ad.adAccountId ?? adAccountId, pageName: nameOf(ad.pageId) }),
    ),
  );
  return undefined;
}
