import type { Queryable } from '../../store/queryable.ts';
import type { DialectName } from '../dialect-name.ts';
import { FreshCache } from '../fresh-cache.ts';
import type { News, OtherProcesses } from '../together.ts';
import type { Workspace, WorkspaceId } from './workspace.ts';
import type { WorkspacePart } from './workspace-part.ts';
import {
  findBoundWorkspaceId,
  findWorkspaceId,
  loadWorkspace,
  WorkspaceGoneError,
} from './workspace-store.ts';

/**
 * How long a process may answer from a configuration that a command, or another server on the same database, has changed. Writing checks
 * the version itself.
 */
const freshMilliseconds = 2000;
const maximumEntries = 1000;

interface Entry {
  workspace: Workspace;
  /** By the clock of `performance.now()`, which nobody sets. */
  loadedAt: number;
}

/**
 * The configurations this process has loaded. `get` answers from memory for two seconds; `reload` reads again, and is what the
 * ingest calls when the head row shows another version. A name that was looked up stays until its workspace is deleted.
 */
export class WorkspaceCache {
  readonly #connection: Queryable;
  readonly #parts: readonly WorkspacePart<unknown>[];
  readonly #others: OtherProcesses | undefined;
  readonly #entries = new Map<WorkspaceId, Entry>();
  readonly #names = new Map<string, WorkspaceId>();
  readonly #bound = new FreshCache<WorkspaceId>({ freshMilliseconds, maximumEntries });
  /** One load for all who ask at once, in the order they asked: an entry grows old under many requests. */
  readonly #loading = new Map<WorkspaceId, Promise<Workspace>>();

  /** @param parts what dialects add to a workspace's configuration */
  constructor(connection: Queryable, parts: readonly WorkspacePart<unknown>[], others?: OtherProcesses) {
    this.#connection = connection;
    this.#parts = parts;
    this.#others = others;
    others?.onNews((news) => this.#hear(news));
  }

  async get(id: WorkspaceId): Promise<Workspace> {
    const entry = this.#entries.get(id);
    if (entry && performance.now() - entry.loadedAt < freshMilliseconds) return entry.workspace;
    const loading = this.#loading.get(id) ?? this.reload(id).finally(() => this.#loading.delete(id));
    this.#loading.set(id, loading);
    return loading;
  }

  /** Reads the configuration again; over `connection` when a transaction has to see it. */
  async reload(id: WorkspaceId, connection: Queryable = this.#connection): Promise<Workspace> {
    const workspace = await loadWorkspace(connection, id, this.#parts).catch((error: unknown) => {
      if (error instanceof WorkspaceGoneError) this.drop(id);
      throw error;
    });
    const known = this.#entries.get(id);
    // An unchanged version keeps the object, and with it the event types that it has learnt since.
    const current = known?.workspace.version === workspace.version ? known.workspace : workspace;
    if (current !== workspace) for (const type of workspace.eventTypes.all()) current.eventTypes.learn(type);
    // Two loads may end in the other order than they began.
    if (known && known.workspace.version > current.version) return known.workspace;
    if (this.#entries.size >= maximumEntries) this.#entries.clear();
    this.#entries.set(id, { workspace: current, loadedAt: performance.now() });
    return current;
  }

  /** After this process has changed it: resolves when every process of this start answers by the new one. */
  async renew(id: WorkspaceId): Promise<void> {
    await this.reload(id);
    await this.#others?.tell({ kind: 'workspace', workspaceId: id });
  }

  /** The configuration that a transaction has found under the head lock. */
  async getVersion(id: WorkspaceId, version: number, connection: Queryable): Promise<Workspace> {
    const known = await this.get(id);
    return known.version === version ? known : this.reload(id, connection);
  }

  /** By public id or slug. */
  async find(publicIdOrSlug: string): Promise<Workspace | undefined> {
    const known = this.#names.get(publicIdOrSlug);
    const workspace = known === undefined ? undefined : await this.getIfThere(known);
    if (workspace && isCalled(workspace, publicIdOrSlug)) return workspace;
    // The one that had the name may be deleted, and another have it.
    this.#names.delete(publicIdOrSlug);
    const id = await findWorkspaceId(this.#connection, publicIdOrSlug);
    if (id === undefined) return undefined;
    if (this.#names.size >= maximumEntries) this.#names.clear();
    this.#names.set(publicIdOrSlug, id);
    return this.getIfThere(id);
  }

  /** Undefined when it was deleted. */
  async getIfThere(id: WorkspaceId): Promise<Workspace | undefined> {
    try {
      return await this.get(id);
    } catch (error) {
      if (error instanceof WorkspaceGoneError) return undefined;
      throw error;
    }
  }

  /** By what a dialect calls it. */
  async findBound(dialect: DialectName, kind: string, externalId: string): Promise<Workspace | undefined> {
    const id = await this.#bound.get(`${dialect}\n${kind}\n${externalId}`, () =>
      findBoundWorkspaceId(this.#connection, dialect, kind, externalId),
    );
    return id === undefined ? undefined : this.getIfThere(id);
  }

  /** After it was deleted. */
  drop(id: WorkspaceId): void {
    this.#entries.delete(id);
  }

  /** After a dialect's name was taken from a workspace in this process: resolves when no process of this start goes by it any more. */
  async forgetBindings(): Promise<void> {
    this.#bound.forget();
    await this.#others?.tell({ kind: 'bindings' });
  }

  /** What is read now is of after the change, and a load that began before it ends without effect (`reload`). */
  async #hear(news: News): Promise<void> {
    if (news.kind === 'bindings') this.#bound.forget();
    if (news.kind !== 'workspace') return;
    const { workspaceId: id } = news;
    if (!this.#entries.has(id) && !this.#loading.has(id)) return;
    try {
      await this.reload(id);
    } catch {
      // Whoever asks next reads it, and is told what is wrong.
      this.drop(id);
    }
  }
}

function isCalled({ publicId, slug }: Workspace, name: string): boolean {
  return name === publicId || name === slug;
}
