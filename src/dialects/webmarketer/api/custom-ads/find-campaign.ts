import type { Campaign } from '../../../../core/campaign/campaign.ts';
import { readCampaign } from '../../../../core/campaign/campaign-store.ts';
import { fromObjectId } from '../../../../core/id.ts';
import type { Source } from '../../../../core/source/source.ts';
import { isCurrency } from '../../../../core/value/amount.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import type { Services } from '../../../dialect.ts';
import { readIntegrationSettings } from '../../settings.ts';
import { requireIntegration } from '../integrations/find-integration.ts';

/** The campaign that a path names, and its integration. @throws RequestError `not-found` */
export async function requireCampaign(
  services: Services,
  workspace: Workspace,
  { wmktId, campaignId }: { readonly wmktId: string; readonly campaignId: string },
): Promise<{ integration: Source; campaign: Campaign }> {
  const integration = await requireIntegration(services, workspace, wmktId);
  const id = fromObjectId(campaignId);
  const campaign = id && (await readCampaign(services.database, workspace.id, integration.id, id));
  if (!campaign) throw campaignNotFound();
  return { integration, campaign };
}

export function campaignNotFound(): RequestError {
  return new RequestError('not-found', 'Campaign not found');
}

/** Ruling 2: an integration may have a currency of its own. */
export function currencyOf({ settings }: Source, workspace: Workspace): string {
  const { currency } = readIntegrationSettings(settings);
  return currency !== undefined && isCurrency(currency) ? currency : workspace.currency;
}
