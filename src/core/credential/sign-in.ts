import type { Queryable } from '../../store/queryable.ts';
import type { DialectName } from '../dialect-name.ts';
import { isStorableText } from '../event/storable.ts';
import { hashPassword, verifyPassword } from './credential.ts';
import { type Account, findAccount } from './credential-store.ts';
import type { Attempt, SignInThrottle } from './sign-in-throttle.ts';
import type { Turns } from './turns.ts';

/** What a password is checked against where there is no account, so that the time taken does not tell which names exist. */
let nobody: Promise<string> | undefined;

export type SignIn =
  | { readonly kind: 'signed-in'; readonly account: Account }
  /** There is no such name, or the password is another. */
  | { readonly kind: 'refused' }
  /** It was not judged: too many have failed before (sign-in-throttle.ts). */
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }
  /** It was not judged: too many are being judged already. */
  | { readonly kind: 'busy' };

export interface SignInServices {
  readonly database: Queryable;
  readonly signInThrottle: SignInThrottle;
  /** Of those whose password is hashed. */
  readonly passwordTurns: Turns;
}

/** The account of a name and its password. `address`: where the attempt comes from. */
export async function signIn(
  services: SignInServices,
  dialect: DialectName,
  { name, password, address }: { name: string; password: string; address: string },
): Promise<SignIn> {
  const { database, signInThrottle, passwordTurns } = services;
  const attempt = { dialect, name, address };
  const wait = signInThrottle.waitSeconds(attempt);
  if (wait > 0) return { kind: 'throttled', retryAfterSeconds: wait };
  if (passwordTurns.isFull) return { kind: 'busy' };
  const canExist = name.length <= 255 && isStorableText(name);
  const account = canExist ? await findAccount(database, dialect, name) : undefined;
  const judged = passwordTurns.take(() => judge(signInThrottle, attempt, account, password));
  return (await judged) ?? { kind: 'busy' };
}

/** An attempt counts as failed before it is judged, so that of many at once no more are judged than one after the other. */
async function judge(
  signInThrottle: SignInThrottle,
  attempt: Attempt,
  account: Account | undefined,
  password: string,
): Promise<SignIn> {
  const wait = signInThrottle.waitSeconds(attempt);
  if (wait > 0) return { kind: 'throttled', retryAfterSeconds: wait };
  signInThrottle.fail(attempt);
  nobody ??= hashPassword('');
  const matches = await verifyPassword(password, account?.passwordHash ?? (await nobody));
  if (!account?.passwordHash || !matches) return { kind: 'refused' };
  signInThrottle.succeed(attempt);
  return { kind: 'signed-in', account };
}
