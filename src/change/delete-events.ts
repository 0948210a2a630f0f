import type { DialectName } from '../core/dialect-name.ts';
import { type CountedEvent, deleteEvents } from '../core/event/event-deletion-store.ts';
import { eventCount } from '../core/metric/metric.ts';
import type { WorkspaceChange } from '../core/workspace/change-workspace.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { localDayIn } from '../projections/rollups/buckets.ts';
import { emptyRows } from './rows.ts';
import { writeRows } from './writer.ts';

/** Events of one dialect, and why they go. */
export interface Deletion {
  readonly workspace: Pick<Workspace, 'timezone' | 'eventTypes'>;
  readonly dialect: DialectName;
  readonly events: readonly CountedEvent[];
  /** For the accounting. */
  readonly reason: 'retention' | 'event-type';
}

/**
 * Deletes events with their metrics, takes them out of the rollups and counts them as `deleted` in the hour they came in.
 */
export async function deleteCountedEvents(
  change: WorkspaceChange,
  { workspace, dialect, events, reason }: Deletion,
): Promise<void> {
  const { tx, head, workspaceId, record } = change;
  const ids = events.map(({ id }) => id);
  const metrics = await deleteEvents(tx, workspaceId, ids);
  const rows = emptyRows(head, localDayIn(workspace.timezone));
  const { rollups, tally } = rows;
  for (const { occurredAt, receivedAt, typeId, nodeId, context } of events) {
    rollups.addEvent(occurredAt, typeId, nodeId, context, -1);
    rollups.addMetric(occurredAt, typeId, eventCount, 1, -1);
    tally.add(dialect, receivedAt, 'deleted', reason);
  }
  for (const metric of metrics)
    rollups.addMetric(metric.occurredAt, metric.typeId, metric.key, metric.value, -1);
  await writeRows(change, rows);
  for (const { id, typeId, profileId, recordId, nodeId } of events) {
    const type = workspace.eventTypes.byId(typeId)?.name ?? '';
    const data = { dialect, type, profileId, recordId };
    record({ entity: 'event', entityId: id, operation: 'delete', nodeId, data });
  }
}
