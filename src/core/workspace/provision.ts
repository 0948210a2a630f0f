import type { HeldKind } from '../credential/credential.ts';
import type { ApiName, DialectName } from '../dialect-name.ts';
import type { NodeSettings } from '../node/node.ts';

/** What a workspace gets for a dialect, and what its parts look like there. */
export interface Provision {
  readonly dialect: DialectName;
  /** Of the entry node that a new workspace has for it. */
  readonly nodeSettings?: NodeSettings;
  /**
   * By what it calls a workspace, by kind; a name is one workspace's in all of the installation. Every workspace has one of each kind;
   * one that belongs to another stands behind it.
   */
  readonly names?: Readonly<Record<string, NameKind>>;
  /** Where its events come in by, where it has such places; a new workspace has one. */
  readonly source?: SourceKind;
  readonly keys: KeyKind;
  /** Its part of `credentials.json` (docs/credentials.md), member by member. */
  readonly credentials: Readonly<Record<string, Shown>>;
}

export interface NameKind {
  readonly form: RegExp;
  readonly make: (slug: string) => string;
  readonly belongsTo?: Belonging;
}

/** The name of a workspace that something belongs to: of which kind, and under which of the settings of what belongs it stands. */
export interface Belonging {
  readonly kind: string;
  readonly setting: string;
}

export interface SourceKind {
  readonly kind: string;
  /** What is stored with its number. */
  readonly takes: 'events' | 'touchpoints';
  /** Of the vendor's own ids. */
  readonly form: RegExp;
  /** True: an id is one workspace's in all of the installation, and a name of that workspace. */
  readonly isName?: boolean;
  /** @param taken the ids of the workspace's others */
  readonly makeId: (taken: readonly string[]) => string;
  readonly belongsTo?: Belonging;
  /** The one that a new workspace has. */
  readonly first: { readonly name: string; readonly makeSettings?: () => Record<string, unknown> };
}

export interface KeyKind {
  /** What a key may be for; the first is the usual one. */
  readonly roles: readonly [string, ...string[]];
  /** A new one, of 128 random bits or more; left out: `tl_`, the dialect's name and the bits. */
  readonly make?: () => string;
  /** True: a key that takes another's place stands for the same source or user (`holderOf`). */
  readonly keepsHolder?: true;
}

/** Where a member of `credentials.json` comes from. */
export type Shown =
  | { readonly is: 'workspace-id' | 'node-id' | 'source-id' }
  | { readonly is: 'name'; readonly kind: string }
  | { readonly is: 'source-setting'; readonly name: string }
  | { readonly is: 'source-secret'; readonly kind: HeldKind }
  | { readonly is: 'key'; readonly role: string }
  /** Of the one account that signs in by a password. */
  | { readonly is: 'username' | 'password' }
  | { readonly is: 'service-account' };

export interface ShownServiceAccount {
  readonly clientId: string;
  readonly privateKey: string;
  readonly privateKeyId: string;
  readonly serviceAccountEmail: string;
}

/** The form of a dialect's part of `credentials.json`. */
export type ShownBy<Members extends Readonly<Record<string, Shown>>> = {
  readonly [Name in keyof Members]: Members[Name] extends { readonly is: 'service-account' }
    ? ShownServiceAccount
    : string;
};

/** Who has a key: a dialect, or the native API. */
export interface KeyOwner {
  readonly dialect: ApiName;
  readonly keys: KeyKind;
}

/** A dialect, as who provides a workspace with it knows it. */
export interface Provided {
  readonly provision: Provision;
}

export const nativeKeys = { dialect: 'native', keys: { roles: ['workspace'] } } as const satisfies KeyOwner;

/** All that have keys. */
export function keyOwnersOf(dialects: readonly Provided[]): readonly KeyOwner[] {
  return [nativeKeys, ...dialects.map(({ provision }) => provision)];
}

export function findProvision(dialects: readonly Provided[], dialect: string): Provision | undefined {
  return dialects.find(({ provision }) => provision.dialect === dialect)?.provision;
}

/** The secrets of each of its sources: as what they are shown, and of which kind they are. */
export function sourceSecretsOf({ credentials }: Provision): readonly (readonly [string, HeldKind])[] {
  return Object.entries(credentials).flatMap(([member, shown]) =>
    shown.is === 'source-secret' ? [[member, shown.kind] as const] : [],
  );
}
