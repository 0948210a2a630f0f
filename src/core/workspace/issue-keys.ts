import { randomBytes } from 'node:crypto';
import type { Queryable } from '../../store/queryable.ts';
import { insertAccount } from '../credential/account-store.ts';
import { type Issued, issueCredential } from '../credential/issue-credential.ts';
import type { DialectName } from '../dialect-name.ts';
import { newRecordId } from '../id.ts';
import type { CreatedWorkspace } from './create-workspace.ts';
import { issueAppSecrets } from './issue-app-secrets.ts';
import type { WorkspaceId } from './workspace.ts';

/**
 * `credentials.json`, a public contract: scripts build on it (docs/credentials.md). Keys are only ever added.
 */
export interface CredentialsFile {
  baseUrl: string;
  workspace: { id: string; slug: string };
  admin: { token: string };
  webmarketer: {
    projectId: string;
    wmktId: string;
    accessToken: string;
    serviceAccount: {
      clientId: string;
      privateKey: string;
      privateKeyId: string;
      serviceAccountEmail: string;
    };
  };
  octeth: { apiKey: string; adminApiKey: string; listId: string; username: string; password: string };
  contacthub: {
    token: string;
    adminToken: string;
    operatorToken: string;
    dpoToken: string;
    workspaceId: string;
    nodeId: string;
  };
  webengage: { licenseCode: string; apiKey: string };
  signals: {
    token: string;
    apiKey: string;
    partnerId: string;
    clientId: string;
    appId: string;
    adAccountId: string;
    appSecret: string;
    verifyToken: string;
    username: string;
    password: string;
  };
}

/** The roles that a workspace's keys can have, by dialect; the first is the usual one. */
export const keyRoles: Readonly<Record<DialectName | 'native', readonly [string, ...string[]]>> = {
  native: ['workspace'],
  webmarketer: ['service-account'],
  octeth: ['user', 'admin'],
  contacthub: [
    'TRUSTED_APPLICATION',
    'UNTRUSTED_APPLICATION',
    'USER',
    'GUEST',
    'ADMIN',
    'CLAB_OPERATOR',
    'PLATFORM_UPDATES',
    'DPO',
  ],
  webengage: ['writer'],
  signals: ['hub-token', 'api-key'],
};

/** Makes one key of a workspace. The secret is in the answer and nowhere else. */
export function issueKey(
  connection: Queryable,
  key: {
    readonly workspaceId: WorkspaceId;
    readonly dialect: DialectName | 'native';
    readonly role: string;
    readonly name: string;
    readonly expiresAt?: Date;
  },
  now: Date,
): Promise<Issued> {
  return issueCredential(connection, { kind: 'key', ...key }, now);
}

/** The key above workspaces. */
export function issueAdministratorKey(connection: Queryable, name: string, now: Date): Promise<Issued> {
  const grant = { workspaceId: null, dialect: 'native', kind: 'key', role: 'admin', name } as const;
  return issueCredential(connection, grant, now);
}

export interface KeyOptions {
  /** What `admin.token` may do: everything (the default), or all of this one workspace. */
  readonly admin?: 'installation' | 'workspace';
  /** Sets the accounts' names apart from those that the workspace has already. */
  readonly accountSuffix?: string;
}

/** Keys, tokens and accounts of every dialect for a workspace; the secrets are in the answer and nowhere else. */
export async function issueKeys(
  connection: Queryable,
  workspace: CreatedWorkspace,
  slug: string,
  now: Date,
  options: KeyOptions = {},
): Promise<CredentialsFile> {
  const { names, id: workspaceId } = workspace;
  const key = async (dialect: DialectName | 'native', role: string) => {
    const wanted = { workspaceId, dialect, role, name: `${slug} ${role}` };
    return (await issueKey(connection, wanted, now)).secret;
  };
  const account = `${slug}${options.accountSuffix ?? ''}`;
  const password = (dialect: 'octeth' | 'signals') =>
    issuePassword(connection, dialect, workspace, account, now);
  return {
    baseUrl: '',
    workspace: { id: workspace.publicId, slug },
    admin: {
      token:
        options.admin === 'workspace'
          ? await key('native', 'workspace')
          : (await issueAdministratorKey(connection, 'administrator', now)).secret,
    },
    webmarketer: {
      projectId: names.projectId,
      wmktId: names.wmktId,
      accessToken: await key('webmarketer', 'service-account'),
      serviceAccount: await issueServiceAccount(connection, workspace, account, now),
    },
    octeth: {
      apiKey: await key('octeth', 'user'),
      adminApiKey: await key('octeth', 'admin'),
      listId: names.listId,
      ...(await password('octeth')),
    },
    contacthub: {
      token: await key('contacthub', 'TRUSTED_APPLICATION'),
      adminToken: await key('contacthub', 'ADMIN'),
      operatorToken: await key('contacthub', 'CLAB_OPERATOR'),
      dpoToken: await key('contacthub', 'DPO'),
      workspaceId: workspace.publicId,
      nodeId: names.contacthubNodeId,
    },
    webengage: { licenseCode: names.licenseCode, apiKey: await key('webengage', 'writer') },
    signals: {
      token: await key('signals', 'hub-token'),
      apiKey: await key('signals', 'api-key'),
      partnerId: names.partnerId,
      clientId: names.clientId,
      appId: names.appId,
      adAccountId: names.adAccountId,
      ...(await issueAppSecrets(connection, workspaceId, names.appId, now)),
      ...(await password('signals')),
    },
  };
}

async function issuePassword(
  connection: Queryable,
  dialect: 'octeth' | 'signals',
  { id: workspaceId }: CreatedWorkspace,
  slug: string,
  now: Date,
): Promise<{ username: string; password: string }> {
  const username = `${slug}-${dialect}`;
  const id = newRecordId(now.getTime());
  await insertAccount(connection, { dialect, name: username, id, workspaceId, settings: {}, createdAt: now });
  const role = keyRoles[dialect][0];
  const grant = { workspaceId, dialect, kind: 'password', role, name: username, subject: username } as const;
  return { username, password: (await issueCredential(connection, grant, now)).secret };
}

async function issueServiceAccount(
  connection: Queryable,
  { id: workspaceId }: CreatedWorkspace,
  slug: string,
  now: Date,
): Promise<CredentialsFile['webmarketer']['serviceAccount']> {
  const dialect = 'webmarketer' as const;
  const clientId = randomBytes(12).toString('hex');
  const serviceAccountEmail = `${slug}@service-account.throughline.local`;
  await insertAccount(connection, {
    dialect,
    name: clientId,
    id: newRecordId(now.getTime()),
    workspaceId,
    settings: { serviceAccountEmail },
    createdAt: now,
  });
  const grant = {
    ...({ workspaceId, dialect, kind: 'service-account-key', role: keyRoles[dialect][0] } as const),
    ...{ name: clientId, subject: clientId },
  };
  const issued = await issueCredential(connection, grant, now);
  const privateKeyId = String(issued.credential.settings.privateKeyId);
  return { clientId, privateKey: issued.secret, privateKeyId, serviceAccountEmail };
}
