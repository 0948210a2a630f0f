import { eventContextNumber, type StoredEvent } from '../core/event/event.ts';
import { type EventContent, updateEvent } from '../core/event/event-store.ts';
import { eventCount } from '../core/metric/metric.ts';
import type { WorkspaceChange } from '../core/workspace/change-workspace.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { Catalogue } from '../projections/catalogue/catalogue.ts';
import { localDayIn } from '../projections/rollups/buckets.ts';
import { emptyRows } from './rows.ts';
import { writeRows } from './writer.ts';

/** An event as it was read under the lock, and what becomes of it. */
export interface EventEdit {
  readonly workspace: Pick<Workspace, 'timezone'>;
  readonly event: StoredEvent;
  /** Of its profile. */
  readonly nodeId: number;
  readonly content: EventContent;
}

/**
 * Writes an event anew. The rollups move by the difference, and the catalogue takes in what the event carries now. What was set on the
 * event has a time of its own, and stays.
 */
export async function editEvent(
  change: WorkspaceChange,
  { workspace, event, nodeId, content }: EventEdit,
): Promise<void> {
  const { tx, head, workspaceId, now, record } = change;
  const { id, typeId, sourceId } = event;
  await updateEvent(tx, workspaceId, id, content, now);
  const rows = emptyRows(head, localDayIn(workspace.timezone));
  const before = { occurredAt: event.occurredAt.getTime(), context: event.context, sign: -1 } as const;
  const after = { ...content, sign: 1 } as const;
  for (const { occurredAt, context, sign } of [before, after]) {
    rows.rollups.addEvent(occurredAt, typeId, nodeId, eventContextNumber(context), sign);
    rows.rollups.addMetric(occurredAt, typeId, eventCount, 1, sign);
  }
  const isKeyless = event.detail?.keyless === true;
  rows.catalogue.push(...new Catalogue(0).newEntries(typeId, sourceId ?? 0, content.properties, isKeyless));
  await writeRows(change, rows);
  record({ entity: 'event', entityId: id, operation: 'update', nodeId });
}
