import type { Static } from 'typebox';
import type { Campaign } from '../../core/campaign/campaign.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import type { CampaignSchema } from './schemas.ts';

export function presentCampaign(workspace: Workspace, campaign: Campaign): Static<typeof CampaignSchema> {
  return {
    id: campaign.id,
    integration: workspace.sources.get(campaign.sourceId)?.externalId ?? null,
    slug: campaign.slug,
    keyless: campaign.keyless,
    createdAt: campaign.createdAt.toISOString(),
  };
}
