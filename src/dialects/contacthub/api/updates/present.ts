import type { Workspace } from '../../../../core/workspace/workspace.ts';
import type { EntityChange } from '../../../../query/changes/read-changes.ts';
import type { ShownRecord } from '../../query/record.ts';
import type { ShownEvent } from '../../query/search-events.ts';
import { presentCustomer, removalNumbers } from '../customers/present.ts';
import { presentEvent } from '../events/present.ts';

/**
 * The updates of the stream (docs/spec/contacthub.md A#117). What is created or changed is told as it is shown now; of what is gone, by
 * this update or since, the id and its state.
 */
export function presentUpdates(
  changes: readonly EntityChange[],
  records: ReadonlyMap<string, ShownRecord>,
  events: ReadonlyMap<string, ShownEvent>,
  workspace: Workspace,
) {
  // Of several updates of one customer the same is told.
  const shown = new Map<string, Record<string, unknown>>();
  const dataOf = ({ id, entity, operation, nodeId, data }: EntityChange): Record<string, unknown> => {
    const event = events.get(id);
    const record = records.get(id);
    if (operation !== 'delete' && event) return presentEvent(event);
    if (operation !== 'delete' && record && !record.removal)
      return shown.getOrInsertComputed(record.id, () => presentCustomer(record, workspace));
    if (entity === 'event') return { id, customerId: data?.recordId ?? null, type: data?.type ?? null };
    const node = nodeId === null ? undefined : workspace.nodes.get(nodeId);
    return { id, nodeId: node?.publicId ?? null, deleted: removalNumbers[record?.removal ?? 'deleted'] };
  };
  return changes.map((change) => ({
    operation: change.operation.toUpperCase(),
    entity: { type: change.entity === 'event' ? 'EVENT' : 'CUSTOMER', data: dataOf(change) },
  }));
}
