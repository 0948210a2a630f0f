import { changeConfiguration } from '../../../src/core/workspace/change-configuration.ts';
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

/** Turns the tracking of a workspace's apps on or off. */
export async function trackApp(
  test: TestApp,
  workspace: TestWorkspace,
  ctwaTracking: boolean,
): Promise<void> {
  await changeConfiguration(test.app.services, workspace.created.id, new Date(), async ({ tx }) => {
    await tx.query(
      `update source set settings = settings || $2::text::jsonb where workspace_id = $1 and dialect = 'signals'`,
      [workspace.created.id, JSON.stringify({ ctwaTracking })],
    );
  });
}
