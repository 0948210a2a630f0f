import { isDeepStrictEqual } from 'node:util';
import { readCampaign } from '../../../core/campaign/campaign-store.ts';
import { newRecordId } from '../../../core/id.ts';
import { changeWorkspace } from '../../../core/workspace/change-workspace.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { CampaignServices } from './manage-campaigns.ts';
import type { Outlay, OutlayFacts } from './outlay.ts';
import { insertOutlay, readOutlay, updateOutlayRow } from './outlay-store.ts';

/** `sourceId`: the integration, whose campaigns alone can have the outlay. */
export function createOutlay(
  services: CampaignServices,
  workspaceId: WorkspaceId,
  sourceId: number,
  wanted: OutlayFacts & Pick<Outlay, 'currency'>,
): Promise<Outlay | 'no-such-campaign' | 'dates-reversed'> {
  return changeWorkspace(services, workspaceId, new Date(services.clock()), async ({ tx, now }) => {
    if (!(await readCampaign(tx, workspaceId, sourceId, wanted.campaignId))) return 'no-such-campaign';
    if (wanted.startsAt >= wanted.endsAt) return 'dates-reversed';
    const outlay: Outlay = {
      id: newRecordId(now.getTime()),
      ...wanted,
      createdAt: now,
      updatedAt: now,
    };
    await insertOutlay(tx, workspaceId, outlay);
    return outlay;
  });
}

export interface OutlayAddress {
  readonly sourceId: number;
  readonly campaignId: string;
  readonly id: string;
}

/**
 * Changes what is given, and moves the outlay where that is another campaign of the integration; answers whether anything differs
 * from what was.
 */
export function updateOutlay(
  services: CampaignServices,
  workspaceId: WorkspaceId,
  { sourceId, campaignId, id }: OutlayAddress,
  change: Partial<OutlayFacts>,
): Promise<{ readonly modified: boolean } | 'no-such-outlay' | 'no-such-campaign' | 'dates-reversed'> {
  return changeWorkspace(services, workspaceId, new Date(services.clock()), async ({ tx, now }) => {
    const parent = await readCampaign(tx, workspaceId, sourceId, campaignId);
    const outlay = parent && (await readOutlay(tx, workspaceId, campaignId, id));
    if (!outlay) return 'no-such-outlay';
    const updated: Outlay = { ...outlay, ...change };
    if (updated.startsAt >= updated.endsAt) return 'dates-reversed';
    if (updated.campaignId !== campaignId) {
      if (!(await readCampaign(tx, workspaceId, sourceId, updated.campaignId))) return 'no-such-campaign';
    }
    if (isDeepStrictEqual(updated, outlay)) return { modified: false };
    await updateOutlayRow(tx, workspaceId, { ...updated, updatedAt: now });
    return { modified: true };
  });
}
