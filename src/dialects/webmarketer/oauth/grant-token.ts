import type { Clock } from '../../../core/clock.ts';
import { type Account, findAccount } from '../../../core/credential/account-store.ts';
import type { Authenticator } from '../../../core/credential/authenticator.ts';
import type { Credential } from '../../../core/credential/credential.ts';
import { findHeldCredentials } from '../../../core/credential/credential-store.ts';
import { issueCredential, issueToken } from '../../../core/credential/issue-credential.ts';
import type { LastUses } from '../../../core/credential/last-uses.ts';
import { findShown } from '../../../core/credential/sign-in.ts';
import { formAccessToken } from '../../../core/credential/token-form.ts';
import type { Turns } from '../../../core/credential/turns.ts';
import type { DialectName } from '../../../core/dialect-name.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { maximumAssertionLength, verifyAssertion } from './assertion.ts';

export interface TokenServices {
  readonly database: Queryable;
  readonly authenticator: Authenticator;
  readonly lastUses: LastUses;
  /** Of those whose secret is hashed. */
  readonly passwordTurns: Turns;
  readonly clock: Clock;
}

/** Error codes of RFC 6749 section 5.2. */
export type TokenError = 'invalid_request' | 'invalid_client' | 'invalid_grant' | 'invalid_scope';

export type TokenGrant =
  | {
      readonly kind: 'granted';
      readonly accessToken: string;
      readonly expiresInSeconds: number;
      readonly scope: string;
      readonly refreshToken: string | undefined;
    }
  | { readonly kind: 'refused'; readonly error: TokenError; readonly description: string }
  /** It was not judged: too many secrets are being hashed already. */
  | { readonly kind: 'busy' };

const accessTokenRole = 'service-account';

const accessTokenSeconds = 3600;
const refreshTokenSeconds = 90 * 24 * 3600;

const fullAccess = 'full_access';
const offlineAccess = 'offline_access';

/** Grants an access token for a signed assertion; with the scope `offline_access` a refresh token too. */
export async function grantByAssertion(
  services: TokenServices,
  dialect: DialectName,
  request: { clientId: string; assertion: string; scope: string | undefined; tokenPath: string },
): Promise<TokenGrant> {
  const account = await findAccount(services.database, dialect, request.clientId);
  if (!account) return refused('invalid_client', 'There is no such client.');
  if (request.assertion.length > maximumAssertionLength)
    return refused('invalid_grant', 'The assertion is too long.');
  const now = new Date(services.clock());
  const keys = await findHeldCredentials(
    services.database,
    dialect,
    'service-account-key',
    account.name,
    now,
  );
  const verdict = await verifyAssertion(account, keys, request.assertion, request.tokenPath, now);
  if (verdict.kind === 'invalid')
    return refused('invalid_grant', `The assertion is not valid: ${verdict.reason}.`);
  const scopes = grantedScopes(verdict.scope ?? request.scope);
  if (scopes.length === 0) return refused('invalid_scope', 'None of the scopes is known.');
  services.lastUses.note(verdict.key.id, now.getTime());
  const refreshToken = scopes.includes(offlineAccess)
    ? await issueRefreshToken(services, account, verdict.key)
    : undefined;
  return grant(services, account, verdict.key, scopes, refreshToken);
}

/**
 * Grants an access token for a refresh token, which stays valid: clients are configured with theirs and don't store another. A
 * client that has a secret must show it; one without is known by the refresh token alone, which is bound to it.
 */
export async function grantByRefreshToken(
  services: TokenServices,
  dialect: DialectName,
  request: { clientId: string; clientSecret: string | undefined; refreshToken: string },
): Promise<TokenGrant> {
  const account = await findAccount(services.database, dialect, request.clientId);
  if (!account) return refused('invalid_client', 'There is no such client.');
  const kinds = ['refresh-token'] as const;
  const credential = await services.authenticator.findCredential(dialect, request.refreshToken, kinds);
  if (!credential || !isRefreshTokenOf(credential, account))
    return refused('invalid_grant', 'The refresh token is not valid.');
  // After the token, which is cheap to look up and can't be guessed: a secret is dear to check.
  const { database, clock, passwordTurns } = services;
  const secrets = await findHeldCredentials(database, dialect, 'password', account.name, new Date(clock()));
  if (secrets.length > 0) {
    const shown = passwordTurns.take(() => findShown(secrets, request.clientSecret ?? ''));
    if (!shown) return { kind: 'busy' };
    if (!(await shown)) return refused('invalid_client', "The client's secret is another.");
  }
  return grant(services, account, credential, [fullAccess, offlineAccess], request.refreshToken);
}

/** RFC 6749 section 3.3: what is not known is ignored, and the reply says what was granted. */
function grantedScopes(requested: string | undefined): string[] {
  const asked = requested?.split(' ').filter((scope) => scope !== '') ?? [];
  if (asked.length === 0) return [fullAccess];
  const known = [fullAccess, offlineAccess].filter((scope) => asked.includes(scope));
  return known.length === 0 ? [] : [...new Set([fullAccess, ...known])];
}

function isRefreshTokenOf(credential: Credential, account: Account): boolean {
  return credential.workspaceId === account.workspaceId && credential.name === account.name;
}

async function issueRefreshToken(
  services: TokenServices,
  account: Account,
  madeFrom: Credential,
): Promise<string> {
  const now = services.clock();
  const expiresAt = new Date(now + refreshTokenSeconds * 1000);
  const wanted = { ...grantFor(account, madeFrom), kind: 'refresh-token', expiresAt } as const;
  return (await issueCredential(services.database, wanted, new Date(now))).secret;
}

function grantFor({ workspaceId, dialect, name }: Account, { id }: Credential) {
  return { workspaceId, dialect, role: accessTokenRole, name, madeFrom: id };
}

async function grant(
  services: TokenServices,
  account: Account,
  madeFrom: Credential,
  scopes: readonly string[],
  refreshToken: string | undefined,
): Promise<TokenGrant> {
  const now = services.clock();
  const issuedAt = Math.floor(now / 1000);
  const expiresAt = issuedAt + accessTokenSeconds;
  const scope = scopes.join(' ');
  const claims = { iss: 'throughline', sub: account.name, iat: issuedAt, exp: expiresAt, scope };
  const { secret } = await issueToken(
    services.database,
    {
      ...grantFor(account, madeFrom),
      kind: 'access-token',
      expiresAt: new Date(expiresAt * 1000),
    },
    formAccessToken(claims),
    new Date(now),
  );
  return { kind: 'granted', accessToken: secret, expiresInSeconds: accessTokenSeconds, scope, refreshToken };
}

function refused(error: TokenError, description: string): TokenGrant {
  return { kind: 'refused', error, description };
}
