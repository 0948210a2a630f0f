import { readExchangeRates } from '../core/exchange-rate/exchange-rate-store.ts';
import {
  firstMetricPlace,
  type MetricPlace,
  type MetricSlice,
  nextMetricSlice,
  readAmountsToCount,
  updateAmounts,
} from '../core/metric/amounts-to-count-store.ts';
import { convertMetric } from '../core/metric/convert-metric.ts';
import { changeWorkspace } from '../core/workspace/change-workspace.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import { followRows } from '../projections/follow-rows.ts';
import { nothingWritten, type Projection } from '../projections/projection.ts';
import { localDayIn } from '../projections/rollups/buckets.ts';
import type { Database } from '../store/database.ts';
import { emptyRows } from './rows.ts';
import { writeRows } from './writer.ts';

export interface CountedAmounts {
  /** Amounts that are counted now, and were not, or in another currency. */
  readonly counted: number;
  /** Amounts that have no rate. */
  readonly left: number;
}

interface Services {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
  readonly projections: readonly Projection[];
}

const metricsPerSlice = 5000;

/**
 * Counts the amounts of a workspace whose exchange rate came after them, and counts anew those that were counted in a currency that it
 * has no more: the metric takes its converted value, the rollups the difference, and the change has its seq, in one short transaction a
 * slice, beside what comes in. Can be cut short and run again.
 * @param onProgress is told after each slice what was found up to it
 */
export async function countAmounts(
  services: Services,
  workspaceId: WorkspaceId,
  now: Date,
  onProgress: (soFar: CountedAmounts) => void = () => {},
): Promise<CountedAmounts> {
  let soFar: CountedAmounts = { counted: 0, left: 0 };
  for (let place: MetricPlace | null = firstMetricPlace; place; ) {
    const found = await countNextAmounts(services, workspaceId, place, now);
    place = found.next;
    if (found.counted + found.left === 0) continue;
    soFar = { counted: soFar.counted + found.counted, left: soFar.left + found.left };
    onProgress(soFar);
  }
  return soFar;
}

/** As `countAmounts`, of the metrics next to a place. `next`: up to where; null: they were the last. */
export async function countNextAmounts(
  services: Services,
  workspaceId: WorkspaceId,
  after: MetricPlace,
  now: Date,
): Promise<CountedAmounts & { readonly next: MetricPlace | null }> {
  const { database, workspaces } = services;
  const slice = await nextMetricSlice(database, workspaceId, after, metricsPerSlice);
  const { currency } = await workspaces.reload(workspaceId);
  const found = await readAmountsToCount(database, workspaceId, slice, currency);
  // Most slices have none, and take no lock.
  if (found.length === 0) return { counted: 0, left: 0, next: slice.upTo };
  return { ...(await countSlice(services, workspaceId, slice, now)), next: slice.upTo };
}

async function countSlice(
  services: Services,
  workspaceId: WorkspaceId,
  slice: MetricSlice,
  now: Date,
): Promise<CountedAmounts> {
  return changeWorkspace(services, workspaceId, now, async (change) => {
    const { tx, head, record } = change;
    // Under the lock: its currency and zone are those that the batches before and after count by.
    const workspace = await services.workspaces.reload(workspaceId, tx);
    const { currency } = workspace;
    const found = await readAmountsToCount(tx, workspaceId, slice, currency);
    const localDay = localDayIn(workspace.timezone);
    const conversions = found.flatMap(({ currency: from, occurredAt }) =>
      from === null ? [] : [{ from, to: currency, day: localDay(occurredAt) }],
    );
    const money = { currency, rates: await readExchangeRates(tx, conversions), localDay };
    const amounts = found
      .map((before) => ({ before, after: { ...before, ...convertMetric(before, money) } }))
      .filter(({ before, after }) => before.counted || after.counted);
    if (amounts.length > 0) {
      const changed = amounts.map(({ after }) => after);
      await updateAmounts(tx, workspaceId, changed);
      const rows = emptyRows(head, localDay);
      for (const { before, after } of amounts)
        for (const [amount, times] of [
          [before, -1],
          [after, 1],
        ] as const) {
          const { occurredAt, typeId, key, value, counted, ...origin } = amount;
          if (counted) rows.rollups.addMetric(occurredAt, typeId, key, value, times, origin);
        }
      await writeRows(change, rows);
      const written = { ...nothingWritten, measured: changed };
      await Promise.all(followRows(services.projections, tx, workspace, written));
      for (const { eventId } of changed) record({ entity: 'metric', entityId: eventId, operation: 'update' });
    }
    const counted = amounts.filter(({ after }) => after.counted).length;
    return { counted, left: found.length - counted };
  });
}
