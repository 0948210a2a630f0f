import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Queryable } from '../../store/queryable.ts';
import type { Authenticator } from '../credential/authenticator.ts';
import { type Credential, hashPassword } from '../credential/credential.ts';
import { insertAccount } from '../credential/credential-store.ts';
import type { DialectName } from '../dialect-name.ts';
import { newRecordId } from '../id.ts';
import { formAccessToken } from '../oauth/access-token.ts';
import type { CreatedWorkspace } from './create-workspace.ts';
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

/** Makes one key in the form that the vendor's clients expect. The secret is in the answer and nowhere else. */
export function issueKey(
  connection: Queryable,
  authenticator: Authenticator,
  key: {
    readonly workspaceId: WorkspaceId;
    readonly dialect: DialectName | 'native';
    readonly role: string;
    readonly name: string;
    readonly expiresAt?: Date;
  },
): Promise<{ credential: Credential; secret: string }> {
  const grant = { settings: {}, expiresAt: null, ...key };
  return authenticator.issue(connection, grant, vendorSecret(key.dialect));
}

/** Undefined where the vendor's clients take any text. */
function vendorSecret(dialect: DialectName | 'native'): string | undefined {
  if (dialect === 'octeth') return octethKey();
  if (dialect === 'webmarketer') return formAccessToken({ iss: 'throughline', sub: dialect });
  return undefined;
}

/** The key above workspaces. */
export function issueAdministratorKey(
  connection: Queryable,
  authenticator: Authenticator,
  name: string,
  expiresAt: Date | null = null,
): Promise<{ credential: Credential; secret: string }> {
  const grant = {
    workspaceId: null,
    dialect: 'native',
    role: 'admin',
    name,
    settings: {},
    expiresAt,
  } as const;
  return authenticator.issue(connection, grant);
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
  authenticator: Authenticator,
  workspace: CreatedWorkspace,
  slug: string,
  now: Date,
  options: KeyOptions = {},
): Promise<CredentialsFile> {
  const { names, id: workspaceId } = workspace;
  const key = async (dialect: DialectName | 'native', role: string) => {
    const issued = await issueKey(connection, authenticator, {
      workspaceId,
      dialect,
      role,
      name: `${slug} ${role}`,
    });
    return issued.secret;
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
          : (await issueAdministratorKey(connection, authenticator, 'administrator')).secret,
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
      appSecret: names.appSecret,
      verifyToken: names.verifyToken,
      ...(await password('signals')),
    },
  };
}

/** spec/octeth.md 0: `XXXX-XXXX-XXXX-XXXX`. */
function octethKey(): string {
  return randomBytes(16).toString('hex').toUpperCase().match(/.{8}/g)!.join('-');
}

async function issuePassword(
  connection: Queryable,
  dialect: 'octeth' | 'signals',
  workspace: CreatedWorkspace,
  slug: string,
  now: Date,
): Promise<{ username: string; password: string }> {
  const username = `${slug}-${dialect}`;
  const password = randomBytes(15).toString('base64url');
  await insertAccount(connection, {
    dialect,
    name: username,
    id: newRecordId(now.getTime()),
    workspaceId: workspace.id,
    passwordHash: await hashPassword(password),
    publicKey: null,
    settings: {},
    createdAt: now,
  });
  return { username, password };
}

async function issueServiceAccount(
  connection: Queryable,
  workspace: CreatedWorkspace,
  slug: string,
  now: Date,
): Promise<CredentialsFile['webmarketer']['serviceAccount']> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const clientId = randomBytes(12).toString('hex');
  const privateKeyId = randomBytes(8).toString('hex');
  const serviceAccountEmail = `${slug}@service-account.throughline.local`;
  await insertAccount(connection, {
    dialect: 'webmarketer',
    name: clientId,
    id: newRecordId(now.getTime()),
    workspaceId: workspace.id,
    passwordHash: null,
    publicKey,
    settings: { serviceAccountEmail, privateKeyId },
    createdAt: now,
  });
  return { clientId, privateKey, privateKeyId, serviceAccountEmail };
}
