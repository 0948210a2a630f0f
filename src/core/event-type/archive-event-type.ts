import type { Database } from '../../store/database.ts';
import { changeConfiguration } from '../workspace/change-configuration.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { WorkspaceCache } from '../workspace/workspace-cache.ts';
import type { EventType } from './event-type.ts';
import { updateArchivedAt } from './event-type-store.ts';

/** Archives a type of any dialect by its public id, or with null makes it live again. Undefined when there is no such type. */
export async function setEventTypeArchived(
  services: { readonly database: Database; readonly workspaces: WorkspaceCache },
  workspaceId: WorkspaceId,
  publicId: string,
  archivedAt: Date | null,
  now: Date,
): Promise<EventType | undefined> {
  const known = await services.workspaces.reload(workspaceId);
  if (!known.eventTypes.byPublicId(publicId)) return undefined;
  await changeConfiguration(services, workspaceId, now, ({ tx }) =>
    updateArchivedAt(tx, workspaceId, publicId, archivedAt, now),
  );
  const workspace = await services.workspaces.reload(workspaceId);
  return workspace.eventTypes.byPublicId(publicId);
}
