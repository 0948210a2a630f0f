import type { Database } from '../../store/database.ts';
import type { Clock } from '../clock.ts';
import { newRecordId } from '../id.ts';
import { changeConfiguration } from '../workspace/change-configuration.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { WorkspaceCache } from '../workspace/workspace-cache.ts';
import { type CustomColumn, joinSymbols, maximumColumns } from './custom-column.ts';
import { deleteCustomColumn, insertCustomColumn, readCustomColumns } from './custom-column-store.ts';

interface Services {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
  readonly clock: Clock;
}

export type NewCustomColumn = Pick<CustomColumn, 'key' | 'name' | 'format' | 'symbols'>;

/** A new column, unless the key is taken or there are too many. Its formula was parsed before. */
export function createCustomColumn(
  services: Services,
  workspaceId: WorkspaceId,
  wanted: NewCustomColumn,
): Promise<CustomColumn | 'key-taken' | 'too-many'> {
  return changeConfiguration(services, workspaceId, async (tx) => {
    const known = await readCustomColumns(tx, workspaceId);
    if (known.some((column) => column.key === wanted.key)) return 'key-taken';
    if (known.length >= maximumColumns) return 'too-many';
    const now = services.clock();
    const column: CustomColumn = {
      ...wanted,
      id: newRecordId(now),
      formula: joinSymbols(wanted.symbols),
      createdAt: new Date(now),
    };
    await insertCustomColumn(tx, workspaceId, column);
    return column;
  });
}

/** The column as it was; undefined when there is no such column. */
export function removeCustomColumn(
  services: Services,
  workspaceId: WorkspaceId,
  id: string,
): Promise<CustomColumn | undefined> {
  return changeConfiguration(services, workspaceId, (tx) => deleteCustomColumn(tx, workspaceId, id));
}
