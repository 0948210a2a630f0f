import { isDeepStrictEqual } from 'node:util';
import { readCampaign } from '../../../core/campaign/campaign-store.ts';
import { newRecordId } from '../../../core/id.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { lockHead, storeHead } from '../../../core/workspace/workspace-store.ts';
import { inTransaction } from '../../../store/transaction.ts';
import type { CampaignServices } from './manage-campaigns.ts';
import type { Outlay, OutlayFacts } from './outlay.ts';
import { insertOutlay, readOutlay, updateOutlayRow } from './outlay-store.ts';

/** `sourceId`: the integration, whose campaigns alone can have the outlay. */
export function createOutlay(
  { database, clock }: CampaignServices,
  workspaceId: WorkspaceId,
  sourceId: number,
  wanted: OutlayFacts & Pick<Outlay, 'currency'>,
): Promise<Outlay | 'no-such-campaign' | 'dates-reversed'> {
  return inTransaction(database, async (tx) => {
    const head = await lockHead(tx, workspaceId);
    if (!(await readCampaign(tx, workspaceId, sourceId, wanted.campaignId))) return 'no-such-campaign';
    if (wanted.startsAt >= wanted.endsAt) return 'dates-reversed';
    const now = new Date(clock());
    const outlay: Outlay = {
      id: newRecordId(now.getTime()),
      ...wanted,
      createdAt: now,
      updatedAt: now,
    };
    await insertOutlay(tx, workspaceId, outlay);
    await storeHead(tx, workspaceId, head);
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
  { database, clock }: CampaignServices,
  workspaceId: WorkspaceId,
  { sourceId, campaignId, id }: OutlayAddress,
  change: Partial<OutlayFacts>,
): Promise<{ readonly modified: boolean } | 'no-such-outlay' | 'no-such-campaign' | 'dates-reversed'> {
  return inTransaction(database, async (tx) => {
    const head = await lockHead(tx, workspaceId);
    const parent = await readCampaign(tx, workspaceId, sourceId, campaignId);
    const outlay = parent && (await readOutlay(tx, workspaceId, campaignId, id));
    if (!outlay) return 'no-such-outlay';
    const updated: Outlay = { ...outlay, ...change };
    if (updated.startsAt >= updated.endsAt) return 'dates-reversed';
    if (updated.campaignId !== campaignId) {
      if (!(await readCampaign(tx, workspaceId, sourceId, updated.campaignId))) return 'no-such-campaign';
    }
    if (isDeepStrictEqual(updated, outlay)) return { modified: false };
    await updateOutlayRow(tx, workspaceId, { ...updated, updatedAt: new Date(clock()) });
    await storeHead(tx, workspaceId, head);
    return { modified: true };
  });
}
