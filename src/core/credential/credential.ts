import { hash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { DialectName } from '../dialect-name.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';

/** What a key may do. Each dialect gives its own names; `admin` of `native` is the only one that is above workspaces. */
export interface Credential {
  readonly id: string;
  /** Null for the administrator of the installation. */
  readonly workspaceId: WorkspaceId | null;
  readonly dialect: DialectName | 'native';
  readonly role: string;
  readonly name: string;
  readonly settings: Record<string, unknown>;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
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
