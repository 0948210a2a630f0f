import Type from 'typebox';
import type { ConsentAuthor } from '../../../core/consent/consent.ts';
import { type Credential, holderOf } from '../../../core/credential/credential.ts';
import type { Source, SourceName } from '../../../core/source/source.ts';
import { settingsReader } from '../../../core/workspace/dialect-settings.ts';
import { findSource, type Workspace } from '../../../core/workspace/workspace.ts';
import type { Role } from '../roles.ts';

/** docs/spec/contacthub.md A#66 and the document of version 1.51. */
export const providers = [
  'API',
  'CONTACTSEND',
  'CONTACTPLAN',
  'JavaScript',
  'MAGENTO',
  'ANDROID_SDK',
  'OBJECTIVEC_SDK',
  'NODEJS_SDK',
  'JAVA_SDK',
  'SCALA_SDK',
  'DOTNET_SDK',
] as const;
export type Provider = (typeof providers)[number];

/** "Sources with the following providers can no longer be created" is of all others. */
export const creatableProviders: readonly Provider[] = ['API', 'CONTACTSEND', 'CONTACTPLAN'];

/** What runs on the pages of anybody's browser is not trusted (docs/spec/contacthub.md D). */
export function roleOf(provider: Provider): Role {
  return provider === 'JavaScript' ? 'UNTRUSTED_APPLICATION' : 'TRUSTED_APPLICATION';
}

/** The vendor's word for what customers and events come in by, as rows of `source` have it. */
export const sourceKind = 'source';

/** A source of the vendor's: who writes by a token of its own. */
export interface HubSource {
  /** As `sourceInfo` and consents have it: whom its tokens stand for. */
  readonly id: string;
  readonly provider: Provider;
  readonly name: string;
  readonly description: string | null;
  /** The public ids of the nodes that its tokens may read and write; null: of all. */
  readonly nodes: readonly string[] | null;
  /** False: it writes nothing (ruling 7). */
  readonly enabled: boolean;
  /** What the provider wants to know of it. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

const SourceSettings = Type.Object({
  provider: Type.Enum([...providers]),
  description: Type.Union([Type.String(), Type.Null()]),
  nodes: Type.Union([Type.Array(Type.String()), Type.Null()]),
  enabled: Type.Boolean(),
  properties: Type.Record(Type.String(), Type.Unknown()),
});

const readSettings = settingsReader(SourceSettings);

/** The source of this id, where anything was ever set of it. One that is archived is there for no request of this API. */
export function findHubSource(workspace: Workspace, id: string): HubSource | undefined {
  const source = findStored(workspace, id);
  return source && !source.archivedAt ? hubSourceOf(source) : undefined;
}

/** What was set of the source that a token stands for; of an archived one too, whose tokens still read. */
export function findHolder(workspace: Workspace, id: string): HubSource | undefined {
  const source = findStored(workspace, id);
  return source && hubSourceOf(source);
}

/** The source of this id that is archived; of one that was deleted by this API all tokens have ended. */
export function findArchived(
  workspace: Workspace,
  id: string,
): { readonly source: Source; readonly isDeleted: boolean } | undefined {
  const source = findStored(workspace, id);
  return source?.archivedAt ? { source, isDeleted: source.settings.deleted === true } : undefined;
}

/** By which source an author's writes come in; null: by none, since a user has written. */
export function sourceOfAuthor({ sourceId }: Pick<ConsentAuthor, 'sourceId'>): SourceName | null {
  return sourceId === null ? null : { kind: sourceKind, externalId: sourceId };
}

function findStored(workspace: Workspace, id: string): Source | undefined {
  return findSource(workspace, 'contacthub', sourceKind, id);
}

/** All of which anything was set. */
export function hubSourcesOf(workspace: Workspace): HubSource[] {
  return [...workspace.sources.values()]
    .filter(({ dialect, kind, archivedAt }) => dialect === 'contacthub' && kind === sourceKind && !archivedAt)
    .map(hubSourceOf);
}

/** What cannot be read of its rights is as if it had none. */
function hubSourceOf({ externalId, name, settings, createdAt }: Source): HubSource {
  const {
    provider = 'API',
    description = null,
    nodes = [],
    enabled = false,
    properties = {},
  } = readSettings(settings);
  return { id: externalId, provider, name, description, nodes, enabled, properties, createdAt };
}

/** The source that a token stands for of which nothing was set: it writes in every node, as its key was issued to. */
export function hubSourceOfKey(credential: Credential): HubSource {
  const provider = credential.role === 'UNTRUSTED_APPLICATION' ? 'JavaScript' : 'API';
  return {
    id: holderOf(credential),
    provider,
    name: credential.name,
    description: null,
    nodes: null,
    enabled: true,
    properties: {},
    createdAt: credential.createdAt,
  };
}
