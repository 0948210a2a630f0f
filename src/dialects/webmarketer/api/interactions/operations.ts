import type { Campaign } from '../../../../core/campaign/campaign.ts';
import { readCampaign, readCampaignBySlug } from '../../../../core/campaign/campaign-store.ts';
import { fromObjectId } from '../../../../core/id.ts';
import type { WorkspaceId } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { ingestOperation, type Reading } from '../../../../http/ingest-operation.ts';
import type { Operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { inProject } from '../../access.ts';
import { readCreatedFields } from '../../field/field-store.ts';
import { findIntegration } from '../integrations/find-integration.ts';
import { invalid } from '../parse.ts';
import { ProjectParameters } from '../schemas.ts';
import { parseOfflineInteraction } from './parse.ts';
import { prepareInteraction, requirePerson } from './prepare.ts';
import { OfflineInteractionBody, OfflineInteractionReply } from './schemas.ts';

const noIntegration =
  'wmktId in nodeData is not the id of an integration of the project: take one of GET …/integrations';

/** docs/spec/webmarketer.md A4. */
export const interactionOperations: readonly Operation<Services>[] = [
  ingestOperation({
    method: 'POST',
    path: '/api/v1/projects/:projectId/interactions/offline',
    summary: 'Create an offline interaction',
    guard: inProject,
    checks: { path: ProjectParameters },
    documents: { body: OfflineInteractionBody },
    example: {
      date: '2026-03-02T09:30:00Z',
      userData: { email: 'ada@example.com' },
      nodeData: { wmktId: 'flyers', cid: 'spring' },
    },
    replies: { 201: OfflineInteractionReply },
    status: 201,
    dialect: 'webmarketer',
    read: ({ services, access, body }, receivedAt) =>
      readInteraction(services, access.workspace.id, body, receivedAt),
    refuse: refuseArchivedIntegration,
    present: ([outcome]) => {
      if (outcome?.kind !== 'saved') throw invalid('userData does not match the project’s identity fields');
      return {};
    },
  }),
];

/** Everything is checked before anything is stored; person and touchpoint are then one commit. */
async function readInteraction(
  services: Services,
  id: WorkspaceId,
  body: unknown,
  receivedAt: number,
): Promise<Reading> {
  const interaction = parseOfflineInteraction(body);
  // Read anew: who has just made an event type by another process wants its fields known.
  const current = await services.workspaces.reload(id);
  const integration = await findIntegration(services, current, interaction.wmktId);
  if (!integration) throw invalid(noIntegration);
  if (integration.archivedAt) throw refuseArchivedIntegration();
  const date = interaction.date ?? new Date(receivedAt);
  const created = await readCreatedFields(services.database, id);
  const userData = { values: interaction.userData, created };
  requirePerson(current, userData, date);
  const campaign = await findCampaign(services, id, integration.id, interaction.cid);
  const touchpoint = {
    at: date.getTime(),
    channel: 'offline',
    sourceId: integration.id,
    campaign: campaign && { id: campaign.id },
    adId: null,
    cost: null,
    detail: { nodeData: interaction.nodeData },
    arrival: null,
  } as const;
  return {
    source: integration,
    size: 1,
    carriesEvents: false,
    prepare: (workspace) => [prepareInteraction(workspace, userData, touchpoint)],
  };
}

/** Of this call's refusals the vendor has 400 alone: one that is archived is as if it were not there. */
function refuseArchivedIntegration(): RequestError {
  return new RequestError('source-archived', noIntegration, { status: 400 });
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
