import { RequestError } from '../errors.ts';

/** An attempt to sign in that was not judged, since too many have failed before (core/credential/sign-in-throttle.ts). */
export function refuseForNow(retryAfterSeconds: number): RequestError {
  const message = `Too many attempts have failed. Try again in ${retryAfterSeconds} seconds.`;
  return new RequestError('rate-limited', message, { retryAfterSeconds });
}
