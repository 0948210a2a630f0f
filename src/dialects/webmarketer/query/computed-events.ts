import type { DialectName } from '../../../core/dialect-name.ts';
import type { StoredEvent } from '../../../core/event/event.ts';
import { readEvent } from '../../../core/event/event-store.ts';
import type { EventType } from '../../../core/event-type/event-type.ts';
import { definitionAt, readTypeVersions } from '../../../core/event-type/type-version-store.ts';
import { readMetrics, type StoredMetric } from '../../../core/metric/metric-store.ts';
import { readProfiles } from '../../../core/profile/profile-store.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { definitionOf, type EventTypeDefinition } from '../definition/definition.ts';

/** An event of a defined type with what has to be known to show it. */
export interface ComputedEvent {
  readonly event: StoredEvent;
  readonly type: EventType;
  /** The version that the event was checked by. */
  readonly definition: EventTypeDefinition;
  /** Who its user is now: the record of the profile that it was stored on. */
  readonly recordId: string;
  readonly metrics: readonly StoredMetric[];
}

export interface Connections {
  readonly database: Queryable;
  readonly workspaces: WorkspaceCache;
}

/** An event of the dialect with its type's name; undefined when it is not there or another dialect's. */
export async function findEventOf(
  { database, workspaces }: Connections,
  workspace: Workspace,
  dialect: DialectName,
  id: string,
): Promise<{ event: StoredEvent; type: EventType } | undefined> {
  const event = await readEvent(database, workspace.id, id);
  if (!event) return undefined;
  // A type that another process has just made may not be known here yet.
  const type =
    workspace.eventTypes.byId(event.typeId) ??
    (await workspaces.reload(workspace.id)).eventTypes.byId(event.typeId);
  return type?.dialect === dialect ? { event, type } : undefined;
}

/** Reads, for some events of defined types at once, what they are shown with. In the order given. */
export async function computeEvents(
  { database }: Pick<Connections, 'database'>,
  workspace: Workspace,
  found: readonly { event: StoredEvent; type: EventType }[],
): Promise<ComputedEvent[]> {
  const superseded = found
    .filter(({ event, type }) => event.typeVersion !== null && event.typeVersion !== type.version)
    .map(({ event }) => ({ typeId: event.typeId, version: event.typeVersion! }));
  const profileIds = [...new Set(found.map(({ event }) => event.profileId))];
  const [metrics, profiles, definitions] = await Promise.all([
    readMetrics(
      database,
      workspace.id,
      found.map(({ event }) => event.id),
    ),
    readProfiles(database, workspace.id, profileIds),
    superseded.length > 0
      ? readTypeVersions(database, workspace.id, superseded)
      : new Map<string, Record<string, unknown>>(),
  ]);
  const records = new Map(profiles.map((profile) => [profile.id, profile.recordId]));
  return found.flatMap(({ event, type }) => {
    const definition = definitionOf({ definition: definitionAt(type, event.typeVersion, definitions) });
    if (!definition) return [];
    return [
      {
        event,
        type,
        definition,
        recordId: records.get(event.profileId) ?? event.profileId,
        metrics: metrics.filter((metric) => metric.eventId === event.id),
      },
    ];
  });
}
