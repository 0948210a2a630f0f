import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Queryable } from '../../store/queryable.ts';
import type { DialectName } from '../dialect-name.ts';
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
import { formAccessToken } from './token-form.ts';

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

/** Makes a credential with a new secret in the form that its kind and the vendor's clients expect. */
export async function issueCredential(connection: Queryable, grant: Grant, now: Date): Promise<Issued> {
  const made = await makeSecret(grant.kind, grant.dialect);
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

async function makeSecret(kind: CredentialKind, dialect: DialectName | 'native'): Promise<MadeSecret> {
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
      return findable(makeKey(dialect));
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

/** In the form that the vendor's clients expect; where they take any text, with the dialect's name in front. */
function makeKey(dialect: DialectName | 'native'): string {
  switch (dialect) {
    case 'octeth':
      // docs/spec/octeth.md 0: `XXXX-XXXX-XXXX-XXXX`.
      return randomBytes(16)
        .toString('hex')
        .toUpperCase()
        .replaceAll(/.{8}(?=.)/g, '$&-');
    case 'webmarketer':
      return formAccessToken({ iss: 'throughline', sub: dialect });
    default:
      return generateSecret(`tl_${dialect}`);
  }
}
