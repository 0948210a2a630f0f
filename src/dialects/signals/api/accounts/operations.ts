import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { inClient } from '../../access.ts';
import { listAdAccounts } from '../../advertising/ad-account-store.ts';
import { listFacebookAccounts, readFacebookAccount } from '../../advertising/facebook-account-store.ts';
import { notFound } from '../../errors.ts';
import { parseMetaId } from '../parse.ts';
import { ClientParameters } from '../schemas.ts';
import { AdAccountsReply, FacebookAccountParameters, FacebookAccountsReply } from './schemas.ts';

const path = '/v1/clients/:clientId/facebook-accounts';

/** What a client has attached: its Facebook accounts, and the ad accounts of each (docs/spec/signals.md A1). */
export const accountOperations: readonly Operation<Services>[] = [
  operation({
    method: 'GET',
    path,
    summary: 'Get Facebook accounts of a client',
    guard: inClient,
    checks: { path: ClientParameters },
    replies: { 200: FacebookAccountsReply },
    handle: async ({ services, access }) => {
      const accounts = await listFacebookAccounts(services.database, access.workspace.id);
      return accounts.map(({ id, email }) => ({ id, email }));
    },
  }),
  operation({
    method: 'GET',
    path: `${path}/:facebookAccountId`,
    summary: 'Get ad accounts of a Facebook account',
    guard: inClient,
    checks: { path: FacebookAccountParameters },
    replies: { 200: AdAccountsReply },
    handle: async ({ services, access: { workspace }, path: { facebookAccountId } }) => {
      const id = parseMetaId(facebookAccountId);
      if (!(await readFacebookAccount(services.database, workspace.id, id)))
        throw notFound('Facebook account', id, 'GET …/facebook-accounts lists those that are attached');
      const accounts = await listAdAccounts(services.database, workspace.id, id);
      return accounts.map((account) => ({ id: account.id, name: account.name }));
    },
  }),
];
