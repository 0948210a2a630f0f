import type { DialectName } from '../core/dialect-name.ts';
import { type CountedEvent, deleteEvents, readCountedEvent } from '../core/event/event-deletion-store.ts';
import type { EventChange } from '../core/event/event-move.ts';
import { changeWorkspace } from '../core/workspace/change-workspace.ts';
import type { Workspace, WorkspaceId } from '../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import { followedBy } from '../projections/follow-events.ts';
import type { Projection } from '../projections/projection.ts';
import { localDayIn } from '../projections/rollups/buckets.ts';
import type { Database } from '../store/database.ts';
import { emptyRows } from './rows.ts';
import { writeRows } from './writer.ts';

/** Events of one dialect, and why they go. */
export interface Deletion {
  readonly workspace: Workspace;
  readonly dialect: DialectName;
  readonly events: readonly CountedEvent[];
  /** For the accounting. */
  readonly reason: 'retention' | 'event-type' | 'request';
}

/**
 * Deletes one event of a dialect; false when there is none. Its key stays spent: sent again, it is the repeat of an event that was
 * taken, and does not come back. `check`: throws, by the configuration under the lock, where it may not be.
 */
export async function deleteEvent(
  services: {
    readonly database: Database;
    readonly workspaces: WorkspaceCache;
    readonly projections: readonly Projection[];
  },
  workspaceId: WorkspaceId,
  dialect: DialectName,
  id: string,
  now: Date,
  check?: (workspace: Workspace) => void,
): Promise<boolean> {
  return changeWorkspace(services, workspaceId, now, async (change) => {
    const workspace = await services.workspaces.getVersion(workspaceId, change.head.configVersion, change.tx);
    check?.(workspace);
    return deleteEventWithin(followedBy(services.projections, change), { workspace, dialect, id });
  });
}

/** As `deleteEvent`, within a change that does more; `nodeId`: of that node alone, where it is given. */
export async function deleteEventWithin(
  change: EventChange,
  {
    workspace,
    dialect,
    id,
    nodeId,
  }: Omit<Deletion, 'events' | 'reason'> & { readonly id: string; readonly nodeId?: number },
): Promise<boolean> {
  const event = await readCountedEvent(change.tx, change.workspaceId, id);
  if (!event || workspace.eventTypes.byId(event.typeId)?.dialect !== dialect) return false;
  if (nodeId !== undefined && event.nodeId !== nodeId) return false;
  await deleteCountedEvents(change, { workspace, dialect, events: [event], reason: 'request' });
  return true;
}

/**
 * Deletes events with their metrics, takes them out of the rollups and what else follows from them, and counts them as `deleted` in the
 * hour they came in.
 */
export async function deleteCountedEvents(
  change: EventChange,
  { workspace, dialect, events, reason }: Deletion,
): Promise<void> {
  const { tx, head, workspaceId, record } = change;
  const ids = events.map(({ id }) => id);
  const metrics = await deleteEvents(tx, workspaceId, ids);
  const rows = emptyRows(head, localDayIn(workspace.timezone));
  const { rollups, tally } = rows;
  for (const event of events) {
    const { occurredAt, receivedAt, typeId } = event;
    rollups.addEvent(occurredAt, typeId, event, -1);
    tally.add(dialect, receivedAt, 'deleted', reason);
  }
  const origins = new Map(events.map((event) => [event.id, event]));
  for (const { eventId, occurredAt, typeId, key, value } of metrics)
    rollups.addMetric(occurredAt, typeId, key, value, -1, origins.get(eventId));
  await writeRows(change, rows);
  const moves = events.map((before) => ({ before, after: null }));
  await change.followEvents(tx, workspace, moves);
  for (const { id, typeId, profileId, recordId, nodeId } of events) {
    const type = workspace.eventTypes.byId(typeId)?.name ?? '';
    const data = { dialect, type, profileId, recordId };
    record({ entity: 'event', entityId: id, operation: 'delete', nodeId, data });
  }
}
