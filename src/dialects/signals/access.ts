import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Access } from '../../core/credential/authenticator.ts';
import { type HeldCredential, hashSecret } from '../../core/credential/credential.ts';
import { refuseArchived, type Source } from '../../core/source/source.ts';
import { isRecord } from '../../core/value/text.ts';
import { findSource, type Workspace } from '../../core/workspace/workspace.ts';
import { RequestError } from '../../errors.ts';
import { bearerToken, pathParameter } from '../../http/access.ts';
import type { Guard } from '../../http/operation.ts';
import type { Services } from '../dialect.ts';
import { notFound } from './errors.ts';
import { provision } from './provision.ts';
import { readAppSettings } from './settings.ts';

export interface ClientAppPath {
  readonly clientId: string;
  readonly appId: string;
}

/** Who asks, and the app of the path, which is their workspace's. */
export interface AppAccess extends Access {
  readonly app: Source;
}

const signaturePattern = /^sha256=([0-9a-f]{64})$/i;

/** A token of the Hub, or an API key under either name that clients send it by (docs/spec/signals.md 0). */
export const anyKey: Guard<Services, Access> = { admit: authenticate };

/** A key, in a path of one of the client's apps (`:clientId`, `:appId`). For reads: a body is looked at before an app. */
export const inClientApp: Guard<Services, AppAccess> = {
  admit: async (services, request) => {
    const access = await authenticate(services, request);
    const clientId = pathParameter(request, 'clientId');
    const path = { clientId, appId: pathParameter(request, 'appId') };
    return { ...access, app: requireApp(access.workspace, path) };
  },
};

/** A key, in a legacy path, which has an app and no client (docs/spec/signals.md C1). */
export const inApp: Guard<Services, AppAccess> = {
  admit: async (services, request) => {
    const access = await authenticate(services, request);
    return { ...access, app: requireApp(access.workspace, { appId: pathParameter(request, 'appId') }) };
  },
};

/** A key, in a path of one of the workspace's clients (`:clientId`). */
export const inClient: Guard<Services, Access> = {
  admit: async (services, request) => {
    const access = await authenticate(services, request);
    await requireClient(services, access.workspace, pathParameter(request, 'clientId'));
    return access;
  },
};

/**
 * Before the body is read: a key has to be right; without one, there has to be a signature to check it by. Null: there is one, and
 * `requireSigned` has to check it.
 */
export const delivery: Guard<Services, Access | null> = {
  admit: async (services, request) => {
    if (keyOf(request) !== undefined) return authenticate(services, request);
    if (signatureOf(request) === undefined) throw new RequestError('unauthenticated');
    return null;
  },
};

async function authenticate(services: Services, request: FastifyRequest): Promise<Access> {
  return enter(request, await services.authenticator.authenticate('signals', keyOf(request)));
}

/**
 * Once the body is there: a delivery without a key is the app's if its secret has signed the bytes of the body (the inflated ones,
 * where it came compressed).
 */
export async function requireSigned(
  services: Services,
  request: FastifyRequest,
  appId: string,
): Promise<Access> {
  const isHolder = (secret: HeldCredential) => isSignedBy(secret, request);
  return enter(
    request,
    await services.authenticator.authenticateHolder('signals', 'app-secret', appId, isHolder),
  );
}

/**
 * The guard of what brings its key in the body, so that nothing can be asked before that is read: `requireKeyOfBody` checks it before
 * anything of the request is judged.
 */
export const keyInBody: Guard<Services, undefined> = { admit: async () => undefined };

/** Lets the holder of a key in that stands in the body. @throws RequestError `unauthenticated` */
export async function requireKeyOfBody(
  services: Services,
  request: FastifyRequest,
  key: string | undefined,
): Promise<Access> {
  return enter(request, await services.authenticator.authenticate('signals', key));
}

function enter(request: FastifyRequest, access: Access | undefined): Access {
  request.access = access ?? null;
  if (!access) throw new RequestError('unauthenticated');
  return access;
}

function isSignedBy({ verifier: secret }: HeldCredential, request: FastifyRequest): boolean {
  const signature = signatureOf(request);
  if (signature === undefined) return false;
  const expected = createHmac('sha256', secret).update(request.rawBody, 'utf8').digest();
  return timingSafeEqual(expected, signature);
}

/**
 * Who sets up an app's webhook, and shows the token that was agreed on. An unknown app is refused likewise: who has no token is told
 * nothing of apps.
 */
export const verifier: Guard<Services, undefined> = {
  admit: async (services, request) => {
    const { 'hub.mode': mode, 'hub.verify_token': token } = isRecord(request.query) ? request.query : {};
    const appId = pathParameter(request, 'appId');
    const isVerified =
      mode === 'subscribe' && typeof token === 'string' && (await isVerifyToken(services, appId, token));
    if (!isVerified) throw new RequestError('forbidden');
    return undefined;
  },
};

/** Whether the token is one that was agreed on for the app's webhook. */
async function isVerifyToken(services: Services, appId: string, token: string): Promise<boolean> {
  if (!provision.source.form.test(appId)) return false;
  const shown = hashSecret(token);
  const access = await services.authenticator.authenticateHolder(
    'signals',
    'verify-token',
    appId,
    ({ verifier }) => timingSafeEqual(Buffer.from(verifier, 'hex'), shown),
  );
  return access !== undefined;
}

/** @throws RequestError `not-found` when the workspace has no such app, or it is another client's; `source-archived` */
export function requireApp(
  workspace: Workspace,
  path: Pick<ClientAppPath, 'appId'> & Partial<ClientAppPath>,
): Source {
  const app = findSource(workspace, 'signals', 'app', path.appId);
  const isClients =
    path.clientId === undefined || (app && readAppSettings(app.settings).clientId === path.clientId);
  if (app?.archivedAt && isClients) throw refuseArchived(app);
  if (app && isClients) return app;
  const hint =
    path.clientId === undefined
      ? 'the path names one of the workspace’s apps (throughline signals app list)'
      : 'the path names an app of this client of the workspace (throughline signals app list)';
  throw notFound('app', path.appId, hint);
}

/** @throws RequestError `not-found` when the client is another workspace's, or there is none */
export async function requireClient(
  services: Services,
  workspace: Workspace,
  clientId: string,
): Promise<void> {
  const bound = await services.workspaces.findBound('signals', 'client', clientId);
  if (bound?.id !== workspace.id)
    throw notFound(
      'client',
      clientId,
      'the path names one of the workspace’s (throughline signals client list)',
    );
}

/**
 * Of an app whose tracking is on: conversions can be set up (docs/spec/signals.md C11).
 * @throws RequestError `not-found`, `forbidden`
 */
export function requireTrackedApp(workspace: Workspace, path: ClientAppPath): Source {
  const app = requireApp(workspace, path);
  if (readAppSettings(app.settings).ctwaTracking === false)
    throw new RequestError('forbidden', 'CTWA tracking is not enabled for this app: enable it first');
  return app;
}

function keyOf(request: FastifyRequest): string | undefined {
  const { authorization, 'x-api-key': apiKey, 'd360-api-key': vendorKey } = request.headers;
  // A header that is there but can't be read is a wrong key, not the lack of one.
  if (authorization !== undefined) return bearerToken(request) ?? '';
  const key = apiKey ?? vendorKey;
  return typeof key === 'string' ? key : undefined;
}

function signatureOf(request: FastifyRequest): Buffer | undefined {
  const header = request.headers['x-hub-signature-256'];
  const hex = typeof header === 'string' ? signaturePattern.exec(header)?.[1] : undefined;
  return hex === undefined ? undefined : Buffer.from(hex, 'hex');
}
