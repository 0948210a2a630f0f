import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { underHeadLock } from '../../../../core/workspace/under-head-lock.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { type Check, lookTwice, toCheck } from '../../../../projections/check.ts';
import type { RebuildPart, RebuildStep } from '../../../../projections/projection.ts';
import type { Database } from '../../../../store/database.ts';
import type { Queryable } from '../../../../store/queryable.ts';
import {
  deleteEventValues,
  type EventName,
  findDifferingValues,
  insertEventValues,
  listEventsOfType,
  listIndexedEvents,
} from './event-value-store.ts';
import { indexedOfEvents } from './indexed-events.ts';

const perSlice = 500;

/** First events that have rows, of which some should have none; then those of each type that is marked. */
const Place = Type.Union([
  Type.Object({
    of: Type.Literal('rows'),
    after: Type.Object({ id: Type.String(), profileId: Type.String() }),
  }),
  Type.Object({
    of: Type.Literal('events'),
    typeId: Type.Integer(),
    after: Type.Union([Type.Object({ at: Type.Integer(), id: Type.String() }), Type.Null()]),
  }),
  Type.Null(),
]);
type Place = Static<typeof Place>;

interface Slice {
  readonly events: readonly EventName[];
  readonly next: Exclude<Place, null> | 'done';
}

async function readSlice(connection: Queryable, workspace: Workspace, place: Place): Promise<Slice> {
  if (place?.of !== 'events') {
    const events = await listIndexedEvents(connection, workspace.id, place?.after ?? null, perSlice);
    const last = events.at(-1);
    if (last && events.length === perSlice) return { events, next: { of: 'rows', after: last } };
    return { events, next: firstOf(markedTypes(workspace)) };
  }
  const { typeId, after } = place;
  const events = await listEventsOfType(connection, workspace.id, typeId, after, perSlice);
  const last = events.at(-1);
  if (last && events.length === perSlice)
    return { events, next: { of: 'events', typeId, after: { at: last.at, id: last.id } } };
  return { events, next: firstOf(markedTypes(workspace).filter((id) => id > typeId)) };
}

function firstOf([typeId]: readonly number[]): Slice['next'] {
  return typeId === undefined ? 'done' : { of: 'events', typeId, after: null };
}

/** By number. */
function markedTypes(workspace: Workspace): number[] {
  const names = new Set<string>(indexedOfEvents(workspace).map(({ type }) => type));
  const types = workspace.eventTypes.ofDialect('contacthub').filter(({ name }) => names.has(name));
  return types.map(({ id }) => id).sort((one, other) => one - other);
}

/** Makes the rows of the next 500 events anew. */
export async function rebuildEventValues({
  database,
  workspaces,
  workspaceId,
  place,
}: RebuildPart): Promise<RebuildStep> {
  return underHeadLock(database, workspaceId, async (tx, head) => {
    const workspace = await workspaces.getVersion(workspaceId, head.configVersion, tx);
    const { events, next } = await readSlice(tx, workspace, Value.Parse(Place, place));
    await deleteEventValues(tx, workspaceId, events);
    await insertEventValues(
      tx,
      workspace,
      events.map(({ id }) => id),
    );
    return { counted: events.length, next };
  });
}

/** The rows are what the events show. */
export async function checkEventValues(database: Database, workspace: Workspace): Promise<Check> {
  const problems: string[] = [];
  let looked = 0;
  for (let place: Place | 'done' = null; place !== 'done'; ) {
    const slice: Slice = await readSlice(database, workspace, place);
    const look = (connection: Queryable) => findDifferingValues(connection, workspace, slice.events);
    for (const id of await lookTwice(database, workspace.id, look, (wrong) => wrong.length > 0))
      problems.push(`event ${id} is found by other values than it shows`);
    looked += slice.events.length;
    place = slice.next;
  }
  return toCheck('event-values-equal', problems, `${looked} events are found by what they show`);
}
