import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Queryable } from '../../store/queryable.ts';
import type { Authenticator } from '../credential/authenticator.ts';
import { hashPassword } from '../credential/credential.ts';
import { insertAccount } from '../credential/credential-store.ts';
import { newRecordId } from '../id.ts';
import type { CreatedWorkspace } from './create-workspace.ts';

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
  octeth: { apiKey: string; listId: string; username: string; password: string };
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

/** Keys, tokens and accounts of every dialect for a new workspace; the secrets are in the answer and nowhere else. */
export async function issueKeys(
  connection: Queryable,
  authenticator: Authenticator,
  workspace: CreatedWorkspace,
  slug: string,
  now: Date,
): Promise<CredentialsFile> {
  const { names, id } = workspace;
  const key = async (
    dialect: 'webmarketer' | 'octeth' | 'contacthub' | 'webengage' | 'signals',
    role: string,
    secret?: string,
  ) => {
    const grant = { workspaceId: id, dialect, role, name: `${slug} ${role}`, settings: {}, expiresAt: null };
    return (await authenticator.issue(connection, grant, secret)).secret;
  };
  const admin = await authenticator.issue(connection, {
    workspaceId: null,
    dialect: 'native',
    role: 'admin',
    name: 'administrator',
    settings: {},
    expiresAt: null,
  });
  return {
    baseUrl: '',
    workspace: { id: workspace.publicId, slug },
    admin: { token: admin.secret },
    webmarketer: {
      projectId: names.projectId,
      wmktId: names.wmktId,
      accessToken: await key('webmarketer', 'service-account', unsignedToken(slug)),
      serviceAccount: await issueServiceAccount(connection, workspace, slug, now),
    },
    octeth: {
      apiKey: await key('octeth', 'user', octethKey()),
      listId: names.listId,
      ...(await issuePassword(connection, 'octeth', workspace, slug, now)),
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
      ...(await issuePassword(connection, 'signals', workspace, slug, now)),
    },
  };
}

/** spec/octeth.md 0: `XXXX-XXXX-XXXX-XXXX`. */
function octethKey(): string {
  return randomBytes(16).toString('hex').toUpperCase().match(/.{8}/g)!.join('-');
}

/**
 * A token of three segments whose payload a client can decode (spec/webmarketer.md 0, rule 2). It carries no authority by its
 * form: like every key it is known to the server by its hash.
 */
function unsignedToken(slug: string): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encode({ alg: 'none', typ: 'JWT' })}.${encode({ iss: 'throughline', sub: slug })}.${randomBytes(24).toString('base64url')}`;
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
