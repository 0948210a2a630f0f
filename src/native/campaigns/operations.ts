import { listImplicitCampaigns } from '../../core/campaign/campaign-store.ts';
import { deleteCampaign } from '../../core/campaign/delete-campaign.ts';
import { lowestId } from '../../core/id.ts';
import { findSource, type Workspace } from '../../core/workspace/workspace.ts';
import { RequestError } from '../../errors.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { inWorkspace } from '../guards.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { presentCampaign } from './present.ts';
import { CampaignDeletionReply, CampaignParameters, CampaignsQuery, CampaignsReply } from './schemas.ts';

const path = '/workspaces/:workspace/campaigns';
/** Of 1,000 touchpoints each, so that the answer comes within a few seconds. */
const slicesPerCall = 20;

/** Campaigns that appeared from traffic: what is none of one's own can be deleted. */
export const campaignOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path,
    summary: 'List the campaigns that appeared from traffic',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, query: CampaignsQuery },
    replies: { 200: CampaignsReply, ...errors(404) },
    handle: async ({ services, access: { workspace }, query }) => {
      const { integration, keyless, after = lowestId, limit } = query;
      const sourceId = integration === undefined ? undefined : sourceOf(workspace, integration);
      const question = { sourceId, keyless, after, limit: limit + 1 };
      const found = await listImplicitCampaigns(services.database, workspace.id, question);
      const page = found.slice(0, limit);
      return {
        campaigns: page.map((campaign) => presentCampaign(workspace, campaign)),
        next: found.length > limit ? (page.at(-1)?.id ?? null) : null,
      };
    },
  }),
  operation({
    method: 'DELETE',
    path: `${path}/:campaignId`,
    summary: 'Delete a campaign that appeared from traffic',
    description: 'Its visits stay, without a campaign. The next visit that names it makes another.',
    guard: inWorkspace,
    checks: { path: CampaignParameters },
    replies: { 200: CampaignDeletionReply, ...errors(404, 409) },
    handle: async ({ services, access, path: { campaignId } }) => {
      const now = new Date(services.clock());
      const deleted = await deleteCampaign(services, access.workspace.id, campaignId, slicesPerCall, now);
      if (!deleted) throw new RequestError('not-found', 'There is no such campaign.');
      if (deleted === 'kept')
        throw new RequestError('conflict', 'A call has made this campaign, or it has outlays: it stays.');
      return deleted;
    },
  }),
];

function sourceOf(workspace: Workspace, wmktId: string): number {
  const source = findSource(workspace, 'webmarketer', 'integration', wmktId);
  if (!source) throw new RequestError('not-found', 'There is no such integration.');
  return source.id;
}
