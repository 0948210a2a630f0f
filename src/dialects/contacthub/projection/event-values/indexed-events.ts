import type { Settings, Workspace } from '../../../../core/workspace/workspace.ts';
import { EVENT_TYPE_NAMES, type EventTypeName } from '../../documents/enums.ts';
import { eventRulesOf } from '../../rules/event-rules.ts';

/** A property of a type's events whose values stand in event_value. */
export interface IndexedProperty {
  readonly type: EventTypeName;
  /** As a condition names it, such as properties.extended.points. */
  readonly path: string;
  /** Where it stands in an event's properties, as an expression of SQL/JSON path. */
  readonly place: string;
}

const known = new WeakMap<object, readonly IndexedProperty[]>();

/** What a workspace has marked as indexed, of all types. Made once for as long as the configuration is. */
export function indexedOfEvents(workspace: Pick<Workspace, 'settings'>): readonly IndexedProperty[] {
  return known.getOrInsertComputed(workspace.settings, () =>
    EVENT_TYPE_NAMES.flatMap((type) =>
      [...eventRulesOf(workspace, type).indexed].map((path) => ({ type, path, place: placeOf(path) })),
    ),
  );
}

/** Lists are gone through, as conditions go through them. */
function placeOf(path: string): string {
  const [, ...members] = path.split('.');
  return `$${members.map((name) => `.${JSON.stringify(name)}`).join('')}`;
}

/** Whether by other settings other values of events stand in event_value. */
export function marksOtherwise({ settings }: Pick<Workspace, 'settings'>, wanted: Settings): boolean {
  const after = { ...settings, dialects: { ...settings.dialects, contacthub: wanted } };
  const [old, others] = [settings, after].map((one) => JSON.stringify(indexedOfEvents({ settings: one })));
  return old !== others;
}

export function isIndexedType(workspace: Workspace, type: string): boolean {
  return indexedOfEvents(workspace).some((property) => property.type === type);
}

const nothing: ReadonlySet<string> = new Set();

/** The paths of the properties of a type that are marked. */
export function indexedPathsOf(workspace: Workspace, typeId: number): ReadonlySet<string> {
  const type = workspace.eventTypes.byId(typeId);
  if (type?.dialect !== 'contacthub') return nothing;
  return new Set(
    indexedOfEvents(workspace).flatMap(({ type: name, path }) => (name === type.name ? [path] : [])),
  );
}
