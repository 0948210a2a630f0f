import type { AdIds, AdNames } from '../../../core/attribution/spend.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { readAdCampaignNames } from './ad-campaign-store.ts';
import { readAdNamesOf } from './ad-store.ts';

export async function readAdNames(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { campaignIds, adIds }: AdIds,
): Promise<AdNames> {
  const [campaigns, ads] = await Promise.all([
    readAdCampaignNames(connection, workspaceId, campaignIds),
    readAdNamesOf(connection, workspaceId, adIds),
  ]);
  return { campaigns, ads };
}
