import type { FastifyReply, FastifyRequest } from 'fastify';
import { beginConsoleSession } from '../../core/credential/console-session.ts';
import { type Credential, isValidAt } from '../../core/credential/credential.ts';
import { readCredential } from '../../core/credential/credential-store.ts';
import { endCredential } from '../../core/credential/manage-credentials.ts';
import { RequestError } from '../../errors.ts';
import { type Operation, open, operation } from '../../http/operation.ts';
import { refuseOtherPages, requireOwnPage } from '../../http/own-page.ts';
import { findSession, opensNative } from '../admission.ts';
import { errors } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { forgetSessionCookie, setSessionCookie } from './cookie.ts';
import { presentSession } from './present.ts';
import { KeySignIn, LinkSignIn, SessionReply } from './schemas.ts';

const path = '/session';

/** How a browser shows a key once, and goes on without it (docs/console.md). */
export const sessionOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path,
    summary: 'The session of the browser that asks; null where there is none',
    guard: open<NativeServices>(),
    replies: { 200: SessionReply, ...errors() },
    handle: async ({ services, request }) => {
      const session = await findSession(services, request);
      return { session: session ? await presentSession(services.workspaces, session) : null };
    },
  }),
  operation({
    method: 'POST',
    path,
    summary: 'Sign in by a key: the answer sets a cookie that opens this API as the key does',
    description:
      'The session lasts a week, or as long as the key. What changes something by the cookie has to come from a page of this server.',
    guard: open<NativeServices>(),
    checks: { body: KeySignIn },
    example: { key: 'tl_…' },
    status: 201,
    replies: { 201: SessionReply, ...errors(403, 429) },
    handle: ({ services, request, reply, body }) =>
      signIn(services, request, reply, async () => {
        const key = await services.authenticator.findCredential('native', body.key.trim(), ['key']);
        if (key && opensNative(key)) return key;
        throw new RequestError(
          'unauthenticated',
          'This is no key of the native API, or it has ended. The administrator’s is admin.token of credentials.json.',
          { path: 'body/key' },
        );
      }),
  }),
  operation({
    method: 'POST',
    path: `${path}/link`,
    summary: 'Sign in by a link that a start has printed, once and within ten minutes',
    guard: open<NativeServices>(),
    checks: { body: LinkSignIn },
    example: { link: '…' },
    status: 201,
    replies: { 201: SessionReply, ...errors(403, 429) },
    handle: ({ services, request, reply, body }) =>
      signIn(services, request, reply, async () => {
        const keyId = await services.signInLinks.take(body.link);
        const key = keyId && (await readCredential(services.database, null, keyId));
        if (key && isValidAt(key, services.clock())) return key;
        throw new RequestError(
          'unauthenticated',
          'This link was used, or its ten minutes are over. Sign in by a key, or start the server again for another link.',
          { path: 'body/link' },
        );
      }),
  }),
  operation({
    method: 'DELETE',
    path,
    summary: 'Sign out: the session ends',
    guard: open<NativeServices>(),
    replies: { 200: SessionReply, ...errors(403) },
    handle: async ({ services, request, reply }) => {
      requireOwnPage(request);
      await endSession(services, request);
      forgetSessionCookie(request, reply);
      return { session: null };
    },
  }),
];

/** @throws RequestError `rate-limited` where too many attempts of the address have failed, and what `judge` throws */
async function signIn(
  services: NativeServices,
  request: FastifyRequest,
  reply: FastifyReply,
  judge: () => Promise<Credential>,
) {
  refuseOtherPages(request);
  const attempt = { dialect: 'native', name: null, address: request.ip } as const;
  const retryAfterSeconds = await services.signInThrottle.begin(attempt);
  if (retryAfterSeconds > 0)
    throw new RequestError(
      'rate-limited',
      `Too many attempts from this address have failed. Try again in ${retryAfterSeconds} seconds.`,
      { retryAfterSeconds },
    );
  const key = await judge();
  await services.signInThrottle.succeed(attempt);
  await endSession(services, request);
  const { credential, secret } = await beginConsoleSession(
    services.database,
    key,
    new Date(services.clock()),
  );
  setSessionCookie(request, reply, secret);
  return { session: await presentSession(services.workspaces, credential) };
}

async function endSession(services: NativeServices, request: FastifyRequest): Promise<void> {
  const session = await findSession(services, request);
  if (session) await endCredential(services, session.workspaceId, session.id, new Date(services.clock()));
}
