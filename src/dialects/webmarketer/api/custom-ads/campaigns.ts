import type { FastifyRequest } from 'fastify';
import { type Campaign, maximumCampaigns } from '../../../../core/campaign/campaign.ts';
import { readCampaign } from '../../../../core/campaign/campaign-store.ts';
import { fromObjectId } from '../../../../core/id.ts';
import type { Source } from '../../../../core/source/source.ts';
import { RequestError } from '../../../../errors.ts';
import type { Services } from '../../../dialect.ts';
import { projectOf } from '../../access.ts';
import { createCampaign, updateCampaign } from '../../campaign/manage-campaigns.ts';
import { listCampaigns } from '../../query/list-campaigns.ts';
import { integrationOf } from '../integrations/find-integration.ts';
import { invalid, type Page, parsePage } from '../parse.ts';
import { presentPage } from '../present.ts';
import {
  type CampaignListQuery,
  parseCampaignChange,
  parseCampaignQuestion,
  parseNewCampaign,
} from './parse.ts';
import { presentCampaign, presentCreated, presentModified } from './present.ts';

export async function listAll(services: Services, request: FastifyRequest) {
  const { projectId, access } = projectOf(request);
  const integration = await integrationOf(services, request);
  const query = request.query as Partial<Page> & CampaignListQuery;
  const page = parsePage(query);
  const { isVain, ...question } = parseCampaignQuestion(query);
  const { campaigns, total } = isVain
    ? { campaigns: [], total: 0 }
    : await listCampaigns(services.database, access.workspace.id, {
        ...question,
        ...page,
        sourceId: integration.id,
      });
  return presentPage(
    campaigns.map((campaign) => presentCampaign(projectId, integration, campaign)),
    total,
    page,
  );
}

export async function createOne(services: Services, request: FastifyRequest) {
  const { access } = projectOf(request);
  const integration = await integrationOf(services, request);
  const wanted = parseNewCampaign(request.body);
  const created = await createCampaign(services, access.workspace.id, integration.id, wanted);
  // B11: 400, not 409, is what the vendor's envelope is known for.
  if (created === 'slug-taken') throw invalid(`A campaign with slug ${wanted.slug} already exists`);
  if (created === 'too-many')
    throw invalid(
      `The integration has ${maximumCampaigns} campaigns, which is the most there can be: use one of them, or another integration`,
    );
  return presentCreated(created.id);
}

export async function getOne(services: Services, request: FastifyRequest) {
  const { integration, campaign } = await campaignOf(services, request);
  return presentCampaign(projectOf(request).projectId, integration, campaign);
}

export async function updateOne(services: Services, request: FastifyRequest) {
  const { access } = projectOf(request);
  const { integration, campaign } = await campaignOf(services, request);
  const { slug, change } = parseCampaignChange(request.body);
  if (slug !== undefined && slug !== campaign.slug) throw invalid('campaignSlug cannot be changed');
  const updated = await updateCampaign(services, access.workspace.id, integration.id, campaign.id, change);
  if (!updated) throw campaignNotFound();
  return presentModified(updated);
}

/** The campaign that the path names, and its integration. @throws RequestError `not-found` */
export async function campaignOf(
  services: Services,
  request: FastifyRequest,
): Promise<{ integration: Source; campaign: Campaign }> {
  const { access } = projectOf(request);
  const integration = await integrationOf(services, request);
  const { campaignId } = request.params as { campaignId: string };
  const id = fromObjectId(campaignId);
  const campaign = id && (await readCampaign(services.database, access.workspace.id, integration.id, id));
  if (!campaign) throw campaignNotFound();
  return { integration, campaign };
}

function campaignNotFound(): RequestError {
  return new RequestError('not-found', 'Campaign not found');
}
