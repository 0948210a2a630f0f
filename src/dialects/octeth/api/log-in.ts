import { issueCredential } from '../../../core/credential/issue-credential.ts';
import { signIn } from '../../../core/credential/sign-in.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Services } from '../../dialect.ts';
import { requireJudged } from '../../sign-in-refusal.ts';
import { LoginError } from '../errors.ts';
import { provision } from '../provision.ts';
import { takeCall } from '../rate.ts';
import type { Fields } from './fields.ts';

/** docs/spec/octeth.md 0: 30 days. */
const sessionMilliseconds = 30 * 24 * 60 * 60 * 1000;

interface User {
  readonly workspaceId: WorkspaceId;
  readonly name: string;
  /** The key or the password that the session is made from, and ends with. */
  readonly madeFrom: string;
}

/**
 * User.Login: a session for an account's name and password, or for an API key (docs/spec/octeth.md A3). `address`: the client's.
 * @throws LoginError; RequestError `rate-limited` after too many failures, or over the rate that the workspace has set, and
 * `overloaded` when too many sign in at once
 */
export async function logIn(services: Services, fields: Fields, address: string) {
  const user = await findUser(services, fields, address);
  await takeCall(services, await services.workspaces.get(user.workspaceId), 'user.login');
  const now = services.clock();
  const session = {
    workspaceId: user.workspaceId,
    dialect: 'octeth',
    kind: 'session',
    role: 'user',
    name: `session of ${user.name}`,
    madeFrom: user.madeFrom,
    expiresAt: new Date(now + sessionMilliseconds),
  } as const;
  const { secret } = await issueCredential(services.database, session, new Date(now), provision.keys.make);
  return presentLogin(secret, user.workspaceId, user.name);
}

async function findUser(services: Services, fields: Fields, address: string): Promise<User> {
  const apiKey = fields.text('apikey');
  if (apiKey !== undefined) {
    const access = await services.authenticator.authenticate('octeth', apiKey);
    // A session does not make another: else a stolen one could be kept alive for ever.
    if (access?.credential.kind !== 'key') throw new LoginError([3]);
    return {
      workspaceId: access.workspace.id,
      name: access.credential.name,
      madeFrom: access.credential.id,
    };
  }
  const username = fields.text('username');
  const password = fields.get('password');
  const missing: (1 | 2)[] = [];
  if (username === undefined) missing.push(1);
  if (typeof password !== 'string' || password === '') missing.push(2);
  if (username === undefined || typeof password !== 'string' || missing.length > 0)
    throw new LoginError(missing);
  const signedIn = requireJudged(await signIn(services, 'octeth', { name: username, password, address }));
  if (signedIn.kind === 'refused') throw new LoginError([3]);
  const { id: madeFrom, workspaceId, subject } = signedIn.password;
  return { workspaceId, name: subject, madeFrom };
}

/** docs/spec/octeth.md A3. `EmailAddress` and the names are blank: an account here has none. */
function presentLogin(sessionId: string, workspaceId: number, username: string) {
  return {
    Success: true,
    ErrorCode: 0,
    ErrorText: '',
    SessionID: sessionId,
    UserInfo: { UserID: workspaceId, Username: username, EmailAddress: '', FirstName: '', LastName: '' },
  };
}
