import { type Campaign, maximumCampaigns } from '../../../core/campaign/campaign.ts';
import {
  countCampaigns,
  insertCampaign,
  readCampaign,
  readCampaignBySlug,
  updateCampaignRow,
} from '../../../core/campaign/campaign-store.ts';
import type { Clock } from '../../../core/clock.ts';
import { newRecordId } from '../../../core/id.ts';
import { changeWorkspace } from '../../../core/workspace/change-workspace.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Database } from '../../../store/database.ts';

export interface CampaignServices {
  readonly database: Database;
  readonly clock: Clock;
}

/**
 * An explicit campaign. Where traffic has made an implicit one of this slug, that one becomes explicit and keeps its id, so what
 * led to it stays (docs/spec/webmarketer.md B11).
 */
export function createCampaign(
  services: CampaignServices,
  workspaceId: WorkspaceId,
  sourceId: number,
  wanted: Pick<Campaign, 'slug' | 'name' | 'active'>,
): Promise<Campaign | 'slug-taken' | 'too-many'> {
  return changeWorkspace(services, workspaceId, new Date(services.clock()), async ({ tx, now }) => {
    const implicit = await readCampaignBySlug(tx, workspaceId, sourceId, wanted.slug);
    if (implicit?.explicit) return 'slug-taken';
    if (!implicit && (await countCampaigns(tx, workspaceId, sourceId)) >= maximumCampaigns) return 'too-many';
    const campaign: Campaign = {
      id: implicit?.id ?? newRecordId(now.getTime()),
      sourceId,
      ...wanted,
      explicit: true,
      keyless: false,
      createdAt: implicit?.createdAt ?? now,
      updatedAt: now,
    };
    if (implicit) await updateCampaignRow(tx, workspaceId, campaign);
    else await insertCampaign(tx, workspaceId, campaign);
    return campaign;
  });
}

/** Changes what is given; answers whether that differs from what was. Undefined when the integration has no such campaign. */
export function updateCampaign(
  services: CampaignServices,
  workspaceId: WorkspaceId,
  sourceId: number,
  id: string,
  change: Partial<Pick<Campaign, 'name' | 'active'>>,
): Promise<{ readonly modified: boolean } | undefined> {
  return changeWorkspace(services, workspaceId, new Date(services.clock()), async ({ tx, now }) => {
    const campaign = await readCampaign(tx, workspaceId, sourceId, id);
    if (!campaign) return undefined;
    const updated: Campaign = { ...campaign, ...change, updatedAt: now };
    if (updated.name === campaign.name && updated.active === campaign.active) return { modified: false };
    await updateCampaignRow(tx, workspaceId, updated);
    return { modified: true };
  });
}
