import { hash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { ApiName } from '../dialect-name.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';

/**
 * Everything that opens something. A session is made by signing in, an access or refresh token by a grant; an app's secret signs its
 * webhooks, and its verify token is agreed on for their set-up.
 */
export const credentialKinds = [
  'key',
  'session',
  'access-token',
  'refresh-token',
  'password',
  'service-account-key',
  'app-secret',
  'verify-token',
] as const;
export type CredentialKind = (typeof credentialKinds)[number];

/** The kinds that an account or an app shows under its name; the others are found by the secret alone. */
export const heldKinds = ['password', 'service-account-key', 'app-secret', 'verify-token'] as const;
export type HeldKind = (typeof heldKinds)[number];

export interface Credential {
  readonly id: string;
  /** Null for the administrator of the installation. */
  readonly workspaceId: WorkspaceId | null;
  readonly dialect: ApiName;
  readonly kind: CredentialKind;
  /** What it may do. Each dialect gives its own names; `admin` of `native` is the only one that is above workspaces. */
  readonly role: string;
  readonly name: string;
  /** Who shows it, where that is somebody: an account's name, an app's id. */
  readonly subject: string | null;
  /** The credential that it was made from, and ends with. */
  readonly madeFrom: string | null;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  /** As written by the processes once a minute; null when never, or not yet. */
  readonly lastUsedAt: Date | null;
  /** The earliest end of its own and of those that it was made from. Null: none. */
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** What a new credential is for. */
export type Grant = Pick<Credential, 'workspaceId' | 'dialect' | 'kind' | 'role' | 'name'> &
  Partial<Pick<Credential, 'subject' | 'madeFrom' | 'settings' | 'expiresAt'>>;

/** A credential that is checked by its verifier. It is always a workspace's. */
export interface HeldCredential extends Credential {
  readonly kind: HeldKind;
  readonly workspaceId: WorkspaceId;
  readonly subject: string;
  /** Of a password its scrypt hash, of a service account's key the public one (PEM), of a verify token its SHA-256 (hex), and an
   * app's secret itself, which an HMAC takes. Never logged, never sent. */
  readonly verifier: string;
}

/**
 * Whom a credential stands for: where a dialect's keys keep their holder (`KeyKind.keepsHolder`) the first key's id is its name, and those
 * that take that one's place have it as their subject.
 */
export function holderOf({ subject, id }: Pick<Credential, 'subject' | 'id'>): string {
  return subject ?? id;
}

export function isValidAt(credential: Credential, now: number): boolean {
  if (credential.revokedAt) return false;
  return credential.expiresAt === null || credential.expiresAt.getTime() > now;
}

/** Keys are random, so one round of SHA-256 is enough to keep them: there is nothing to guess. */
export function hashSecret(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

/** 192 random bits. */
export function generateSecret(prefix: string): string {
  return `${prefix}_${randomBytes(24).toString('base64url')}`;
}

const scryptCost = { N: 16_384, r: 8, p: 1 };

function deriveKey(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, 32, scryptCost, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** Passwords are chosen by people, so they are hashed slowly, with salt. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await deriveKey(password, salt);
  return `scrypt$${salt.toString('base64')}$${key.toString('base64')}`;
}

export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [scheme, salt, key] = hash.split('$');
  if (scheme !== 'scrypt' || !salt || !key || password.length > 1000) return false;
  const expected = Buffer.from(key, 'base64');
  const derived = await deriveKey(password, Buffer.from(salt, 'base64'));
  return derived.length === expected.length && timingSafeEqual(derived, expected);
}
