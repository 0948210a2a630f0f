import { createPublicKey } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import type { Account } from '../credential/credential-store.ts';

/** RFC 7523 section 3: an assertion that is valid for longer than this is as good as a password on the wire. */
const maximumLifetimeSeconds = 3600;
export const maximumAssertionLength = 8192;

export type AssertionVerdict =
  | { readonly kind: 'valid'; readonly scope: string | undefined }
  | { readonly kind: 'invalid'; readonly reason: string };

/**
 * Checks a service account's signed assertion: its key, issuer, subject, audience and expiry (spec/webmarketer.md 0, grant 1).
 * `tokenPath` is what the audience has to end with: clients keep the vendor's host in it when only the host they call changes.
 */
export async function verifyAssertion(
  account: Account,
  assertion: string,
  tokenPath: string,
  now: Date,
): Promise<AssertionVerdict> {
  if (account.publicKey === null) return invalid('the client has no key');
  const { serviceAccountEmail, privateKeyId } = account.settings;
  const publicKey = createPublicKey(account.publicKey);
  try {
    const { payload } = await jwtVerify(
      assertion,
      ({ kid }) => {
        if (kid !== privateKeyId) throw new errors.JWKSNoMatchingKey('"kid" names no key of the client');
        return publicKey;
      },
      {
        algorithms: ['RS256'],
        issuer: account.name,
        subject: String(serviceAccountEmail),
        requiredClaims: ['aud', 'exp'],
        currentDate: now,
      },
    );
    const audiences = [payload.aud].flat();
    if (!audiences.some((audience) => audience?.endsWith(tokenPath)))
      return invalid('"aud" is not this token endpoint');
    if (payload.exp! * 1000 > now.getTime() + maximumLifetimeSeconds * 1000)
      return invalid(`"exp" is more than ${maximumLifetimeSeconds} seconds away`);
    return { kind: 'valid', scope: typeof payload.scope === 'string' ? payload.scope : undefined };
  } catch (error) {
    if (error instanceof errors.JOSEError) return invalid(error.message);
    throw error;
  }
}

function invalid(reason: string): AssertionVerdict {
  return { kind: 'invalid', reason };
}
