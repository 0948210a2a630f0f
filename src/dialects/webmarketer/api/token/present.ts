import type { TokenGrant } from '../../oauth/grant-token.ts';

/** The vendor's client reads each of these without looking whether it is there. */
export function presentToken(granted: Extract<TokenGrant, { kind: 'granted' }>) {
  return {
    access_token: granted.accessToken,
    token_type: 'Bearer',
    expires_in: granted.expiresInSeconds,
    scope: granted.scope,
    ...(granted.refreshToken === undefined ? {} : { refresh_token: granted.refreshToken }),
  };
}
