import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { findWorkspaceProblem } from '../../../core/workspace/manage-workspaces.ts';
import { RequestError } from '../../../errors.ts';
import { type Operation, operation, registerOperations } from '../../../http/operation.ts';
import { inWorkspace } from '../../../native/guards.ts';
import { noSuch, wrong } from '../../../native/refusals.ts';
import { errors, WorkspaceParameters } from '../../../native/schemas/common.ts';
import { compileNative } from '../../../native/validation.ts';
import type { Services } from '../../dialect.ts';
import { listAdAccounts, readAdAccount } from '../advertising/ad-account-store.ts';
import type { PlatformLimits } from '../advertising/ad-platform.ts';
import { listFacebookAccounts } from '../advertising/facebook-account-store.ts';
import {
  deleteFacebookAccount,
  discoverAdAccounts,
  maximumAccounts,
  putAdAccount,
  putFacebookAccount,
} from '../advertising/manage-accounts.ts';
import { refreshAdAccount } from '../advertising/refresh-ad-account.ts';
import { refreshLimits } from '../advertising/refresh-limits.ts';
import { requireRefreshed } from '../advertising/refresh-refusal.ts';
import { advertisingOf } from '../connector/connect-advertising.ts';
import { presentAdAccount, presentFacebookAccount } from './present.ts';
import {
  AdAccountBody,
  AdAccountParameters,
  AdAccountSchema,
  AdAccountsReply,
  FacebookAccountBody,
  FacebookAccountParameters,
  FacebookAccountSchema,
  FacebookAccountsReply,
} from './schemas.ts';

const facebookPath = '/workspaces/:workspace/signals/facebook-accounts';
const adAccountPath = '/workspaces/:workspace/signals/ad-accounts';

/** What ads are read from: Facebook accounts with their tokens, and the ad accounts that these open. */
export function registerAdvertisingAccounts(scope: FastifyInstance, services: Services): void {
  const operations = [...facebookAccounts, ...refreshing(refreshLimits(scope)), ...adAccounts];
  registerOperations(scope, services, operations, { tag: 'Native: Signals', compile: compileNative });
}

const facebookAccounts: readonly Operation<Services>[] = [
  operation({
    method: 'GET',
    path: facebookPath,
    summary: 'List Facebook accounts; tokens are not shown',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters },
    replies: { 200: FacebookAccountsReply, ...errors(404) },
    handle: async ({ services, access }) => {
      const accounts = await listFacebookAccounts(services.database, access.workspace.id);
      return { facebookAccounts: accounts.map(presentFacebookAccount) };
    },
  }),
  operation({
    method: 'PUT',
    path: `${facebookPath}/:facebookAccountId`,
    summary: 'Add a Facebook account, or change its e-mail or token; what is left out stays',
    guard: inWorkspace,
    checks: { path: FacebookAccountParameters, body: FacebookAccountBody },
    example: { email: 'ads@example.com', accessToken: 'EAABexample' },
    replies: { 200: FacebookAccountSchema, ...errors(404, 409) },
    handle: async ({ services, access, path, body }) => {
      const { email, accessToken } = body;
      const wanted = { id: path.facebookAccountId, email, accessToken };
      const account = await putFacebookAccount(advertisingOf(services), access.workspace.id, wanted);
      return presentFacebookAccount(account === 'too-many' ? refuseMore() : account);
    },
  }),
  operation({
    method: 'DELETE',
    path: `${facebookPath}/:facebookAccountId`,
    summary: 'Forget a Facebook account and its token; ads and numbers stay',
    guard: inWorkspace,
    checks: { path: FacebookAccountParameters },
    status: 204,
    replies: { 204: Type.Null({ description: 'It is forgotten.' }), ...errors(404) },
    handle: async ({ services, access, path }) => {
      const { facebookAccountId } = path;
      if (!(await deleteFacebookAccount(advertisingOf(services), access.workspace.id, facebookAccountId)))
        throw noSuch('params/facebookAccountId', 'The workspace has no Facebook account of this id.');
      return null;
    },
  }),
];

