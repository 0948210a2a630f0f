import { deleteCountedEvents } from '../../../change/delete-events.ts';
import { countEventsBefore, readEventsBefore } from '../../../core/event/event-deletion-store.ts';
import { dueBefore, storedRetentionDays } from '../../../core/retention/retention-days.ts';
import type {
  DialectRetention,
  RetentionSlice,
  RetentionStage,
  SliceResult,
} from '../../../core/retention/retention-slice.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';

const eventsPerSlice = 250;
/** A dry run counts no further. */
const mostCounted = 100_000;

/** By `eventRetentionDays` of a workspace's settings. */
export const retention: DialectRetention = {
  counters: { deletedEvents: 'events deleted' },
  policies: 'eventRetentionDays',
  plan: planDeletion,
};

async function planDeletion(
  _connection: Queryable,
  { settings }: Workspace,
  now: Date,
): Promise<readonly RetentionStage[]> {
  const days = storedRetentionDays(settings.dialects.octeth?.eventRetentionDays);
  if (days === null) return [];
  const before = dueBefore(days, now.getTime());
  return [
    {
      name: 'website-events',
      counter: 'deletedEvents',
      deletes: true,
      work: (slice) => deleteDueWebsiteEvents(slice, before),
    },
  ];
}

/** Deletes the next website events of Octeth's that are due (docs/spec/octeth.md B14). Visitors, subscribers and the keys of conversions stay. */
async function deleteDueWebsiteEvents(slice: RetentionSlice, before: number): Promise<SliceResult> {
  const { connection, workspace, change } = slice;
  if (!change) {
    const total = await countEventsBefore(connection, workspace.id, 'octeth', before, mostCounted);
    return { total, done: true, capped: total === mostCounted };
  }
  const events = await readEventsBefore(connection, workspace.id, 'octeth', before, eventsPerSlice);
  if (events.length === 0) return { total: 0, done: true };
  const deletion = { workspace, dialect: 'octeth', events, reason: 'retention' } as const;
  await deleteCountedEvents(change, deletion);
  return { total: events.length, done: events.length < eventsPerSlice };
}
