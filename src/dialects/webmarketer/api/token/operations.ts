import { type Operation, open, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { refuseBusy, refuseForNow } from '../../../sign-in-refusal.ts';
import { tokenPath } from '../../errors.ts';
import { grantByAssertion, grantByRefreshToken, type TokenGrant } from '../../oauth/grant-token.ts';
import { type GrantRequest, parseGrant, refuseGrant, tokenBodyLimit } from './parse.ts';
import { presentToken } from './present.ts';
import { TokenBody, TokenReply } from './schemas.ts';

/** `POST /oidc/token`, in RFC 6749's form (docs/spec/webmarketer.md 0). */
export const tokenOperations: readonly Operation<Services>[] = [
  operation({
    method: 'POST',
    path: tokenPath,
    summary: 'Get an access token',
    guard: open<Services>(),
    documents: { body: TokenBody, consumes: ['application/x-www-form-urlencoded'] },
    replies: { 200: TokenReply },
    bodyLimit: tokenBodyLimit,
    handle: async ({ services, body, request, reply }) => {
      const granted = await grantToken(services, parseGrant(body));
      if (granted.kind === 'busy') throw refuseBusy();
      if (granted.kind === 'refused') {
        // Only what fails is slowed down: whoever shows what is valid is let in, whatever others send from the same address. By the
        // address alone: nobody can guess a signature, but who knows a client's id could lock it out by failing.
        const attempt = { dialect: 'webmarketer', name: null, address: request.ip } as const;
        const wait = await services.signInThrottle.begin(attempt);
        if (wait > 0) throw refuseForNow(wait);
        throw refuseGrant(granted.error, granted.description);
      }
      reply.header('cache-control', 'no-store');
      return presentToken(granted);
    },
  }),
];

function grantToken(services: Services, asked: GrantRequest): Promise<TokenGrant> {
  return asked.kind === 'assertion'
    ? grantByAssertion(services, 'webmarketer', asked)
    : grantByRefreshToken(services, 'webmarketer', asked);
}
