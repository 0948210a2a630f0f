import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../../core/clock.ts';
import type { DialectName } from '../../../core/dialect-name.ts';
import { type EventType, maximumEventTypes } from '../../../core/event-type/event-type.ts';
import { newRecordId } from '../../../core/id.ts';
import { changeConfiguration } from '../../../core/workspace/change-configuration.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { Database } from '../../../store/database.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { readCustomColumns } from '../custom-column/custom-column-store.ts';
import { definitionOf, type EventTypeDefinition, metricKeysOfFields } from './definition.ts';
import {
  countEventTypes,
  insertDefinedType,
  insertTypeVersion,
  readDefinedType,
  updateDefinedType,
} from './definition-store.ts';

interface Services {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
  readonly clock: Clock;
}

/** A state or statistic of the definition has the key of a custom column, which would hide it from insights. */
export interface ColumnKeyTaken {
  readonly columnKey: string;
}

/** A new type of a closed vocabulary, unless a name is taken (archived types keep theirs) or there are too many. */
export function createEventType(
  services: Services,
  workspaceId: WorkspaceId,
  dialect: DialectName,
  name: string,
  definition: EventTypeDefinition,
): Promise<EventType | ColumnKeyTaken | 'name-taken' | 'too-many'> {
  return changeConfiguration(services, workspaceId, new Date(services.clock()), async ({ tx, head, now }) => {
    if (await readDefinedType(tx, workspaceId, dialect, name)) return 'name-taken';
    const columnKey = await findColumnKey(tx, workspaceId, metricKeysOfFields(definition.fields));
    if (columnKey !== undefined) return { columnKey };
    if ((await countEventTypes(tx, workspaceId)) >= maximumEventTypes) return 'too-many';
    const type: EventType = {
      id: ++head.lastTypeId,
      publicId: newRecordId(now.getTime()),
      dialect,
      name,
      version: 1,
      definition: { ...definition },
      createdAt: now,
      updatedAt: now,
      archivedAt: null,
      keyless: false,
    };
    await insertDefinedType(tx, workspaceId, type);
    await insertTypeVersion(tx, workspaceId, type);
    return type;
  });
}

/** The type after `change`, which is told the version that it changes, as a new version unless nothing has changed; undefined when there is no such type. */
export function updateEventType(
  services: Services,
  workspaceId: WorkspaceId,
  dialect: DialectName,
  name: string,
  change: (definition: EventTypeDefinition, version: number) => EventTypeDefinition,
): Promise<EventType | ColumnKeyTaken | undefined> {
  return changeConfiguration(services, workspaceId, new Date(services.clock()), async ({ tx, now }) => {
    const type = await readDefinedType(tx, workspaceId, dialect, name);
    const definition = type && definitionOf(type);
    if (!definition) return undefined;
    const changed = change(definition, type.version);
    if (isDeepStrictEqual(definition, changed)) return type;
    const known = new Set(metricKeysOfFields(definition.fields));
    const added = metricKeysOfFields(changed.fields).filter((key) => !known.has(key));
    const columnKey = await findColumnKey(tx, workspaceId, added);
    if (columnKey !== undefined) return { columnKey };
    const updated: EventType = {
      ...type,
      version: type.version + 1,
      definition: { ...changed },
      updatedAt: now,
    };
    await updateDefinedType(tx, workspaceId, updated);
    await insertTypeVersion(tx, workspaceId, updated);
    return updated;
  });
}

async function findColumnKey(
  tx: Queryable,
  workspaceId: WorkspaceId,
  metricKeys: readonly string[],
): Promise<string | undefined> {
  if (metricKeys.length === 0) return undefined;
  const columns = await readCustomColumns(tx, workspaceId);
  return columns.find(({ key }) => metricKeys.includes(key))?.key;
}

/** Archived types take no events; what they have taken stays. Undefined when there is no such type. */
export function archiveEventType(
  services: Services,
  workspaceId: WorkspaceId,
  dialect: DialectName,
  name: string,
): Promise<EventType | undefined> {
  return changeConfiguration(services, workspaceId, new Date(services.clock()), async ({ tx, now }) => {
    const type = await readDefinedType(tx, workspaceId, dialect, name);
    if (!type || type.archivedAt) return type;
    const archived: EventType = { ...type, updatedAt: now, archivedAt: now };
    await updateDefinedType(tx, workspaceId, archived);
    return archived;
  });
}
