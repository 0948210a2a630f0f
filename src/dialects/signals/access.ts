import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type HeldCredential, hashSecret } from '../../core/credential/credential.ts';
import type { Source } from '../../core/source/source.ts';
import { findSource, type Workspace } from '../../core/workspace/workspace.ts';
import { RequestError } from '../../errors.ts';
import { bearerToken } from '../../http/access.ts';
import type { Services } from '../dialect.ts';
import { notFound } from './errors.ts';
import { readAppSettings } from './settings.ts';

export interface AppPath {
  appId: string;
}

export interface ClientAppPath extends AppPath {
  clientId: string;
}

const signaturePattern = /^sha256=([0-9a-f]{64})$/i;

/** A token of the Hub, or an API key under either name that clients send it by (docs/spec/signals.md 0). */
export async function requireKey(services: Services, request: FastifyRequest): Promise<void> {
  request.access = (await services.authenticator.authenticate('signals', keyOf(request))) ?? null;
  if (!request.access) throw new RequestError('unauthenticated');
}

/** Before the body is read: a key has to be right; without one, there has to be a signature to check it by. */
export async function admitDelivery(services: Services, request: FastifyRequest): Promise<void> {
  if (keyOf(request) !== undefined) await requireKey(services, request);
  else if (signatureOf(request) === undefined) throw new RequestError('unauthenticated');
}

/**
 * Once the body is there: a delivery without a key is the app's if its secret has signed the bytes of the body (the inflated ones,
 * where it came compressed).
 */
export async function checkSignature(services: Services, request: FastifyRequest): Promise<void> {
  if (request.access) return;
  const { appId } = request.params as AppPath;
  const access = await services.authenticator.authenticateHolder('signals', 'app-secret', appId, (secret) =>
    isSignedBy(secret, request),
  );
  if (!access) throw new RequestError('unauthenticated');
  request.access = access;
}

function isSignedBy({ verifier: secret }: HeldCredential, request: FastifyRequest): boolean {
  const signature = signatureOf(request);
  if (signature === undefined) return false;
  const expected = createHmac('sha256', secret).update(request.rawBody, 'utf8').digest();
  return timingSafeEqual(expected, signature);
}

/** Whether the token is one that was agreed on for the app's webhook. */
export async function isVerifyToken(services: Services, appId: string, token: string): Promise<boolean> {
  const shown = hashSecret(token);
  const access = await services.authenticator.authenticateHolder(
    'signals',
    'verify-token',
    appId,
    ({ verifier }) => timingSafeEqual(Buffer.from(verifier, 'hex'), shown),
  );
  return access !== undefined;
}

/** @throws RequestError `not-found` when the workspace has no such app, or it is another client's */
export function requireApp(workspace: Workspace, path: AppPath & Partial<ClientAppPath>): Source {
  const app = findSource(workspace, 'signals', 'app', path.appId);
  const isClients =
    path.clientId === undefined || (app && readAppSettings(app.settings).clientId === path.clientId);
  if (app && !app.archivedAt && isClients) return app;
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
