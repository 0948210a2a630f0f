import assert from 'node:assert/strict';
import { upsertAds } from '../../../src/dialects/signals/advertising/ad-store.ts';
import type { TestApp, TestWorkspace } from '../../helpers/app.ts';

/** Makes ads known with their campaigns, as a refresh of the advertising account does. */
export async function knowAds(
  test: TestApp,
  workspace: TestWorkspace,
  campaignOfAd: Readonly<Record<string, string>>,
): Promise<void> {
  const ads = Object.entries(campaignOfAd).map(([id, campaignId]) => ({
    id,
    campaignId,
    adAccountId: workspace.credentials.signals.adAccountId,
    adSetId: null,
    adSetName: null,
    adSetStatus: null,
    pageId: null,
    pageName: null,
    name: `Ad ${id}`,
    status: 'ACTIVE',
    createdTime: null,
    updatedTime: null,
  }));
  await upsertAds(test.database, workspace.created.id, ads, new Date());
}

/** Turns the tracking of the workspace's first app on or off. */
export async function trackApp(test: TestApp, enabled: boolean): Promise<void> {
  const path = `/signals/apps/${test.workspace.credentials.signals.appId}/tracking`;
  const { status, text } = await test.native.call('PUT', path, { body: { enabled } });
  assert.equal(status, 200, text);
}
