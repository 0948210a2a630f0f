import type { FastifyInstance, FastifyRequest } from 'fastify';
import { listClientIds } from '../../../../core/workspace/binding-store.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { accessOf } from '../../../../http/access.ts';
import type { Services } from '../../../dialect.ts';
import { type ClientAppPath, requireApp, requireKey } from '../../access.ts';
import { setTracking } from '../../app/set-tracking.ts';
import { notFound } from '../../errors.ts';
import { success } from '../present.ts';
import { SuccessReply } from '../schemas.ts';
import { parseClientsQuestion } from './parse.ts';
import { presentClients } from './present.ts';
import { ChannelParameters, ClientsQuery, ClientsReply, PartnerParameters } from './schemas.ts';

const partnerPath = '/api/v2/partners/:partnerId';
const channelPath = `${partnerPath}/clients/:clientId/channels/:appId`;

/** What of the Hub's Partner API a user of Signals needs: its clients, and tracking on and off (ruling 7). */
export function registerHubRoutes(app: FastifyInstance, services: Services): void {
  const onRequest = (request: FastifyRequest) => requireKey(services, request);
  app.get(`${partnerPath}/clients`, {
    schema: {
      tags: ['Signals'],
      summary: 'Get the list of clients',
      params: PartnerParameters,
      querystring: ClientsQuery,
      response: { 200: ClientsReply },
    },
    onRequest,
    handler: (request) => listClients(services, request),
  });
  const registerSwitch = (action: 'enable_ctwa' | 'disable_ctwa', summary: string, isOn: boolean) => {
    app.post(`${channelPath}/${action}`, {
      schema: { tags: ['Signals'], summary, params: ChannelParameters, response: { 200: SuccessReply } },
      onRequest,
      handler: async (request) => {
        await switchTracking(services, request, isOn);
        return success;
      },
    });
  };
  registerSwitch('enable_ctwa', 'Track the messages of a number', true);
  registerSwitch('disable_ctwa', 'Stop to track the messages of a number', false);
}

async function listClients(services: Services, request: FastifyRequest): Promise<object> {
  const { workspace, partnerId } = await requirePartner(services, request);
  const question = parseClientsQuestion(request.query as Record<string, unknown>);
  const ids = await listClientIds(services.database, workspace.id, partnerId);
  return presentClients(workspace, ids, question);
}

/** C11: once it is off, messages are not kept and conversions can't be set up. */
async function switchTracking(services: Services, request: FastifyRequest, isOn: boolean): Promise<void> {
  const { workspace, partnerId } = await requirePartner(services, request);
  const path = request.params as ClientAppPath;
  const app = requireApp(workspace, path);
  const clientIds = await listClientIds(services.database, workspace.id, partnerId);
  if (!clientIds.includes(path.clientId))
    throw notFound('client', path.clientId, 'GET /api/v2/partners/{partner_id}/clients lists the partner’s');
  await setTracking(services, workspace.id, app.externalId, isOn);
}

/** @throws RequestError `not-found` when the partner is another workspace's, or there is none */
async function requirePartner(
  services: Services,
  request: FastifyRequest,
): Promise<{ workspace: Workspace; partnerId: string }> {
  const { workspace } = accessOf(request);
  const { partnerId } = request.params as { partnerId: string };
  const bound = await services.workspaces.findBound('signals', 'partner', partnerId);
  if (bound?.id !== workspace.id)
    throw notFound(
      'partner',
      partnerId,
      'the path names the workspace’s own (credentials.json: signals.partnerId)',
    );
  return { workspace, partnerId };
}
