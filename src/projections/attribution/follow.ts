import { conversions } from '../../core/attribution/conversion-store.ts';
import { type DuePerson, markDue, markPersons } from '../../core/attribution/due-store.ts';
import type { EventMove } from '../../core/event/event-move.ts';
import type { EventType } from '../../core/event-type/event-type.ts';
import type { Move } from '../../core/link/neighbourhood.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { WrittenRows } from '../projection.ts';

/*
 * What is written marks what has to be counted anew because of it; only where something is counted at all.
 */

/** Marks what rows concern: events that may convert, those whose metrics were set, and persons whose paths may have another touch. */
export function markRows(
  tx: Queryable,
  workspace: Workspace,
  { types, events, measured, touchpoints, persons }: WrittenRows,
): readonly Promise<unknown>[] {
  const isCounted = countedTypes(workspace, types);
  if (!isCounted) return [];
  const converting = events.filter(({ typeId }) => isCounted(typeId)).map(({ id }) => id);
  const set = measured.filter(({ typeId }) => isCounted(typeId)).map(({ eventId }) => eventId);
  const touched: DuePerson[] = [
    ...touchpoints.map(({ profileId, at }) => ({ profileId, at })),
    ...persons.map((profileId) => ({ profileId, at: null })),
  ];
  return [markDue(tx, workspace.id, { eventIds: [...converting, ...set], persons: touched })];
}

/** Marks what events concern that are others, or gone: themselves, and the touches that they told of. */
export async function markMoves(
  tx: Queryable,
  workspace: Workspace,
  moves: readonly EventMove[],
): Promise<void> {
  const isCounted = countedTypes(workspace, []);
  if (!isCounted) return;
  const states = moves.flatMap(({ before, after }) => [before, after].filter((state) => state !== null));
  await markDue(tx, workspace.id, {
    eventIds: states.filter(({ typeId }) => isCounted(typeId)).map(({ id }) => id),
    persons: states.map(({ profileId, occurredAt: at }) => ({ profileId, at })),
  });
}

/** Marks those who are one person with others than before, and those whom they have left. */
export async function markParted(tx: Queryable, workspace: Workspace, moves: readonly Move[]): Promise<void> {
  if (!countedTypes(workspace, [])) return;
  const persons = moves
    .filter(({ from, to }) => from.person !== to.person)
    .flatMap(({ profileId, from, to }) => [profileId, from.person, to.person]);
  await markPersons(tx, workspace.id, persons);
}

/** Whether a type's events may convert; undefined where no conversion is kept. `made`: types that the workspace does not know yet. */
function countedTypes(
  workspace: Workspace,
  made: readonly EventType[],
): ((typeId: number) => boolean) | undefined {
  const kept = workspace.parts.get(conversions);
  if (kept.length === 0) return undefined;
  const ids = new Set<number>();
  for (const { settings } of kept) {
    const { dialect, type } = settings.event;
    const known =
      workspace.eventTypes.byName(dialect, type) ??
      made.find((one) => one.dialect === dialect && one.name === type);
    if (known) ids.add(known.id);
  }
  return (typeId) => ids.has(typeId);
}
