import { timingSafeEqual } from 'node:crypto';
import type { Queryable } from '../../store/queryable.ts';
import type { Clock } from '../clock.ts';
import type { DialectName } from '../dialect-name.ts';
import { newId } from '../id.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { WorkspaceCache } from '../workspace/workspace-cache.ts';
import { type Credential, generateSecret, hashSecret } from './credential.ts';
import { findCredential, insertCredential } from './credential-store.ts';

/** A revoked key works at most this long in a process that has seen it. */
const freshMilliseconds = 5000;
const maximumEntries = 10_000;

/**
 * Who a request comes from, and the one workspace that it may see.
 *
 * This is the tenant check: a route gets a workspace only out of `Access`, and a store takes only the id of such a workspace.
 */
export interface Access {
  readonly credential: Credential;
  readonly workspace: Workspace;
}

export class Authenticator {
  readonly #connection: Queryable;
  readonly #workspaces: WorkspaceCache;
  readonly #clock: Clock;
  /** One read for all who come with the same key at once. */
  readonly #reading = new Map<string, Promise<Credential | undefined>>();
  readonly #known = new Map<string, { credential: Credential; secretHash: Uint8Array; readAt: number }>();

  constructor(connection: Queryable, workspaces: WorkspaceCache, clock: Clock) {
    this.#connection = connection;
    this.#workspaces = workspaces;
    this.#clock = clock;
  }

  /** The credential of a secret; undefined when there is none, or it is another dialect's, expired or revoked. */
  async findCredential(
    dialect: DialectName | 'native',
    secret: string | undefined,
  ): Promise<Credential | undefined> {
    if (secret === undefined || secret.length === 0 || secret.length > 8192) return undefined;
    const hash = hashSecret(secret);
    const credential = await this.#lookUp(hash);
    if (!credential || credential.dialect !== dialect || credential.revokedAt) return undefined;
    if (credential.expiresAt && credential.expiresAt.getTime() <= this.#clock()) return undefined;
    return credential;
  }

  /** The credential of a secret with the workspace that it is for. */
  async authenticate(
    dialect: DialectName | 'native',
    secret: string | undefined,
  ): Promise<Access | undefined> {
    const credential = await this.findCredential(dialect, secret);
    if (!credential || credential.workspaceId === null) return undefined;
    return { credential, workspace: await this.#workspaces.get(credential.workspaceId) };
  }

  /** Makes a key or token and returns its secret, which is stored nowhere. */
  async issue(
    connection: Queryable,
    grant: Omit<Credential, 'id' | 'createdAt' | 'revokedAt'>,
    secret: string = generateSecret(`tl_${grant.dialect}`),
  ): Promise<{ credential: Credential; secret: string }> {
    const now = this.#clock();
    const credential: Credential = { ...grant, id: newId(now), createdAt: new Date(now), revokedAt: null };
    await insertCredential(connection, credential, hashSecret(secret));
    return { credential, secret };
  }

  /** After a key was revoked in this process. */
  forget(): void {
    this.#known.clear();
  }

  async #lookUp(hash: Buffer): Promise<Credential | undefined> {
    const name = hash.toString('base64');
    const now = Date.now();
    const known = this.#known.get(name);
    if (known && now - known.readAt < freshMilliseconds) {
      return timingSafeEqual(known.secretHash, hash) ? known.credential : undefined;
    }
    const reading =
      this.#reading.get(name) ?? this.#read(name, hash, now).finally(() => this.#reading.delete(name));
    this.#reading.set(name, reading);
    return reading;
  }

  async #read(name: string, hash: Buffer, now: number): Promise<Credential | undefined> {
    const found = await findCredential(this.#connection, hash);
    if (!found || !timingSafeEqual(found.secretHash, hash)) return undefined;
    if (this.#known.size >= maximumEntries) this.#known.clear();
    this.#known.set(name, { ...found, readAt: now });
    return found.credential;
  }
}
