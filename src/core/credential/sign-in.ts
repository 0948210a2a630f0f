import type { Queryable } from '../../store/queryable.ts';
import type { Clock } from '../clock.ts';
import type { DialectName } from '../dialect-name.ts';
import { isStorableText } from '../event/storable.ts';
import type { Reachable } from '../together.ts';
import { type HeldCredential, hashPassword, verifyPassword } from './credential.ts';
import { findHeldCredentials } from './credential-store.ts';
import type { LastUses } from './last-uses.ts';
import type { Attempt, SignInThrottle } from './sign-in-throttle.ts';
import type { Turns } from './turns.ts';

/** What a password is checked against where there is no account, so that the time taken does not tell which names exist. */
let nobody: Promise<string> | undefined;

export type SignIn =
  /** The password's subject is the account's name; sessions are made from it, and end with it. */
  | { readonly kind: 'signed-in'; readonly password: HeldCredential }
  /** There is no such name, or the password is another. */
  | { readonly kind: 'refused' }
  /** It was not judged: too many have failed before (sign-in-throttle.ts). */
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }
  /** It was not judged: too many are being judged already. */
  | { readonly kind: 'busy' };

export interface SignInServices {
  readonly database: Queryable;
  readonly signInThrottle: Reachable<SignInThrottle>;
  /** Of those whose password is hashed. */
  readonly passwordTurns: Turns;
  readonly lastUses: LastUses;
  readonly clock: Clock;
}

/** What a name and its password sign in by. `address`: where the attempt comes from. */
export async function signIn(
  services: SignInServices,
  dialect: DialectName,
  { name, password, address }: { name: string; password: string; address: string },
): Promise<SignIn> {
  const { database, signInThrottle, passwordTurns, lastUses } = services;
  const attempt = { dialect, name, address };
  const wait = await signInThrottle.waitSeconds(attempt);
  if (wait > 0) return { kind: 'throttled', retryAfterSeconds: wait };
  if (passwordTurns.isFull) return { kind: 'busy' };
  const canExist = name.length <= 255 && isStorableText(name);
  const now = services.clock();
  const known = canExist ? await findHeldCredentials(database, dialect, 'password', name, new Date(now)) : [];
  const judged = await passwordTurns.take(() => judge(signInThrottle, attempt, known, password));
  if (judged?.kind === 'signed-in') lastUses.note(judged.password.id, now);
  return judged ?? { kind: 'busy' };
}

async function judge(
  signInThrottle: Reachable<SignInThrottle>,
  attempt: Attempt,
  known: readonly HeldCredential[],
  password: string,
): Promise<SignIn> {
  const wait = await signInThrottle.begin(attempt);
  if (wait > 0) return { kind: 'throttled', retryAfterSeconds: wait };
  const shown = await findShown(known, password);
  if (!shown) return { kind: 'refused' };
  await signInThrottle.succeed(attempt);
  return { kind: 'signed-in', password: shown };
}

/**
 * The one of a name's passwords that was shown. There are two while one is being rotated, and the time that it takes then tells that
 * there is such a name, and no more.
 */
export async function findShown(
  known: readonly HeldCredential[],
  password: string,
): Promise<HeldCredential | undefined> {
  nobody ??= hashPassword('');
  if (known.length === 0) await verifyPassword(password, await nobody);
  for (const one of known) if (await verifyPassword(password, one.verifier)) return one;
  return undefined;
}
