import type { DialectName } from '../dialect-name.ts';
import type { EventType } from '../event-type/event-type.ts';
import type { Node } from '../node/node.ts';
import type { Source } from '../source/source.ts';
import type { Sources } from '../source/sources.ts';
import type { WorkspaceParts } from './workspace-part.ts';
import type { WorkspaceStatus } from './workspace-status.ts';

declare const workspaceIdBrand: unique symbol;

/**
 * A workspace's number, which leads every tenant table's key. Only workspace-store.ts makes one, from a row it has read, so a
 * statement can't be given a number that came out of a request.
 */
export type WorkspaceId = number & { readonly [workspaceIdBrand]: true };

/** Settings as they are stored: each has a form (`src/dialects/<vendor>/settings.ts`), which an older version may not have asked for. */
export type Settings = Readonly<Record<string, unknown>>;

export interface WorkspaceSettings {
  /** Identity kinds by which profiles of different nodes become one person. */
  matching: ('email' | 'phone')[];
  /** ISO country codes, in order, by which a phone number without `+` is read. */
  phoneCountries: string[];
  /** Requests per minute by dialect and endpoint group; absent or 0 is off (the default). */
  rateLimits: Record<string, number>;
  /** Settings that one dialect alone knows, by its name. */
  dialects: Partial<Record<DialectName, Settings>>;
}

/** All of a workspace's configuration that the way of an event needs, as of one `version` of it. Immutable but for growth by `learn…`. */
export interface Workspace {
  readonly id: WorkspaceId;
  readonly publicId: string;
  readonly slug: string;
  readonly name: string;
  /** IANA zone; whole days of the rollups are days in it. */
  readonly timezone: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly settings: WorkspaceSettings;
  readonly createdAt: Date;
  readonly status: WorkspaceStatus;
  readonly version: number;
  readonly nodes: ReadonlyMap<number, Node>;
  readonly sources: Sources;
  readonly eventTypes: EventTypes;
  /** Of the key that the tombstones of forgotten persons were made by (core/erasure); null: nobody was forgotten. */
  readonly erasureKeyId: string | null;
  /** What one dialect alone knows. */
  readonly parts: WorkspaceParts;
}

/**
 * The event types of a workspace. Types of open vocabularies (WebEngage, Octeth, Signals) come into being with their first
 * event, without a new version of the configuration; `learn` adds them after the commit that made them.
 */
export class EventTypes {
  readonly #byId = new Map<number, EventType>();
  readonly #byName = new Map<DialectName, Map<string, EventType>>();
  #keyless = 0;

  constructor(types: readonly EventType[]) {
    for (const type of types) this.learn(type);
  }

  learn(type: EventType): void {
    if (type.keyless && !this.#byId.has(type.id)) this.#keyless++;
    this.#byId.set(type.id, type);
    this.#byName.getOrInsertComputed(type.dialect, () => new Map<string, EventType>()).set(type.name, type);
  }

  byId(id: number): EventType | undefined {
    return this.#byId.get(id);
  }

  byPublicId(publicId: string): EventType | undefined {
    return this.all().find((type) => type.publicId === publicId);
  }

  byName(dialect: DialectName, name: string): EventType | undefined {
    return this.#byName.get(dialect)?.get(name);
  }

  all(): EventType[] {
    return [...this.#byId.values()];
  }

  ofDialect(dialect: DialectName): EventType[] {
    return this.all().filter((type) => type.dialect === dialect);
  }

  /** How many visitors' events have brought, or keyed calls have made. */
  count({ keyless }: Pick<EventType, 'keyless'>): number {
    return keyless ? this.#keyless : this.#byId.size - this.#keyless;
  }
}

export const defaultSettings: WorkspaceSettings = {
  matching: ['email', 'phone'],
  phoneCountries: ['FR'],
  rateLimits: {},
  dialects: {},
};

/** The entry node that a dialect's profiles live in unless a request names another. */
export function defaultNode(workspace: Workspace, dialect: DialectName): Node {
  for (const node of workspace.nodes.values()) if (node.dialect === dialect && node.isDefault) return node;
  throw new Error(`workspace ${workspace.slug} has no default node for ${dialect}`);
}

/** The nodes of a dialect that profiles live in, by number; archived ones too, of which the update stream still tells. */
export function nodeIdsOf(workspace: Workspace, dialect: DialectName): number[] {
  const nodes = [...workspace.nodes.values()];
  return nodes.filter((node) => node.dialect === dialect && node.kind === 'entry').map(({ id }) => id);
}

/** The source of a dialect by the vendor's own id (a list's number, an app's id). */
export function findSource(
  workspace: Workspace,
  dialect: DialectName,
  kind: string,
  externalId: string,
): Source | undefined {
  return workspace.sources.byName(dialect, kind, externalId);
}
