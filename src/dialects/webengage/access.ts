import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ConsentAuthor } from '../../core/consent/consent.ts';
import type { Access } from '../../core/credential/authenticator.ts';
import type { RateLimitState } from '../../core/rate-limit/rate-limiter.ts';
import { RequestError } from '../../errors.ts';
import { bearerToken, pathParameter } from '../../http/access.ts';
import type { Guard } from '../../http/operation.ts';
import type { RequestHead } from '../../http/short-way.ts';
import type { Services } from '../dialect.ts';

/** The endpoints, as a repeat's key is scoped by them (B11). */
export type Endpoint = 'events' | 'users' | 'bulk-events' | 'bulk-users';

/** What a rate is counted by (B14). */
const rateGroups: Record<Endpoint, string> = {
  events: 'webengage:events',
  users: 'webengage:users',
  'bulk-events': 'webengage:bulk',
  'bulk-users': 'webengage:bulk',
};

export const rateGroupNames: readonly string[] = Object.values(rateGroups);

/** A key of the account that the path names. */
export const accountKey: Guard<Services, Access> = { admit: enterAccount };

/** C8: the key, then the licence code, then the endpoint's rate, all before the body is read. */
export function accountKeyWithin(endpoint: Endpoint): Guard<Services, Access> {
  return {
    admit: async (services, request, reply) => {
      const access = await enterAccount(services, request);
      const state = await services.rateLimiter.take(access.workspace, rateGroups[endpoint]);
      if (state) limit(state, reply);
      return access;
    },
  };
}

/** The same on the short way, for who is let in where no rate is set, which the answer would tell of. */
export function plainAccessWithin(endpoint: Endpoint) {
  return async (services: Services, head: RequestHead): Promise<Access | undefined> => {
    const access = await findAccess(services, head, head.params.licenseCode ?? '');
    return services.rateLimiter.isLimited(access.workspace, rateGroups[endpoint]) ? undefined : access;
  };
}

/** @throws RequestError 401 without a key of this account, 404 when no account has the license code */
async function findAccess(
  services: Services,
  request: Pick<FastifyRequest, 'headers'>,
  licenseCode: string,
): Promise<Access> {
  const access = await services.authenticator.authenticate('webengage', bearerToken(request));
  if (!access) throw new RequestError('unauthenticated');
  const account = await services.workspaces.findBound('webengage', 'license', licenseCode);
  if (!account) throw new RequestError('not-found', 'There is no account with this license code.');
  if (account.id !== access.workspace.id) throw new RequestError('unauthenticated');
  return access;
}

async function enterAccount(services: Services, request: FastifyRequest): Promise<Access> {
  const access = await findAccess(services, request, pathParameter(request, 'licenseCode'));
  request.access = access;
  return access;
}

/** Who writes by a key, as the log of consents tells it. */
export function sourceOf({ credential }: Access): ConsentAuthor {
  return { sourceId: credential.id, userId: null };
}

/** Ruling 3: the headers are there only when a rate is set, then on every reply. */
function limit(state: RateLimitState, reply: FastifyReply): void {
  reply.headers({ 'x-ratelimit-limit': state.limit, 'x-ratelimit-remaining': state.remaining });
  if (state.allowed) return;
  throw new RequestError('rate-limited', 'Rate limit exceeded. Try again later.', {
    retryAfterSeconds: state.resetSeconds,
  });
}
