import { createPublicKey } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import type { Account } from '../../../core/credential/account-store.ts';
import type { HeldCredential } from '../../../core/credential/credential.ts';

/** RFC 7523 section 3: an assertion that is valid for longer than this is as good as a password on the wire. */
const maximumLifetimeSeconds = 3600;
export const maximumAssertionLength = 8192;

export type AssertionVerdict =
  /** `key`: the one of the account's that has signed it. */
  | { readonly kind: 'valid'; readonly key: HeldCredential; readonly scope: string | undefined }
  | { readonly kind: 'invalid'; readonly reason: string };

/**
 * Checks a service account's signed assertion: its key, issuer, subject, audience and expiry (docs/spec/webmarketer.md 0, grant 1).
 * `tokenPath` is what the audience has to end with: clients keep the vendor's host in it when only the host they call changes.
 */
export async function verifyAssertion(
  account: Account,
  keys: readonly HeldCredential[],
  assertion: string,
  tokenPath: string,
  now: Date,
): Promise<AssertionVerdict> {
  let key: HeldCredential | undefined;
  try {
    const { payload } = await jwtVerify(
      assertion,
      ({ kid }) => {
        key = keys.find(({ settings }) => kid !== undefined && settings.privateKeyId === kid);
        if (!key) throw new errors.JWKSNoMatchingKey('"kid" names no valid key of the client');
        return createPublicKey(key.verifier);
      },
      {
        algorithms: ['RS256'],
        issuer: account.name,
        subject: String(account.settings.serviceAccountEmail),
        requiredClaims: ['aud', 'exp'],
        currentDate: now,
      },
    );
    // The claim is whatever was signed: the library's type of it is a promise of who signs.
    const audiences: unknown[] = [payload.aud].flat();
    if (!audiences.some((audience) => typeof audience === 'string' && audience.endsWith(tokenPath)))
      return invalid('"aud" is not this token endpoint');
    if (payload.exp! * 1000 > now.getTime() + maximumLifetimeSeconds * 1000)
      return invalid(`"exp" is more than ${maximumLifetimeSeconds} seconds away`);
    if (!key) return invalid('it is signed by no key');
    return { kind: 'valid', key, scope: typeof payload.scope === 'string' ? payload.scope : undefined };
  } catch (error) {
    if (error instanceof errors.JOSEError) return invalid(error.message);
    throw error;
  }
}

function invalid(reason: string): AssertionVerdict {
  return { kind: 'invalid', reason };
}
