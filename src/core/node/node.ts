import type { DialectName } from '../dialect-name.ts';

/**
 * A place with its own matching rules, in which one vendor's records live (Contacthub's word): `entry`. In an `aggregate` no profile lives:
 * its records are derived from those of entry nodes.
 */
export interface Node {
  readonly id: number;
  readonly publicId: string;
  readonly dialect: DialectName;
  readonly kind: 'entry' | 'aggregate';
  readonly name: string;
  readonly isDefault: boolean;
  readonly settings: NodeSettings;
  readonly createdAt: Date;
  /** Since when it is no more: it holds nothing, takes nothing, and nobody can name it. Null: it is there. */
  readonly archivedAt: Date | null;
}

export interface NodeSettings {
  /** By which properties a record is found again (Contacthub's uniqueCustomer). */
  uniqueCustomer?: { properties: string[]; caseSensitive: boolean };
  /** What happens when a record with these properties is created again; only MERGE can be chosen on the vendor's wire. */
  uniquenessPolicy?: 'MERGE' | 'BLOCK' | 'NO_CHECK';
  mandatoryProperties?: string[];
  description?: string | null;
  /** After how many months events of a type are deleted here; 0: never. Types that are not named go by the workspace's policy. */
  retention?: { enabled: boolean; events: Readonly<Partial<Record<string, { readonly months: number }>>> };
  imageUrl?: string | null;
  /** Ids of sources, first the one whose values win where several have given one. */
  sourcePriority?: string[];
  /** While the keys by which its records are found are made anew: its customers are not written then. */
  reindexing?: true;
  /** Of an aggregate, always. */
  aggregate?: AggregateSettings;
}

/** Which records an aggregate puts together, and how. */
export interface AggregateSettings {
  /** Public ids of the entry nodes that it is of. */
  entryNodes: string[];
  /** Records that have all of these alike are one. */
  matching: { properties: string[]; caseSensitive: boolean };
  /** Queries in the vendor's form: whom one of them finds is left out. */
  exclusionFilters: Record<string, unknown>[] | null;
  /** LOCKED while its records are being made, REMOVED while they are being deleted. */
  state: 'NEW' | 'LOCKED' | 'ACTIVE' | 'REMOVED';
  /** What the ids of its records are made with: without it nobody can tell by guessing whose an id is. */
  idSecret: string;
}
