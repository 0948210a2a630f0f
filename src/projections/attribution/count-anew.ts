import type { Conversion } from '../../core/attribution/conversion-store.ts';
import { markDue } from '../../core/attribution/due-store.ts';
import { listPaths } from '../../core/attribution/path-store.ts';
import { listEventsOfType } from '../../core/event/event-store.ts';
import { underHeadLock } from '../../core/workspace/under-head-lock.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { type SettlingServices, settleAttribution } from './settle.ts';

const eventsAtOnce = 500;

/** How far a conversion has been counted anew: its events by time, then the paths that there are, whose events may be gone. */
export interface CountPlace {
  readonly part: 'events' | 'paths';
  readonly after: { readonly at: number; readonly id: string } | null;
}

export const firstCountPlace: CountPlace = { part: 'events', after: null };

/** Counts the next events of a conversion anew; with what else was due before. `next`: from where on the rest is; undefined: it was all. */
export async function countNextAnew(
  services: SettlingServices,
  workspaceId: WorkspaceId,
  conversion: Pick<Conversion, 'number' | 'settings'>,
  { part, after }: CountPlace,
): Promise<{ readonly counted: number; readonly next: CountPlace | undefined }> {
  const events =
    part === 'events'
      ? await listConvertible(services, workspaceId, conversion, after)
      : await listCounted(services, workspaceId, conversion, after);
  const eventIds = events.map(({ id }) => id);
  if (events.length > 0)
    await underHeadLock(services.database, workspaceId, (tx) =>
      markDue(tx, workspaceId, { eventIds, persons: [] }),
    );
  await settleAttribution(services, workspaceId, Number.POSITIVE_INFINITY);
  const last = events.at(-1);
  if (last && events.length === eventsAtOnce)
    return { counted: events.length, next: { part, after: { at: last.at, id: last.id } } };
  return { counted: events.length, next: part === 'events' ? { part: 'paths', after: null } : undefined };
}

interface Listed {
  readonly id: string;
  readonly at: number;
}

async function listConvertible(
  { database, workspaces }: SettlingServices,
  workspaceId: WorkspaceId,
  { settings: { event } }: Pick<Conversion, 'settings'>,
  after: CountPlace['after'],
): Promise<Listed[]> {
  const { eventTypes } = await workspaces.reload(workspaceId);
  const type = eventTypes.byName(event.dialect, event.type);
  return type ? listEventsOfType(database, workspaceId, type.id, after, eventsAtOnce) : [];
}

async function listCounted(
  { database }: SettlingServices,
  workspaceId: WorkspaceId,
  { number }: Pick<Conversion, 'number'>,
  after: CountPlace['after'],
): Promise<Listed[]> {
  const paths = await listPaths(database, workspaceId, number, after, eventsAtOnce);
  return paths.map(({ eventId: id, convertedAt: at }) => ({ id, at }));
}
