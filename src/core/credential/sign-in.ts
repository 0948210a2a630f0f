import type { Queryable } from '../../store/queryable.ts';
import type { DialectName } from '../dialect-name.ts';
import { isStorableText } from '../event/storable.ts';
import { hashPassword, verifyPassword } from './credential.ts';
import { type Account, findAccount } from './credential-store.ts';

/** What a password is checked against where there is no account, so that the time taken does not tell which names exist. */
let nobody: Promise<string> | undefined;

/** The account of a name and its password; undefined when there is no such name or the password is another. */
export async function signIn(
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
