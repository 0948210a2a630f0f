import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { accessOf } from '../../../../http/access.ts';
import type { Services } from '../../../dialect.ts';
import { requireClient, requireKey } from '../../access.ts';
import { listAdAccounts } from '../../advertising/ad-account-store.ts';
import { listFacebookAccounts, readFacebookAccount } from '../../advertising/facebook-account-store.ts';
import { notFound } from '../../errors.ts';
import { requireMetaId } from '../app-routes.ts';
import { ClientParameters } from '../schemas.ts';
import { AdAccountsReply, FacebookAccountParameters, FacebookAccountsReply } from './schemas.ts';

const path = '/v1/clients/:clientId/facebook-accounts';

/** What a client has attached: its Facebook accounts, and the ad accounts of each (docs/spec/signals.md A1). */
export function registerAccountRoutes(app: FastifyInstance, services: Services): void {
  const onRequest = (request: FastifyRequest) => requireKey(services, request);
  app.get(path, {
    schema: {
      tags: ['Signals'],
      summary: 'Get Facebook accounts of a client',
      params: ClientParameters,
      response: { 200: FacebookAccountsReply },
    },
    onRequest,
    handler: async (request) => {
      const workspace = await workspaceOfClient(services, request);
      const accounts = await listFacebookAccounts(services.database, workspace.id);
      return accounts.map(({ id, email }) => ({ id, email }));
    },
  });
  app.get(`${path}/:facebookAccountId`, {
    schema: {
      tags: ['Signals'],
      summary: 'Get ad accounts of a Facebook account',
      params: FacebookAccountParameters,
      response: { 200: AdAccountsReply },
    },
    onRequest,
    handler: async (request) => {
      const workspace = await workspaceOfClient(services, request);
      const { facebookAccountId } = request.params as { facebookAccountId: string };
      const id = requireMetaId(facebookAccountId);
      if (!(await readFacebookAccount(services.database, workspace.id, id)))
        throw notFound('Facebook account', id, 'GET …/facebook-accounts lists those that are attached');
      const accounts = await listAdAccounts(services.database, workspace.id, id);
      return accounts.map((account) => ({ id: account.id, name: account.name }));
    },
  });
}

async function workspaceOfClient(services: Services, request: FastifyRequest): Promise<Workspace> {
  const { workspace } = accessOf(request);
  await requireClient(services, workspace, (request.params as { clientId: string }).clientId);
  return workspace;
}
