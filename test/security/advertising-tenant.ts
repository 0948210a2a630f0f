import { importAds } from '../../src/dialects/signals/advertising/import-advertising.ts';
import { putFacebookAccount } from '../../src/dialects/signals/advertising/manage-accounts.ts';
import { advertisingOf } from '../../src/dialects/signals/connector/connect-advertising.ts';
import type { TestApp, TestWorkspace } from '../helpers/app.ts';

export interface AdvertisingIds {
  readonly facebookAccount: string;
  readonly adCampaign: string;
  readonly ad: string;
}

/** Gives a tenant a Facebook account with a token, a campaign and an ad; with the texts that no other may see. */
export async function addAdvertising(
  test: TestApp,
  { created, credentials }: TestWorkspace,
  name: string,
  number: string,
): Promise<{ ids: AdvertisingIds; privateTexts: string[] }> {
  const advertising = advertisingOf(test.app.services);
  const ids = { facebookAccount: `71${number}`, adCampaign: `72${number}`, ad: `73${number}` };
  const email = `advertiser-${name}@secret.example`;
  const accessToken = `secret-token-of-${name}`;
  await putFacebookAccount(advertising, created.id, { id: ids.facebookAccount, email, accessToken });
  const adAccountId = credentials.signals.adAccountId;
  const page = { pageId: null, pageName: null };
  const campaign = { adAccountId, status: 'ACTIVE', startTime: null, stopTime: null, ...page };
  const ad = { adAccountId, campaignId: ids.adCampaign, status: 'ACTIVE', ...page };
  const times = { createdTime: null, updatedTime: null };
  const adSet = { adSetId: null, adSetName: null, adSetStatus: null };
  await importAds(
    advertising,
    created.id,
    [{ id: ids.adCampaign, name: `secret campaign of ${name}`, ...campaign }],
    [{ id: ids.ad, name: `secret ad of ${name}`, ...ad, ...adSet, ...times }],
  );
  return {
    ids,
    privateTexts: [email, accessToken, `secret campaign of ${name}`, `secret ad of ${name}`],
  };
}
