import { deleteCountedEvents } from '../change/delete-events.ts';
import type { DialectName } from '../core/dialect-name.ts';
import { readEventsOfType } from '../core/event/event-deletion-store.ts';
import { setEventTypeArchived } from '../core/event-type/archive-event-type.ts';
import type { EventType } from '../core/event-type/event-type.ts';
import { deleteEventTypeRows } from '../core/event-type/event-type-store.ts';
import { changeConfiguration } from '../core/workspace/change-configuration.ts';
import { changeWorkspace } from '../core/workspace/change-workspace.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import { followedBy } from '../projections/follow-events.ts';
import type { Projection } from '../projections/projection.ts';
import type { Database } from '../store/database.ts';

interface Services {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
  readonly projections: readonly Projection[];
}

/** A dialect, and the names of its event types from whose events something follows, so that they stay. */
export interface TypeKeeper {
  readonly name: DialectName;
  readonly keptTypes?: readonly string[];
}

interface Options {
  readonly now: Date;
  /** The most transactions, of a few dozen milliseconds each, that this call may take for the type's events. */
  readonly slices: number;
  readonly dialects: readonly TypeKeeper[];
}

export interface TypeDeletion {
  readonly deletedEvents: number;
  /** True: events are left, and the type, archived, with them; call again. */
  readonly more: boolean;
}

const eventsPerSlice = 250;

/**
 * Deletes an event type with its events: from its first slice on it is archived, so that none come in between; the next event of its
 * name makes another type. `kept`: conversations follow from its events. Undefined when there is no such type.
 */
export async function deleteEventType(
  services: Services,
  workspaceId: WorkspaceId,
  publicId: string,
  { now, slices, dialects }: Options,
): Promise<TypeDeletion | 'kept' | undefined> {
  const type = (await services.workspaces.reload(workspaceId)).eventTypes.byPublicId(publicId);
  if (!type) return undefined;
  const keeper = dialects.find(({ name }) => name === type.dialect);
  if (keeper?.keptTypes?.includes(type.name)) return 'kept';
  if (!type.archivedAt) await setEventTypeArchived(services, workspaceId, publicId, now, now);
  let deletedEvents = 0;
  for (let slice = 0; slice < slices; slice++) {
    const deleted = await deleteSlice(services, workspaceId, type, now);
    deletedEvents += deleted;
    if (deleted === eventsPerSlice) continue;
    await changeConfiguration(services, workspaceId, now, ({ tx }) =>
      deleteEventTypeRows(tx, workspaceId, type.id),
    );
    return { deletedEvents, more: false };
  }
  return { deletedEvents, more: true };
}

function deleteSlice(
  services: Services,
  workspaceId: WorkspaceId,
  type: EventType,
  now: Date,
): Promise<number> {
  return changeWorkspace(services, workspaceId, now, async (change) => {
    const { tx, head } = change;
    const workspace = await services.workspaces.getVersion(workspaceId, head.configVersion, tx);
    const events = await readEventsOfType(tx, workspaceId, type.id, eventsPerSlice);
    const { dialect } = type;
    if (events.length > 0)
      await deleteCountedEvents(followedBy(services.projections, change), {
        workspace,
        dialect,
        events,
        reason: 'event-type',
      });
    return events.length;
  });
}
