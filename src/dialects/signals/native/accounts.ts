import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { findWorkspaceProblem } from '../../../core/workspace/manage-workspaces.ts';
import { RequestError } from '../../../errors.ts';
import { enterWorkspace, workspaceOf } from '../../../native/admission.ts';
import { noSuch, wrong } from '../../../native/refusals.ts';
import { errors, WorkspaceParameters } from '../../../native/schemas/common.ts';
import {
  AdAccountBody,
  AdAccountParameters,
  AdAccountSchema,
  AdAccountsReply,
  FacebookAccountBody,
  FacebookAccountParameters,
  FacebookAccountSchema,
  FacebookAccountsReply,
} from '../../../native/schemas/signals.ts';
import type { NativeServices } from '../../../native/services.ts';
import { listAdAccounts, readAdAccount } from '../advertising/ad-account-store.ts';
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
import { presentAdAccount, presentFacebookAccount } from './present.ts';

const tags = ['Native: Signals'];
const facebookPath = '/workspaces/:workspace/signals/facebook-accounts';
const adAccountPath = '/workspaces/:workspace/signals/ad-accounts';

/** What ads are read from: Facebook accounts with their tokens, and the ad accounts that these open. */
export function registerAdvertisingAccounts(scope: FastifyInstance, services: NativeServices): void {
  registerFacebookAccounts(scope, services);
  registerDiscovery(scope, services);
  registerAdAccounts(scope, services);
}

function registerFacebookAccounts(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = enterWorkspace.bind(null, services);
  app.get(facebookPath, {
    schema: {
      tags,
      summary: 'List Facebook accounts; tokens are not shown',
      params: WorkspaceParameters,
      response: { 200: FacebookAccountsReply, ...errors(404) },
    },
    onRequest,
    handler: async (request) => {
      const accounts = await listFacebookAccounts(services.database, workspaceOf(request).id);
      return { facebookAccounts: accounts.map(presentFacebookAccount) };
    },
  });
  app.put(`${facebookPath}/:facebookAccountId`, {
    schema: {
      tags,
      summary: 'Add a Facebook account, or change its e-mail or token; what is left out stays',
      params: FacebookAccountParameters,
      body: FacebookAccountBody,
      response: { 200: FacebookAccountSchema, ...errors(404, 409) },
    },
    onRequest,
    handler: async (request) => {
      const { email, accessToken } = request.body;
      const wanted = { id: request.params.facebookAccountId, email, accessToken };
      const account = await putFacebookAccount(services.advertising, workspaceOf(request).id, wanted);
      return presentFacebookAccount(account === 'too-many' ? refuseMore() : account);
    },
  });
  app.delete(`${facebookPath}/:facebookAccountId`, {
    schema: {
      tags,
      summary: 'Forget a Facebook account and its token; ads and numbers stay',
      params: FacebookAccountParameters,
      response: { 204: Type.Null({ description: 'It is forgotten.' }), ...errors(404) },
    },
    onRequest,
    handler: async (request, reply) => {
      const { facebookAccountId } = request.params;
      if (!(await deleteFacebookAccount(services.advertising, workspaceOf(request).id, facebookAccountId)))
        throw noSuch('params/facebookAccountId', 'The workspace has no Facebook account of this id.');
      return reply.code(204).send(null);
    },
  });
}

function registerDiscovery(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const limitsOf = refreshLimits(scope);
  app.post(`${facebookPath}/:facebookAccountId/discover`, {
    schema: {
      tags,
      summary: 'Read from Meta which ad accounts the token opens, and add them',
      params: FacebookAccountParameters,
      response: { 200: AdAccountsReply, ...errors(404, 409, 429, 502) },
    },
    onRequest: (request) => enterWorkspace(services, request),
    handler: async (request) => {
      const workspaceId = workspaceOf(request).id;
      const { facebookAccountId } = request.params;
      requireRefreshed(
        await discoverAdAccounts(services.advertising, workspaceId, facebookAccountId, limitsOf()),
      );
      const accounts = await listAdAccounts(services.database, workspaceId, facebookAccountId);
      return { adAccounts: accounts.map(presentAdAccount) };
    },
  });
  app.post(`${adAccountPath}/:adAccountId/refresh`, {
    schema: {
      tags,
      summary: 'Read campaigns, ads and daily numbers from Meta now',
      params: AdAccountParameters,
      response: { 200: AdAccountSchema, ...errors(404, 409, 429, 502) },
    },
    onRequest: (request) => enterWorkspace(services, request),
    handler: async (request) => {
      const workspaceId = workspaceOf(request).id;
      const { adAccountId } = request.params;
      requireRefreshed(await refreshAdAccount(services.advertising, workspaceId, adAccountId, limitsOf()));
      return presentAdAccount((await readAdAccount(services.database, workspaceId, adAccountId))!);
    },
  });
}

function registerAdAccounts(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = enterWorkspace.bind(null, services);
  app.get(adAccountPath, {
    schema: {
      tags,
      summary: 'List ad accounts, with what became of their last refresh',
      params: WorkspaceParameters,
      response: { 200: AdAccountsReply, ...errors(404) },
    },
    onRequest,
    handler: async (request) => {
      const accounts = await listAdAccounts(services.database, workspaceOf(request).id);
      return { adAccounts: accounts.map(presentAdAccount) };
    },
  });
  app.put(`${adAccountPath}/:adAccountId`, {
    schema: {
      tags,
      summary: 'Add an ad account by hand, or change it; what is left out stays',
      params: AdAccountParameters,
      body: AdAccountBody,
      response: { 200: AdAccountSchema, ...errors(404, 409) },
    },
    onRequest,
    handler: async (request) => {
      const { facebookAccount, name, currency, timezone } = request.body;
      const problem = findWorkspaceProblem({
        ...(timezone === undefined ? {} : { timezone }),
        ...(currency === undefined ? {} : { currency }),
      });
      if (problem)
        throw new RequestError('invalid-request', `${problem.message}.`, { path: `body/${problem.path}` });
      const wanted = {
        id: request.params.adAccountId,
        facebookAccountId: facebookAccount,
        name,
        currency,
        timezone,
      };
      const account = await putAdAccount(services.advertising, workspaceOf(request).id, wanted);
      if (account === 'no-such-facebook-account')
        throw wrong(
          'body/facebookAccount',
          'The workspace has no Facebook account of this id: add it first (PUT …/signals/facebook-accounts/{id}).',
        );
      return presentAdAccount(account === 'too-many' ? refuseMore() : account);
    },
  });
}

function refuseMore(): never {
  throw new RequestError('conflict', `A workspace has at most ${maximumAccounts} of them: delete one first.`);
}
