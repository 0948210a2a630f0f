import { maximumCampaigns } from '../../../../core/campaign/campaign.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { inProject } from '../../access.ts';
import { createCampaign, updateCampaign } from '../../campaign/manage-campaigns.ts';
import { createOutlay, updateOutlay } from '../../campaign/manage-outlays.ts';
import { readOutlay } from '../../campaign/outlay-store.ts';
import { listCampaigns } from '../../query/list-campaigns.ts';
import { listOutlays } from '../../query/list-outlays.ts';
import { requireIntegration } from '../integrations/find-integration.ts';
import { IntegrationParameters } from '../integrations/schemas.ts';
import { invalid, parsePage } from '../parse.ts';
import { presentPage } from '../present.ts';
import { campaignNotFound, currencyOf, requireCampaign } from './find-campaign.ts';
import {
  datesReversed,
  outlayNotFound,
  parseCampaignChange,
  parseCampaignQuestion,
  parseNewCampaign,
  parseNewOutlay,
  parseOutlayChange,
  parseOutlayId,
  parseOutlayQuestion,
} from './parse.ts';
import { presentCampaign, presentCreated, presentModified, presentOutlay } from './present.ts';
import {
  CampaignChangeBody,
  CampaignParameters,
  CampaignReply,
  CampaignsQuery,
  CampaignsReply,
  CreatedReply,
  ModifiedReply,
  NewCampaignBody,
  NewOutlayBody,
  OutlayChangeBody,
  OutlayParameters,
  OutlayReply,
  OutlaysQuery,
  OutlaysReply,
} from './schemas.ts';

const project = '/api/v1/projects/:projectId';
/** A3: the vendor's page does not name the paths. */
const below = (path: string) => [
  `${project}/integrations/:wmktId/custom-ads${path}`,
  `${project}/custom-ads/:wmktId${path}`,
];
const campaigns = below('/campaigns');
const campaign = below('/campaigns/:campaignId');
const outlays = below('/campaigns/:campaignId/outlays');
const outlay = below('/campaigns/:campaignId/outlays/:outlayId');

const exampleOutlay = {
  amount: 250,
  startDate: '2026-03-01T00:00:00.000Z',
  endDate: '2026-03-31T23:59:59.999Z',
};

