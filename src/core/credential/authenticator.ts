import { timingSafeEqual } from 'node:crypto';
import type { Queryable } from '../../store/queryable.ts';
import type { Clock } from '../clock.ts';
import type { ApiName, DialectName } from '../dialect-name.ts';
import { FreshCache } from '../fresh-cache.ts';
import type { OtherProcesses } from '../together.ts';
import type { Workspace, WorkspaceId } from '../workspace/workspace.ts';
import type { WorkspaceCache } from '../workspace/workspace-cache.ts';
import { refuseDisabled } from '../workspace/workspace-status.ts';
import {
  type Credential,
  type CredentialKind,
  type HeldCredential,
  type HeldKind,
  hashSecret,
  isValidAt,
} from './credential.ts';
import { findCredential, findHeldCredentials } from './credential-store.ts';
import type { LastUses } from './last-uses.ts';

/** What another server on the same database has revoked works at most this long in one that has seen it. */
const limits = { freshMilliseconds: 5000, maximumEntries: 10_000 };

/** The kinds that open an API by being shown as they are. */
const shownKinds: readonly CredentialKind[] = ['key', 'session', 'access-token'];

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
  readonly #lastUses: LastUses;
  readonly #others: OtherProcesses | undefined;
  readonly #known = new FreshCache<{ credential: Credential; secretHash: Uint8Array }>(limits);
  readonly #held = new FreshCache<readonly HeldCredential[]>(limits);

  constructor(
    connection: Queryable,
    workspaces: WorkspaceCache,
    clock: Clock,
    lastUses: LastUses,
    others?: OtherProcesses,
  ) {
    this.#connection = connection;
    this.#workspaces = workspaces;
    this.#clock = clock;
    this.#lastUses = lastUses;
    this.#others = others;
    others?.onNews(async ({ kind }) => {
      if (kind === 'credentials') this.#forgetHere();
    });
  }

  /** The credential of a secret; undefined when there is none, or it is another dialect's or kind's, expired or revoked. */
  async findCredential(
    dialect: ApiName,
    secret: string | undefined,
    kinds: readonly CredentialKind[] = shownKinds,
  ): Promise<Credential | undefined> {
    if (secret === undefined || secret.length === 0 || secret.length > 8192) return undefined;
    const hash = hashSecret(secret);
    const found = await this.#known.get(hash.toString('base64'), () =>
      findCredential(this.#connection, hash),
    );
    if (!found || !timingSafeEqual(found.secretHash, hash)) return undefined;
    const { credential } = found;
    if (credential.dialect !== dialect || !kinds.includes(credential.kind)) return undefined;
    const now = this.#clock();
    if (!isValidAt(credential, now)) return undefined;
    this.#lastUses.note(credential.id, now);
    return credential;
  }

  /**
   * The credential of a secret with the workspace that it is for. `evenDisabled`: for what can be asked of a workspace that is disabled.
   * @throws RequestError `forbidden` when it is
   */
  async authenticate(
    dialect: ApiName,
    secret: string | undefined,
    { evenDisabled = false } = {},
  ): Promise<Access | undefined> {
    const credential = await this.findCredential(dialect, secret);
    if (!credential || credential.workspaceId === null) return undefined;
    const access = await this.#accessOf(credential, credential.workspaceId);
    if (access && !evenDisabled) refuseDisabled(access.workspace);
    return access;
  }

  /** Undefined when the workspace was deleted a moment ago. */
  async #accessOf(credential: Credential, workspaceId: WorkspaceId): Promise<Access | undefined> {
    const workspace = await this.#workspaces.getIfThere(workspaceId);
    return workspace && { credential, workspace };
  }

  /**
   * The access of who shows something under a name, such as an app that signs with its secret: by the first of its credentials that
   * `matches`. Those that this process knows are tried first, then those that there are: it may have got another a moment ago.
   * @throws RequestError `forbidden` when the workspace is disabled
   */
  async authenticateHolder(
    dialect: DialectName,
    kind: HeldKind,
    subject: string,
    matches: (credential: HeldCredential) => boolean,
  ): Promise<Access | undefined> {
    const now = this.#clock();
    const key = `${dialect}\n${kind}\n${subject}`;
    const look = async () => {
      const found = await findHeldCredentials(this.#connection, dialect, kind, subject, new Date(now));
      return found.length > 0 ? found : undefined;
    };
    const isShown = (credential: HeldCredential) => isValidAt(credential, now) && matches(credential);
    const credential =
      (await this.#held.get(key, look))?.find(isShown) ?? (await this.#held.read(key, look))?.find(isShown);
    if (!credential) return undefined;
    this.#lastUses.note(credential.id, now);
    const access = await this.#accessOf(credential, credential.workspaceId);
    if (access) refuseDisabled(access.workspace);
    return access;
  }

  /** After a credential was revoked or given an end in this process: resolves when no process of this start takes it any more. */
  async forget(): Promise<void> {
    this.#forgetHere();
    await this.#others?.tell({ kind: 'credentials' });
  }

  #forgetHere(): void {
    this.#known.forget();
    this.#held.forget();
  }
}
