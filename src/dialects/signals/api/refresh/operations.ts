import type { FastifyInstance } from 'fastify';
import type { WorkspaceId } from '../../../../core/workspace/workspace.ts';
import { accessOf } from '../../../../http/access.ts';
import type { Services } from '../../../dialect.ts';
import { type ClientAppPath, requireApp, requireKey } from '../../access.ts';
import type { PlatformLimits } from '../../advertising/ad-platform.ts';
import { refreshAd, refreshCampaign } from '../../advertising/refresh-ad.ts';
import { refreshAdAccount } from '../../advertising/refresh-ad-account.ts';
import { refreshLimits } from '../../advertising/refresh-limits.ts';
import type { RefreshOutcome } from '../../advertising/refresh-outcome.ts';
import { requireRefreshed } from '../../advertising/refresh-refusal.ts';
import { notFound } from '../../errors.ts';
import { clientAppPrefix, requireMetaId } from '../app-routes.ts';
import { success } from '../present.ts';
import { AdAccountParameters, AdParameters, CampaignParameters, SuccessReply } from '../schemas.ts';

type Refresh = (workspaceId: WorkspaceId, id: string, limits: PlatformLimits) => Promise<RefreshOutcome>;

function nounOf(parameter: string): string {
  return { adAccountId: 'ad account', adId: 'ad', campaignId: 'campaign' }[parameter] ?? 'object of Meta';
}

/**
 * What Meta tells now, asked for while the caller waits (docs/spec/signals.md B7). A campaign's numbers are the sums of its ads', so the
 * two refreshes of an account are one.
 */
export function registerRefreshRoutes(app: FastifyInstance, services: Services): void {
  const { advertising } = services;
  const limitsOf = refreshLimits(app);
  const post = (path: string, summary: string, params: object, refresh: Refresh) => {
    const name = /:(\w+)\/refresh$/.exec(path)![1]!;
    app.post(
      `${clientAppPrefix}${path}`,
      {
        schema: { tags: ['Signals'], summary, params, response: { 200: SuccessReply } },
        onRequest: (request) => requireKey(services, request),
      },
      async (request) => {
        const { workspace } = accessOf(request);
        requireApp(workspace, request.params as ClientAppPath);
        const id = requireMetaId((request.params as Record<string, string>)[name]);
        const outcome = await refresh(workspace.id, id, limitsOf());
        if (outcome.kind === 'unknown')
          throw notFound(nounOf(name), id, 'it is known once its ad account is attached and was read');
        requireRefreshed(outcome);
        return success;
      },
    );
  };
  const refreshAccount: Refresh = (workspaceId, id, limits) =>
    refreshAdAccount(advertising, workspaceId, id, limits);
  post('/ads/account/:adAccountId/refresh', 'Refresh ads of an account', AdAccountParameters, refreshAccount);
  post(
    '/campaigns/account/:adAccountId/refresh',
    'Refresh campaigns of an account',
    AdAccountParameters,
    refreshAccount,
  );
  post('/ads/:adId/refresh', 'Refresh an ad', AdParameters, (workspaceId, id, limits) =>
    refreshAd(advertising, workspaceId, id, limits),
  );
  post(
    '/campaigns/:campaignId/refresh',
    'Refresh a campaign',
    CampaignParameters,
    (workspaceId, id, limits) => refreshCampaign(advertising, workspaceId, id, limits),
  );
}
