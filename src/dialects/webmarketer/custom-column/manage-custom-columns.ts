import type { Clock } from '../../../core/clock.ts';
import { newRecordId } from '../../../core/id.ts';
import { changeConfiguration } from '../../../core/workspace/change-configuration.ts';
import type { EventTypes, WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { Database } from '../../../store/database.ts';
import { definitionOf, isBuiltInMetric, metricKeysOfFields } from '../definition/definition.ts';
import { type CustomColumn, joinSymbols, maximumColumns } from './custom-column.ts';
import { deleteCustomColumn, insertCustomColumn, readCustomColumns } from './custom-column-store.ts';

interface Services {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
  readonly clock: Clock;
}

export type NewCustomColumn = Pick<CustomColumn, 'key' | 'name' | 'format' | 'symbols'>;

/** A new column, unless the key is a column's or a metric's, or there are too many. Its formula was parsed before. */
export function createCustomColumn(
  services: Services,
  workspaceId: WorkspaceId,
  wanted: NewCustomColumn,
): Promise<CustomColumn | 'key-taken' | 'metric-key' | 'too-many'> {
  return changeConfiguration(services, workspaceId, new Date(services.clock()), async ({ tx, now }) => {
    const known = await readCustomColumns(tx, workspaceId);
    if (known.some((column) => column.key === wanted.key)) return 'key-taken';
    const { eventTypes } = await services.workspaces.reload(workspaceId, tx);
    if (isMetricKey(eventTypes, wanted.key)) return 'metric-key';
    if (known.length >= maximumColumns) return 'too-many';
    const column: CustomColumn = {
      ...wanted,
      id: newRecordId(now.getTime()),
      formula: joinSymbols(wanted.symbols),
      createdAt: now,
    };
    await insertCustomColumn(tx, workspaceId, column);
    return column;
  });
}

/** Insights would show the one and hide the other. An archived type's metrics are still asked for. */
function isMetricKey(eventTypes: EventTypes, key: string): boolean {
  if (isBuiltInMetric(key)) return true;
  return eventTypes.all().some((type) => metricKeysOfFields(definitionOf(type)?.fields ?? []).includes(key));
}

/** The column as it was; undefined when there is no such column. */
export function removeCustomColumn(
  services: Services,
  workspaceId: WorkspaceId,
  id: string,
): Promise<CustomColumn | undefined> {
  return changeConfiguration(services, workspaceId, new Date(services.clock()), ({ tx }) =>
    deleteCustomColumn(tx, workspaceId, id),
  );
}