/** docs/spec/webmarketer.md A3. */
export const customAdsOperations: readonly Operation<Services>[] = [
  operation({
    method: 'GET',
    path: campaigns,
    summary: 'List custom campaigns',
    guard: inProject,
    checks: { path: IntegrationParameters, query: CampaignsQuery },
    replies: { 200: CampaignsReply },
    handle: async ({ services, access: { workspace }, path: { projectId, wmktId }, query }) => {
      const integration = await requireIntegration(services, workspace, wmktId);
      const page = parsePage(query);
      const { isVain, ...question } = parseCampaignQuestion(query);
      const asked = { ...question, sourceId: integration.id };
      const found = isVain
        ? { campaigns: [], total: 0 }
        : await listCampaigns(services.database, workspace.id, asked, page);
      return presentPage(
        found.campaigns.map((one) => presentCampaign(projectId, integration, one)),
        found.total,
        page,
      );
    },
  }),
  operation({
    method: 'POST',
    path: campaigns,
    summary: 'Create a custom campaign',
    guard: inProject,
    checks: { path: IntegrationParameters },
    documents: { body: NewCampaignBody },
    example: { campaignSlug: 'spring', name: 'Spring', active: true },
    replies: { 201: CreatedReply },
    status: 201,
    handle: async ({ services, access: { workspace }, path: { wmktId }, body }) => {
      const integration = await requireIntegration(services, workspace, wmktId);
      const wanted = parseNewCampaign(body);
      const created = await createCampaign(services, workspace.id, integration.id, wanted);
      // B11: 400, not 409, is what the vendor's envelope is known for.
      if (created === 'slug-taken') throw invalid(`A campaign with slug ${wanted.slug} already exists`);
      if (created === 'too-many')
        throw invalid(
          `The integration has ${maximumCampaigns} campaigns, which is the most there can be: use one of them, or another integration`,
        );
      return presentCreated(created.id);
    },
  }),
  operation({
    method: 'GET',
    path: campaign,
    summary: 'Get a custom campaign',
    guard: inProject,
    checks: { path: CampaignParameters },
    replies: { 200: CampaignReply },
    handle: async ({ services, access, path }) => {
      const found = await requireCampaign(services, access.workspace, path);
      return presentCampaign(path.projectId, found.integration, found.campaign);
    },
  }),
  operation({
    method: 'PATCH',
    path: campaign,
    summary: 'Update a custom campaign',
    guard: inProject,
    checks: { path: CampaignParameters },
    documents: { body: CampaignChangeBody },
    example: { name: 'Spring sale', active: false },
    replies: { 200: ModifiedReply },
    handle: async ({ services, access: { workspace }, path, body }) => {
      const found = await requireCampaign(services, workspace, path);
      const { slug, change } = parseCampaignChange(body);
      const { id } = found.campaign;
      if (slug !== undefined && slug !== found.campaign.slug) throw invalid('campaignSlug cannot be changed');
      const updated = await updateCampaign(services, workspace.id, found.integration.id, id, change);
      if (!updated) throw campaignNotFound();
      return presentModified(updated);
    },
  }),
  operation({
    method: 'GET',
    path: outlays,
    summary: 'List the outlays of a custom campaign',
    guard: inProject,
    checks: { path: CampaignParameters, query: OutlaysQuery },
    replies: { 200: OutlaysReply },
    handle: async ({ services, access: { workspace }, path, query }) => {
      const { integration, campaign: of } = await requireCampaign(services, workspace, path);
      const page = parsePage(query);
      const question = { campaignId: of.id, ...parseOutlayQuestion(query) };
      const found = await listOutlays(services.database, workspace.id, question, page);
      return presentPage(
        found.outlays.map((one) => presentOutlay(path.projectId, integration, one)),
        found.total,
        page,
      );
    },
  }),
  operation({
    method: 'POST',
    path: outlays,
    summary: 'Create an outlay',
    guard: inProject,
    checks: { path: CampaignParameters },
    documents: { body: NewOutlayBody },
    example: exampleOutlay,
    replies: { 201: CreatedReply },
    status: 201,
    handle: async ({ services, access: { workspace }, path, body }) => {
      const { integration, campaign: of } = await requireCampaign(services, workspace, path);
      const created = await createOutlay(services, workspace.id, integration.id, {
        ...parseNewOutlay(body),
        campaignId: of.id,
        currency: currencyOf(integration, workspace),
      });
      if (created === 'dates-reversed') throw datesReversed();
      if (created === 'no-such-campaign') throw campaignNotFound();
      return presentCreated(created.id);
    },
  }),
  operation({
    method: 'GET',
    path: outlay,
    summary: 'Get an outlay',
    guard: inProject,
    checks: { path: OutlayParameters },
    replies: { 200: OutlayReply },
    handle: async ({ services, access: { workspace }, path }) => {
      const { integration, campaign: of } = await requireCampaign(services, workspace, path);
      const id = parseOutlayId(path.outlayId);
      const found = await readOutlay(services.database, workspace.id, of.id, id);
      if (!found) throw outlayNotFound();
      return presentOutlay(path.projectId, integration, found);
    },
  }),
  operation({
    method: 'PATCH',
    path: outlay,
    summary: 'Update an outlay, or move it to another campaign',
    guard: inProject,
    checks: { path: OutlayParameters },
    documents: { body: OutlayChangeBody },
    example: exampleOutlay,
    replies: { 200: ModifiedReply },
    handle: async ({ services, access: { workspace }, path, body }) => {
      const { integration, campaign: of } = await requireCampaign(services, workspace, path);
      const address = {
        sourceId: integration.id,
        campaignId: of.id,
        id: parseOutlayId(path.outlayId),
      };
      const updated = await updateOutlay(services, workspace.id, address, parseOutlayChange(body));
      if (updated === 'no-such-outlay') throw outlayNotFound();
      if (updated === 'dates-reversed') throw datesReversed();
      if (updated === 'no-such-campaign')
        throw invalid('campaignId must be the id of a campaign of the integration');
      return presentModified(updated);
    },
  }),
];
