import type { Workspace } from '../../../../core/workspace/workspace.ts';
import type { EntityChange } from '../../../../query/changes/read-changes.ts';
import type { ShownRecord } from '../../query/record.ts';
import { readTelling, type ShownEvent } from '../../query/shown-event.ts';
import { removalNumbers, writeCustomer } from '../customers/present.ts';
import { writeEvent } from '../events/present.ts';

/** What updates tell of, by ids: of an event that was created the change itself tells. */
export interface ToldEntities {
  readonly records: ReadonlyMap<string, ShownRecord>;
  readonly events: ReadonlyMap<string, ShownEvent>;
}

/**
 * Updates of the stream, each as JSON (docs/spec/contacthub.md A#117). What is created or changed is told as it is shown now; of what is
 * gone, by this update or since, the id and its state.
 */
export function writeUpdates(
  changes: readonly EntityChange[],
  { records, events }: ToldEntities,
  workspace: Workspace,
): string[] {
  // Of several updates of one customer the same is told.
  const written = new Map<string, string>();
  const dataOf = ({ id, entity, operation, nodeId, data, event: created }: EntityChange): string => {
    if (created !== null) return writeEvent(readTelling(id, created.type, created.telling));
    const event = events.get(id);
    const record = records.get(id);
    if (operation !== 'delete' && event) return writeEvent(event);
    if (operation !== 'delete' && record && !record.removal)
      return written.getOrInsertComputed(record.id, () => writeCustomer(record, workspace));
    if (entity === 'event')
      return JSON.stringify({ id, customerId: data?.recordId ?? null, type: data?.type ?? null });
    const node = nodeId === null ? undefined : workspace.nodes.get(nodeId);
    const deleted = removalNumbers[record?.removal ?? 'deleted'];
    return JSON.stringify({ id, nodeId: node?.publicId ?? null, deleted });
  };
  return changes.map(
    (change) =>
      `{"operation":"${change.operation.toUpperCase()}","entity":{"type":"${change.entity === 'event' ? 'EVENT' : 'CUSTOMER'}","data":${dataOf(change)}}}`,
  );
}
