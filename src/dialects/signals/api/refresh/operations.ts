import type { Access } from '../../../../core/credential/authenticator.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { anyKey, type ClientAppPath, requireApp } from '../../access.ts';
import type { PlatformLimits } from '../../advertising/ad-platform.ts';
import { refreshAd, refreshCampaign } from '../../advertising/refresh-ad.ts';
import { refreshAdAccount } from '../../advertising/refresh-ad-account.ts';
import { requireRefreshed } from '../../advertising/refresh-refusal.ts';
import { advertisingOf } from '../../connector/connect-advertising.ts';
import { notFound } from '../../errors.ts';
import { parseMetaId } from '../parse.ts';
import { clientApp } from '../paths.ts';
import { success } from '../present.ts';
import { AdAccountParameters, AdParameters, CampaignParameters, SuccessReply } from '../schemas.ts';

/** One of the three refreshes that there are, and what it is of. */
interface Refresh {
  readonly noun: 'ad account' | 'ad' | 'campaign';
  readonly run: typeof refreshAdAccount | typeof refreshAd | typeof refreshCampaign;
}

const ofAccount: Refresh = { noun: 'ad account', run: refreshAdAccount };
const ofAd: Refresh = { noun: 'ad', run: refreshAd };
const ofCampaign: Refresh = { noun: 'campaign', run: refreshCampaign };

/**
 * What Meta tells now, asked for while the caller waits (docs/spec/signals.md B7). A campaign's numbers are the sums of its ads', so the
 * two refreshes of an account are one. `limitsOf`: how long a refresh that begins now may take.
 */
export function refreshOperations(limitsOf: () => PlatformLimits): readonly Operation<Services>[] {
  const refresh = async (
    services: Services,
    { workspace, credential }: Access,
    path: ClientAppPath,
    metaId: string,
    { noun, run }: Refresh,
  ) => {
    requireApp(workspace, path);
    const id = parseMetaId(metaId);
    const outcome = await run(advertisingOf(services), workspace.id, id, limitsOf(), credential.name);
    if (outcome.kind === 'unknown')
      throw notFound(noun, id, 'it is known once its ad account is attached and was read');
    requireRefreshed(outcome);
    return success;
  };
  const form = { method: 'POST', guard: anyKey, replies: { 200: SuccessReply } } as const;
  return [
    operation({
      ...form,
      path: `${clientApp}/ads/account/:adAccountId/refresh`,
      summary: 'Refresh ads of an account',
      checks: { path: AdAccountParameters },
      handle: ({ services, access, path }) => refresh(services, access, path, path.adAccountId, ofAccount),
    }),
    operation({
      ...form,
      path: `${clientApp}/campaigns/account/:adAccountId/refresh`,
      summary: 'Refresh campaigns of an account',
      checks: { path: AdAccountParameters },
      handle: ({ services, access, path }) => refresh(services, access, path, path.adAccountId, ofAccount),
    }),
    operation({
      ...form,
      path: `${clientApp}/ads/:adId/refresh`,
      summary: 'Refresh an ad',
      checks: { path: AdParameters },
      handle: ({ services, access, path }) => refresh(services, access, path, path.adId, ofAd),
    }),
    operation({
      ...form,
      path: `${clientApp}/campaigns/:campaignId/refresh`,
      summary: 'Refresh a campaign',
      checks: { path: CampaignParameters },
      handle: ({ services, access, path }) => refresh(services, access, path, path.campaignId, ofCampaign),
    }),
  ];
}
