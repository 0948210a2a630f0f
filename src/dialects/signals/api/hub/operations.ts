import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { anyKey, requireApp } from '../../access.ts';
import { listClientIds } from '../../app/clients.ts';
import { setTracking } from '../../app/set-tracking.ts';
import { notFound } from '../../errors.ts';
import { success } from '../present.ts';
import { SuccessReply } from '../schemas.ts';
import { parseClientsQuestion } from './parse.ts';
import { presentClients } from './present.ts';
import { ChannelParameters, ClientsQuery, ClientsReply, PartnerParameters } from './schemas.ts';

const partner = '/api/v2/partners/:partnerId';
const channel = `${partner}/clients/:clientId/channels/:appId`;

/** What of the Hub's Partner API a user of Signals needs: its clients, and tracking on and off (ruling 7). */
export const hubOperations: readonly Operation<Services>[] = [
  operation({
    method: 'GET',
    path: `${partner}/clients`,
    summary: 'Get the list of clients',
    guard: anyKey,
    checks: { path: PartnerParameters },
    documents: { query: ClientsQuery },
    replies: { 200: ClientsReply },
    handle: async ({ services, access: { workspace }, path: { partnerId }, query }) => {
      await requirePartner(services, workspace, partnerId);
      const question = parseClientsQuestion(query);
      const ids = await listClientIds(services.database, workspace.id, partnerId);
      return presentClients(workspace, ids, question);
    },
  }),
  switchTracking('enable_ctwa', 'Track the messages of a number', true),
  switchTracking('disable_ctwa', 'Stop to track the messages of a number', false),
];

/** C11: once it is off, messages are not kept and conversions can't be set up. */
function switchTracking(action: string, summary: string, isOn: boolean): Operation<Services> {
  return operation({
    method: 'POST',
    path: `${channel}/${action}`,
    summary,
    guard: anyKey,
    checks: { path: ChannelParameters },
    replies: { 200: SuccessReply },
    handle: async ({ services, access: { workspace }, path }) => {
      await requirePartner(services, workspace, path.partnerId);
      const app = requireApp(workspace, path);
      const clientIds = await listClientIds(services.database, workspace.id, path.partnerId);
      if (!clientIds.includes(path.clientId))
        throw notFound(
          'client',
          path.clientId,
          'GET /api/v2/partners/{partner_id}/clients lists the partner’s',
        );
      await setTracking(services, workspace.id, app.externalId, isOn, new Date(services.clock()));
      return success;
    },
  });
}

/** @throws RequestError `not-found` when the partner is another workspace's, or there is none */
async function requirePartner(services: Services, workspace: Workspace, partnerId: string): Promise<void> {
  const bound = await services.workspaces.findBound('signals', 'partner', partnerId);
  if (bound?.id !== workspace.id)
    throw notFound(
      'partner',
      partnerId,
      'the path names the workspace’s own (credentials.json: signals.partnerId)',
    );
}
