import { Tally } from '../core/accounting/accounting.ts';
import { addCounts } from '../core/accounting/accounting-store.ts';
import type { DialectName } from '../core/dialect-name.ts';
import { type CountedEvent, deleteEvents } from '../core/event/event-deletion-store.ts';
import { eventCount } from '../core/metric/metric.ts';
import { insertChanges } from '../core/update-stream/change-store.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import type { Head } from '../core/workspace/workspace-store.ts';
import { localDayIn } from '../projections/rollups/buckets.ts';
import { applyRollups, RollupDeltas } from '../projections/rollups/rollups.ts';
import type { Queryable } from '../store/queryable.ts';

/** Events of one dialect, and why they go. */
export interface Deletion {
  readonly workspace: Pick<Workspace, 'id' | 'timezone'>;
  readonly dialect: DialectName;
  readonly events: readonly CountedEvent[];
  /** For the accounting. */
  readonly reason: 'retention' | 'event-type';
  readonly now: Date;
}

/**
 * Deletes events with their metrics, takes them out of the rollups and counts them as `deleted` in the hour they came in. Under the
 * head lock; advances the head's seq.
 */
export async function deleteCountedEvents(
  connection: Queryable,
  head: Head,
  { workspace, dialect, events, reason, now }: Deletion,
): Promise<void> {
  const ids = events.map(({ id }) => id);
  const metrics = await deleteEvents(connection, workspace.id, ids);
  const rollups = new RollupDeltas(localDayIn(workspace.timezone));
  const tally = new Tally();
  for (const { occurredAt, receivedAt, typeId, nodeId, context } of events) {
    rollups.addEvent(occurredAt, typeId, nodeId, context, -1);
    rollups.addMetric(occurredAt, typeId, eventCount, 1, -1);
    tally.add(dialect, receivedAt, 'deleted', reason);
  }
  for (const metric of metrics)
    rollups.addMetric(metric.occurredAt, metric.typeId, metric.key, metric.value, -1);
  await Promise.all(applyRollups(connection, workspace.id, rollups));
  await addCounts(connection, workspace.id, tally.counts());
  const changes = ids.map((entityId) => ({
    seq: ++head.seq,
    entity: 'event' as const,
    entityId,
    operation: 'delete' as const,
  }));
  await insertChanges(connection, workspace.id, changes, now);
}
