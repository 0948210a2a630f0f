import { Tally } from '../core/accounting/accounting.ts';
import { addCounts } from '../core/accounting/accounting-store.ts';
import { eventCount } from '../core/metric/metric.ts';
import { appendChanges, type RetentionSlice, type SliceResult } from '../core/retention/retention-slice.ts';
import { countEventsBefore, deleteEvents, readEventsBefore } from '../core/retention/website-event-store.ts';
import { localDayIn } from '../projections/rollups/buckets.ts';
import { applyRollups, RollupDeltas } from '../projections/rollups/rollups.ts';

const eventsPerSlice = 250;
/** A dry run counts no further. */
const mostCounted = 100_000;

/**
 * Deletes the next website events of Octeth's that are due (spec/octeth.md B14): with their metrics, taken out of the rollups and
 * counted as `deleted` in the hour they came in. Visitors, subscribers and the keys of conversions stay.
 */
export async function deleteDueWebsiteEvents(slice: RetentionSlice, before: number): Promise<SliceResult> {
  const { connection, plan, head } = slice;
  const { id: workspaceId, timezone } = plan.workspace;
  if (!head) {
    const total = await countEventsBefore(connection, workspaceId, 'octeth', before, mostCounted);
    return { total, done: true, capped: total === mostCounted };
  }
  const events = await readEventsBefore(connection, workspaceId, 'octeth', before, eventsPerSlice);
  if (events.length === 0) return { total: 0, done: true };
  const ids = events.map(({ id }) => id);
  const metrics = await deleteEvents(connection, workspaceId, ids);
  const rollups = new RollupDeltas(localDayIn(timezone));
  const tally = new Tally();
  for (const { occurredAt, receivedAt, typeId, nodeId, context } of events) {
    rollups.addEvent(occurredAt, typeId, nodeId, context, -1);
    rollups.addMetric(occurredAt, typeId, eventCount, 1, -1);
    tally.add('octeth', receivedAt, 'deleted', 'retention');
  }
  for (const metric of metrics)
    rollups.addMetric(metric.occurredAt, metric.typeId, metric.key, metric.value, -1);
  await Promise.all(applyRollups(connection, workspaceId, rollups));
  await addCounts(connection, workspaceId, tally.counts());
  await appendChanges(slice, head, 'event', 'delete', ids);
  return { total: events.length, done: events.length < eventsPerSlice };
}
