import type { DialectName } from '../dialect-name.ts';

/** A place with its own matching rules, in which one vendor's records live (Contacthub's word). */
export interface Node {
  readonly id: number;
  readonly publicId: string;
  readonly dialect: DialectName;
  readonly kind: 'entry';
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
}
