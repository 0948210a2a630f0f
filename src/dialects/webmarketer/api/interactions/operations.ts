import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Campaign } from '../../../../core/campaign/campaign.ts';
import { readCampaign, readCampaignBySlug } from '../../../../core/campaign/campaign-store.ts';
import { fromObjectId } from '../../../../core/id.ts';
import type { WorkspaceId } from '../../../../core/workspace/workspace.ts';
import { committedOutcomes } from '../../../../ingest/request.ts';
import type { Services } from '../../../dialect.ts';
import { admit, projectOf } from '../../access.ts';
import { readCreatedFields } from '../../field/field-store.ts';
import { findIntegration } from '../integrations/find-integration.ts';
import { invalid } from '../parse.ts';
import { ProjectParameters } from '../schemas.ts';
import { parseOfflineInteraction } from './parse.ts';
import { interactionSubmission, requirePerson } from './prepare.ts';
import { OfflineInteractionBody, OfflineInteractionReply } from './schemas.ts';

/** docs/spec/webmarketer.md A4. */
export function registerInteractionRoutes(app: FastifyInstance, services: Services): void {
  app.post('/api/v1/projects/:projectId/interactions/offline', {
    schema: {
      tags: ['Webmarketer'],
      summary: 'Create an offline interaction',
      params: ProjectParameters,
      body: OfflineInteractionBody,
      response: { 201: OfflineInteractionReply },
    },
    onRequest: (request) => admit(services, request),
    handler: async (request, reply) => {
      await createInteraction(services, request);
      return reply.code(201).send({});
    },
  });
}

/** Everything is checked before anything is stored; person and touchpoint are then one commit. */
async function createInteraction(services: Services, request: FastifyRequest): Promise<void> {
  const { id } = projectOf(request).access.workspace;
  const interaction = parseOfflineInteraction(request.body);
  // Read anew: who has just made an event type by another process wants its fields known.
  const workspace = await services.workspaces.reload(id);
  const integration = await findIntegration(services, workspace, interaction.wmktId);
  if (!integration)
    throw invalid(
      'wmktId in nodeData is not the id of an integration of the project: take one of GET …/integrations',
    );
  const receivedAt = services.clock();
  const date = interaction.date ?? new Date(receivedAt);
  const created = await readCreatedFields(services.database, id);
  const userData = { values: interaction.userData, created };
  requirePerson(workspace, userData, date);
  const campaign = await findCampaign(services, id, integration.id, interaction.cid);
  const touchpoint = {
    at: date.getTime(),
    channel: 'offline',
    sourceId: integration.id,
    campaign: campaign && { id: campaign.id },
    cost: null,
    detail: { nodeData: interaction.nodeData },
  } as const;
  const submission = interactionSubmission(userData, touchpoint, request.rawBody, receivedAt);
  const [outcome] = committedOutcomes(await services.ingest.submit(id, submission));
  if (outcome?.kind !== 'saved') throw invalid('userData does not match the project’s identity fields');
}

/** Ruling 3: the campaign's id; if none has it, its slug. @throws RequestError `invalid-request` */
async function findCampaign(
  { database }: Services,
  workspaceId: WorkspaceId,
  sourceId: number,
  cid: string | null,
): Promise<Campaign | null> {
  if (cid === null) return null;
  const id = fromObjectId(cid);
  const found =
    (id && (await readCampaign(database, workspaceId, sourceId, id))) ??
    (await readCampaignBySlug(database, workspaceId, sourceId, cid));
  if (!found)
    throw invalid(
      'cid in nodeData is not a campaign of the integration: send the id or slug of one of GET …/custom-ads/campaigns, or no cid',
    );
  return found;
}