/** What asks Meta. */
function refreshing(limitsOf: () => PlatformLimits): readonly Operation<Services>[] {
  return [
    operation({
      method: 'POST',
      path: `${facebookPath}/:facebookAccountId/discover`,
      summary: 'Read from Meta which ad accounts the token opens, and add them',
      guard: inWorkspace,
      checks: { path: FacebookAccountParameters },
      replies: { 200: AdAccountsReply, ...errors(404, 409, 429, 502) },
      handle: async ({ services, access, path }) => {
        const workspaceId = access.workspace.id;
        const { facebookAccountId } = path;
        requireRefreshed(
          await discoverAdAccounts(advertisingOf(services), workspaceId, facebookAccountId, limitsOf()),
        );
        const accounts = await listAdAccounts(services.database, workspaceId, facebookAccountId);
        return { adAccounts: accounts.map(presentAdAccount) };
      },
    }),
    operation({
      method: 'POST',
      path: `${adAccountPath}/:adAccountId/refresh`,
      summary: 'Read campaigns, ads and daily numbers from Meta now',
      guard: inWorkspace,
      checks: { path: AdAccountParameters },
      replies: { 200: AdAccountSchema, ...errors(404, 409, 429, 502) },
      handle: async ({ services, access, path }) => {
        const workspaceId = access.workspace.id;
        const { adAccountId } = path;
        requireRefreshed(
          await refreshAdAccount(
            advertisingOf(services),
            workspaceId,
            adAccountId,
            limitsOf(),
            access.credential.name,
          ),
        );
        const account = await readAdAccount(services.database, workspaceId, adAccountId);
        if (!account) throw new Error('an ad account was refreshed and is not there');
        return presentAdAccount(account);
      },
    }),
  ];
}

const adAccounts: readonly Operation<Services>[] = [
  operation({
    method: 'GET',
    path: adAccountPath,
    summary: 'List ad accounts, with what became of their last refresh',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters },
    replies: { 200: AdAccountsReply, ...errors(404) },
    handle: async ({ services, access }) => {
      const accounts = await listAdAccounts(services.database, access.workspace.id);
      return { adAccounts: accounts.map(presentAdAccount) };
    },
  }),
  operation({
    method: 'PUT',
    path: `${adAccountPath}/:adAccountId`,
    summary: 'Add an ad account by hand, or change it; what is left out stays',
    guard: inWorkspace,
    checks: { path: AdAccountParameters, body: AdAccountBody },
    example: {
      facebookAccount: '10200000000000001',
      name: 'Shop',
      currency: 'EUR',
      timezone: 'Europe/Berlin',
    },
    replies: { 200: AdAccountSchema, ...errors(404, 409) },
    handle: async ({ services, access, path, body }) => {
      const { facebookAccount, name, currency, timezone } = body;
      const problem = findWorkspaceProblem({
        ...(timezone === undefined ? {} : { timezone }),
        ...(currency === undefined ? {} : { currency }),
      });
      if (problem)
        throw new RequestError('invalid-request', `${problem.message}.`, { path: `body/${problem.path}` });
      const wanted = {
        id: path.adAccountId,
        facebookAccountId: facebookAccount,
        name,
        currency,
        timezone,
      };
      const account = await putAdAccount(advertisingOf(services), access.workspace.id, wanted);
      if (account === 'no-such-facebook-account')
        throw wrong(
          'body/facebookAccount',
          'The workspace has no Facebook account of this id: add it first (PUT …/signals/facebook-accounts/{id}).',
        );
      return presentAdAccount(account === 'too-many' ? refuseMore() : account);
    },
  }),
];

function refuseMore(): never {
  throw new RequestError('conflict', `A workspace has at most ${maximumAccounts} of them: delete one first.`);
}
