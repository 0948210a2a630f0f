import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Queryable } from '../../store/queryable.ts';
import { newId } from '../id.ts';
import {
  type Credential,
  type CredentialKind,
  type Grant,
  generateSecret,
  hashPassword,
  hashSecret,
} from './credential.ts';
import { insertCredential, type KeptSecret } from './credential-store.ts';

/** The secret is in the answer and nowhere else, but an app's, which an HMAC takes as it is. */
export interface Issued {
  readonly credential: Credential;
  readonly secret: string;
}

interface MadeSecret {
  readonly secret: string;
  readonly kept: KeptSecret;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/**
 * Makes a credential with a new secret in the form that its kind and the vendor's clients expect. `makeKey`: what a key or a session
 * of the dialect looks like (`provision.ts`); where its clients take any text, its name stands in front.
 */
export async function issueCredential(
  connection: Queryable,
  grant: Grant,
  now: Date,
  makeKey: () => string = () => generateSecret(`tl_${grant.dialect}`),
): Promise<Issued> {
  const made = await makeSecret(grant.kind, makeKey);
  return insert(connection, { ...grant, settings: { ...grant.settings, ...made.settings } }, made, now);
}

/** As `issueCredential`, with a secret that was made for it: a token that says something by its form. */
export async function issueToken(
  connection: Queryable,
  grant: Grant,
  secret: string,
  now: Date,
): Promise<Issued> {
  return insert(connection, grant, findable(secret), now);
}

async function insert(
  connection: Queryable,
  grant: Grant,
  { secret, kept }: MadeSecret,
  now: Date,
): Promise<Issued> {
  const credential: Credential = {
    subject: null,
    madeFrom: null,
    settings: {},
    expiresAt: null,
    ...grant,
    id: newId(now.getTime()),
    createdAt: now,
    lastUsedAt: null,
    revokedAt: null,
  };
  await insertCredential(connection, credential, kept);
  return { credential, secret };
}

async function makeSecret(kind: CredentialKind, makeKey: () => string): Promise<MadeSecret> {
  switch (kind) {
    case 'password': {
      const secret = randomBytes(15).toString('base64url');
      return checkable(secret, await hashPassword(secret));
    }
    case 'service-account-key':
      return makeServiceAccountKey();
    case 'app-secret': {
      const secret = randomBytes(16).toString('hex');
      return checkable(secret, secret);
    }
    case 'verify-token': {
      const secret = randomBytes(16).toString('hex');
      return checkable(secret, hashSecret(secret).toString('hex'));
    }
    case 'refresh-token':
      return findable(generateSecret('tl_refresh'));
    default:
      return findable(makeKey());
  }
}

function findable(secret: string): MadeSecret {
  return { secret, kept: { secretHash: hashSecret(secret), verifier: null } };
}

function checkable(secret: string, verifier: string): MadeSecret {
  return { secret, kept: { secretHash: null, verifier } };
}

async function makeServiceAccountKey(): Promise<MadeSecret> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const settings = { privateKeyId: randomBytes(8).toString('hex') };
  return { ...checkable(privateKey, publicKey), settings };
}
