import type { Database } from '../../store/database.ts';
import type { Queryable } from '../../store/queryable.ts';
import { newRecordId } from '../id.ts';
import { insertBinding } from '../workspace/binding-store.ts';
import { changeConfiguration } from '../workspace/change-configuration.ts';
import { issueSourceSecret } from '../workspace/issue-keys.ts';
import { type Provision, type SourceKind, sourceSecretsOf } from '../workspace/provision.ts';
import { findSource, type Workspace } from '../workspace/workspace.ts';
import type { WorkspaceCache } from '../workspace/workspace-cache.ts';
import type { Source } from './source.ts';
import { upsertSource } from './source-store.ts';

/** A dialect's that has sources. */
export type SourceProvision = Provision & { readonly source: SourceKind };

export interface NewSource {
  readonly name: string;
  /** The vendor's own id; one is made where it is left out. */
  readonly externalId?: string;
  readonly nodeId: number;
  readonly settings: Record<string, unknown>;
}

export interface AddedSource {
  readonly source: Source;
  /** By what its requests are signed and set up, where they are, by the names that `credentials.json` has for them. Shown once. */
  readonly secrets: Readonly<Record<string, string>> | null;
}

/**
 * Adds a source of a dialect, and what its dialect finds the workspace by. One that was archived because its name was taken from the
 * workspace is that again. Undefined when the workspace, or any where the id is a name in all of the installation, has one of this id,
 * an archived one too: that is taken back as it was (change-source.ts).
 */
export async function addSource(
  services: { readonly database: Database; readonly workspaces: WorkspaceCache },
  provision: SourceProvision,
  workspace: Workspace,
  wanted: NewSource,
  now: Date,
): Promise<AddedSource | undefined> {
  const { dialect } = provision;
  const { kind, isName } = provision.source;
  return changeConfiguration(services, workspace.id, now, async ({ tx, head }) => {
    const current = await services.workspaces.reload(workspace.id, tx);
    const externalId = wanted.externalId ?? makeExternalId(current, provision);
    const former = findSource(current, dialect, kind, externalId);
    if (former && !(isName && former.archivedAt)) return undefined;
    const binding = { dialect, kind, externalId, settings: {} };
    if (isName && !(await insertBinding(tx, workspace.id, binding))) return undefined;
    const source: Source = {
      id: former?.id ?? ++head.lastSourceId,
      publicId: former?.publicId ?? newRecordId(now.getTime()),
      dialect,
      kind,
      externalId,
      name: wanted.name,
      nodeId: wanted.nodeId,
      settings: wanted.settings,
      createdAt: former?.createdAt ?? now,
      archivedAt: null,
    };
    await upsertSource(tx, workspace.id, source);
    return { source, secrets: await issueSecrets(tx, workspace, provision, externalId, now) };
  });
}

function makeExternalId(
  { sources }: Workspace,
  { dialect, source: { kind, makeId } }: SourceProvision,
): string {
  const others = [...sources.values()].filter((source) => source.dialect === dialect && source.kind === kind);
  return makeId(others.map(({ externalId }) => externalId));
}

async function issueSecrets(
  connection: Queryable,
  { id }: Workspace,
  provision: SourceProvision,
  externalId: string,
  now: Date,
): Promise<AddedSource['secrets']> {
  const secrets: Record<string, string> = {};
  for (const [member, kind] of sourceSecretsOf(provision))
    secrets[member] = await issueSourceSecret(connection, id, provision, kind, externalId, now);
  return Object.keys(secrets).length > 0 ? secrets : null;
}
