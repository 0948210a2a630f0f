import type { FastifyRequest } from 'fastify';
import { fromObjectId } from '../../../../core/id.ts';
import type { Source } from '../../../../core/source/source.ts';
import { isCurrency } from '../../../../core/value/amount.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import type { Services } from '../../../dialect.ts';
import { projectOf } from '../../access.ts';
import { createOutlay, updateOutlay } from '../../campaign/manage-outlays.ts';
import { readOutlay } from '../../campaign/outlay-store.ts';
import { listOutlays } from '../../query/list-outlays.ts';
import { readIntegrationSettings } from '../../settings.ts';
import { invalid, type Page, parsePage } from '../parse.ts';
import { presentPage } from '../present.ts';
import { campaignOf } from './campaigns.ts';
import {
  datesReversed,
  type OutlayListQuery,
  parseNewOutlay,
  parseOutlayChange,
  parseOutlayQuestion,
} from './parse.ts';
import { presentCreated, presentModified, presentOutlay } from './present.ts';

export async function listOutlaysOf(services: Services, request: FastifyRequest) {
  const { projectId, access } = projectOf(request);
  const { integration, campaign } = await campaignOf(services, request);
  const query = request.query as Partial<Page> & OutlayListQuery;
  const page = parsePage(query);
  const { outlays, total } = await listOutlays(services.database, access.workspace.id, {
    campaignId: campaign.id,
    ...parseOutlayQuestion(query),
    ...page,
  });
  return presentPage(
    outlays.map((outlay) => presentOutlay(projectId, integration, outlay)),
    total,
    page,
  );
}

export async function createOutlayOf(services: Services, request: FastifyRequest) {
  const { workspace } = projectOf(request).access;
  const { integration, campaign } = await campaignOf(services, request);
  const created = await createOutlay(services, workspace.id, integration.id, {
    ...parseNewOutlay(request.body),
    campaignId: campaign.id,
    currency: currencyOf(integration, workspace),
  });
  if (created === 'dates-reversed') throw datesReversed();
  if (created === 'no-such-campaign') throw new RequestError('not-found', 'Campaign not found');
  return presentCreated(created.id);
}

export async function getOutlay(services: Services, request: FastifyRequest) {
  const { projectId, access } = projectOf(request);
  const { integration, campaign } = await campaignOf(services, request);
  const id = outlayIdOf(request);
  const outlay = await readOutlay(services.database, access.workspace.id, campaign.id, id);
  if (!outlay) throw outlayNotFound();
  return presentOutlay(projectId, integration, outlay);
}

export async function updateOutlayOf(services: Services, request: FastifyRequest) {
  const { access } = projectOf(request);
  const { integration, campaign } = await campaignOf(services, request);
  const address = { sourceId: integration.id, campaignId: campaign.id, id: outlayIdOf(request) };
  const change = parseOutlayChange(request.body);
  const updated = await updateOutlay(services, access.workspace.id, address, change);
  if (updated === 'no-such-outlay') throw outlayNotFound();
  if (updated === 'dates-reversed') throw datesReversed();
  if (updated === 'no-such-campaign')
    throw invalid('campaignId must be the id of a campaign of the integration');
  return presentModified(updated);
}

/** Ruling 2: an integration may have a currency of its own. */
function currencyOf({ settings }: Source, workspace: Workspace): string {
  const { currency } = readIntegrationSettings(settings);
  return currency !== undefined && isCurrency(currency) ? currency : workspace.currency;
}

function outlayIdOf(request: FastifyRequest): string {
  const { outlayId } = request.params as { outlayId: string };
  const id = fromObjectId(outlayId);
  if (!id) throw outlayNotFound();
  return id;
}

function outlayNotFound(): RequestError {
  return new RequestError('not-found', 'Outlay not found');
}
