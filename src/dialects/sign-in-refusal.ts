import type { SignIn } from '../core/credential/sign-in.ts';
import { RequestError } from '../errors.ts';

/** An attempt to sign in that was not judged, since too many have failed before (core/credential/sign-in-throttle.ts). */
export function refuseForNow(retryAfterSeconds: number): RequestError {
  const message = `Too many attempts have failed. Try again in ${retryAfterSeconds} seconds.`;
  return new RequestError('rate-limited', message, { retryAfterSeconds });
}

/** An attempt that was not judged, since as many passwords as may be are hashed already, or wait for it. */
export function refuseBusy(): RequestError {
  const message = 'Too many sign in at this moment. Try again in a second.';
  return new RequestError('overloaded', message, { retryAfterSeconds: 1 });
}

/** The attempt, which was judged. @throws RequestError of one that was not */
export function requireJudged(signedIn: SignIn): Extract<SignIn, { kind: 'signed-in' | 'refused' }> {
  if (signedIn.kind === 'throttled') throw refuseForNow(signedIn.retryAfterSeconds);
  if (signedIn.kind === 'busy') throw refuseBusy();
  return signedIn;
}
