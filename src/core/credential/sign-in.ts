import type { Queryable } from '../../store/queryable.ts';
import type { DialectName } from '../dialect-name.ts';
import { isStorableText } from '../event/storable.ts';
import { hashPassword, verifyPassword } from './credential.ts';
import { type Account, findAccount } from './credential-store.ts';
import type { SignInThrottle } from './sign-in-throttle.ts';

/** What a password is checked against where there is no account, so that the time taken does not tell which names exist. */
let nobody: Promise<string> | undefined;

export type SignIn =
  | { readonly kind: 'signed-in'; readonly account: Account }
  /** There is no such name, or the password is another. */
  | { readonly kind: 'refused' }
  /** It was not judged: too many have failed before (sign-in-throttle.ts). */
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number };

/** The account of a name and its password. `address`: where the attempt comes from. */
export async function signIn(
  services: { readonly database: Queryable; readonly signInThrottle: SignInThrottle },
  dialect: DialectName,
  { name, password, address }: { name: string; password: string; address: string },
): Promise<SignIn> {
  const { database, signInThrottle } = services;
  const attempt = { dialect, name, address };
  const before = signInThrottle.waitSeconds(attempt);
  if (before > 0) return { kind: 'throttled', retryAfterSeconds: before };
  const account = await findByPassword(database, dialect, name, password);
  // Looked at again: of many attempts at once no more are answered than one after the other.
  const after = signInThrottle.waitSeconds(attempt);
  if (after > 0) return { kind: 'throttled', retryAfterSeconds: after };
  if (!account) {
    signInThrottle.fail(attempt);
    return { kind: 'refused' };
  }
  signInThrottle.succeed(attempt);
  return { kind: 'signed-in', account };
}

async function findByPassword(
  connection: Queryable,
  dialect: DialectName,
  name: string,
  password: string,
): Promise<Account | undefined> {
  nobody ??= hashPassword('');
  const noPassword = await nobody;
  const canExist = name.length <= 255 && isStorableText(name);
  const account = canExist ? await findAccount(connection, dialect, name) : undefined;
  const matches = await verifyPassword(password, account?.passwordHash ?? noPassword);
  return account?.passwordHash && matches ? account : undefined;
}
