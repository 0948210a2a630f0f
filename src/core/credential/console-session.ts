import type { Queryable } from '../../store/queryable.ts';
import { type Credential, generateSecret } from './credential.ts';
import { type Issued, issueCredential } from './issue-credential.ts';

/** How long who has signed in to the console stays so; less where the key ends before. */
export const sessionMilliseconds = 7 * 24 * 60 * 60 * 1000;

/**
 * A session of the console, made from a key of the native API: it may what the key may, ends with it, and is kept as its hash.
 */
export function beginConsoleSession(connection: Queryable, key: Credential, now: Date): Promise<Issued> {
  const { id: madeFrom, workspaceId, role, name } = key;
  const session = {
    workspaceId,
    dialect: 'native',
    kind: 'session',
    role,
    name: `console session of ${name}`,
    madeFrom,
    expiresAt: new Date(now.getTime() + sessionMilliseconds),
  } as const;
  return issueCredential(connection, session, now, () => generateSecret('tl_session'));
}
