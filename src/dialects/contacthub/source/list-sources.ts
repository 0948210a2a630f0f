import { holderOf } from '../../../core/credential/credential.ts';
import { listValidKeys } from '../../../core/credential/credential-store.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { findArchived, findHubSource, type HubSource, hubSourceOfKey, hubSourcesOf } from './source.ts';
import { isSourceRole } from './source-roles.ts';

/**
 * The sources of a workspace, oldest first: those of which something was set, and whom its other valid tokens stand for, which were
 * issued by the native API, the command line or with the workspace.
 */
export async function listHubSources(
  connection: Queryable,
  workspace: Workspace,
  now: Date,
): Promise<HubSource[]> {
  const keys = await listValidKeys(connection, workspace.id, 'contacthub', now);
  const sources = new Map(hubSourcesOf(workspace).map((source) => [source.id, source]));
  for (const key of keys)
    if (isSourceRole(key.role) && !findArchived(workspace, holderOf(key)))
      sources.getOrInsertComputed(holderOf(key), () => hubSourceOfKey(key));
  return [...sources.values()].sort(
    (one, other) => one.createdAt.getTime() - other.createdAt.getTime() || (one.id < other.id ? -1 : 1),
  );
}

export async function readHubSource(
  connection: Queryable,
  workspace: Workspace,
  id: string,
  now: Date,
): Promise<HubSource | undefined> {
  const known = findHubSource(workspace, id);
  if (known) return known;
  const sources = await listHubSources(connection, workspace, now);
  return sources.find((source) => source.id === id);
}
