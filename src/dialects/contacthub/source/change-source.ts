import type { Authenticator } from '../../../core/credential/authenticator.ts';
import { revokeKeysOf } from '../../../core/credential/credential-store.ts';
import { issueCredential } from '../../../core/credential/issue-credential.ts';
import { newRecordId } from '../../../core/id.ts';
import type { Source } from '../../../core/source/source.ts';
import { archiveSource, updateSourceSettings, upsertSource } from '../../../core/source/source-store.ts';
import { changeConfiguration } from '../../../core/workspace/change-configuration.ts';
import type { WorkspaceChange } from '../../../core/workspace/change-workspace.ts';
import { defaultNode, findSource, type Workspace } from '../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { Database } from '../../../store/database.ts';
import { provision } from '../provision.ts';
import { readHubSource } from './list-sources.ts';
import { type HubSource, roleOf, sourceKind } from './source.ts';

export interface SourceServices {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
  readonly authenticator: Authenticator;
}

/** With the token that it got; the token is nowhere else. */
export interface TokenedSource {
  readonly source: HubSource;
  readonly token: string;
}

export function createSource(
  services: SourceServices,
  { id: workspaceId }: Workspace,
  wanted: Omit<HubSource, 'id' | 'createdAt'>,
  now: Date,
): Promise<TokenedSource> {
  return changeConfiguration(services, workspaceId, now, async (change) => {
    const workspace = await services.workspaces.reload(workspaceId, change.tx);
    const source = { ...wanted, id: newRecordId(now.getTime()), createdAt: now };
    await storeSource(change, workspace, source);
    return { source, token: await issueToken(change, source) };
  });
}

/** Undefined when there is no source of this id. `edit` makes the new one of the one that stands. */
export function changeSource(
  services: SourceServices,
  { id: workspaceId }: Workspace,
  id: string,
  edit: (source: HubSource) => HubSource,
  now: Date,
): Promise<HubSource | undefined> {
  return changeConfiguration(services, workspaceId, now, async (change) => {
    const workspace = await services.workspaces.reload(workspaceId, change.tx);
    const source = await readHubSource(change.tx, workspace, id, now);
    if (!source) return undefined;
    const changed = edit(source);
    await storeSource(change, workspace, changed);
    return changed;
  });
}

/** A new token in place of those that the source has, which end at once. Undefined when there is no source of this id. */
export async function refreshToken(
  services: SourceServices,
  { id: workspaceId }: Workspace,
  id: string,
  now: Date,
): Promise<TokenedSource | undefined> {
  const refreshed = await changeConfiguration(services, workspaceId, now, async (change) => {
    const workspace = await services.workspaces.reload(workspaceId, change.tx);
    const source = await readHubSource(change.tx, workspace, id, now);
    if (!source) return undefined;
    // What was not set of it was only known by its keys, which end here.
    await storeSource(change, workspace, source);
    await revokeKeysOf(change.tx, workspaceId, provision.dialect, id, now);
    return { source, token: await issueToken(change, source) };
  });
  await services.authenticator.forget();
  return refreshed;
}

/** Ends its tokens; what it has written stays, and keeps its id. False when there is no source of this id. */
export async function deleteSource(
  services: SourceServices,
  { id: workspaceId }: Workspace,
  id: string,
  now: Date,
): Promise<boolean> {
  const isDeleted = await changeConfiguration(services, workspaceId, now, async ({ tx }) => {
    const workspace = await services.workspaces.reload(workspaceId, tx);
    if (!(await readHubSource(tx, workspace, id, now))) return false;
    const stored = findSource(workspace, provision.dialect, sourceKind, id);
    if (stored) {
      await archiveSource(tx, workspaceId, stored.id, now);
      await updateSourceSettings(tx, workspaceId, stored.id, { deleted: true });
    }
    await revokeKeysOf(tx, workspaceId, provision.dialect, id, now);
    return true;
  });
  await services.authenticator.forget();
  return isDeleted;
}

async function storeSource(
  { tx, head, workspaceId }: WorkspaceChange,
  workspace: Workspace,
  { id, name, createdAt, provider, description, nodes, enabled, properties }: HubSource,
): Promise<void> {
  const { dialect } = provision;
  const stored = findSource(workspace, dialect, sourceKind, id);
  const source: Source = {
    id: stored?.id ?? ++head.lastSourceId,
    publicId: stored?.publicId ?? newRecordId(createdAt.getTime()),
    dialect,
    kind: sourceKind,
    externalId: id,
    name,
    // The engine wants a node of each; which its tokens may use is said by the settings.
    nodeId: defaultNode(workspace, dialect).id,
    settings: { provider, description, nodes, enabled, properties },
    createdAt,
    archivedAt: null,
  };
  await upsertSource(tx, workspaceId, source);
}

async function issueToken({ tx, workspaceId, now }: WorkspaceChange, source: HubSource): Promise<string> {
  const { dialect, keys } = provision;
  const role = roleOf(source.provider);
  const grant = { workspaceId, dialect, kind: 'key', role, name: source.name, subject: source.id } as const;
  return (await issueCredential(tx, grant, now, keys.make)).secret;
}
