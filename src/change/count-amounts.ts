import { readExchangeRates } from '../core/exchange-rate/exchange-rate-store.ts';
import { type CountableMetric, convertMetric } from '../core/metric/convert-metric.ts';
import {
  countAmounts,
  firstMetricPlace,
  type MetricSlice,
  nextMetricSlice,
  readUncountedAmounts,
  type UncountedAmount,
} from '../core/metric/uncounted-amount-store.ts';
import { changeWorkspace } from '../core/workspace/change-workspace.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import { localDayIn } from '../projections/rollups/buckets.ts';
import type { Database } from '../store/database.ts';
import { emptyRows } from './rows.ts';
import { writeRows } from './writer.ts';

export interface LateAmounts {
  /** Amounts that are counted now. */
  readonly counted: number;
  /** Amounts that still have no rate. */
  readonly left: number;
}

interface Services {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
}

const metricsPerSlice = 5000;

/**
 * Counts the amounts of a workspace whose exchange rate came after them: the metric takes its converted value, the rollups take it
 * in, and the change has its seq, in one short transaction a slice, beside what comes in. Can be cut short and run again.
 * @param onProgress is told after each slice what was found up to it
 */
export async function countLateAmounts(
  services: Services,
  workspaceId: WorkspaceId,
  now: Date,
  onProgress: (soFar: LateAmounts) => void = () => {},
): Promise<LateAmounts> {
  const { database } = services;
  let soFar: LateAmounts = { counted: 0, left: 0 };
  let slice: MetricSlice = { after: firstMetricPlace, upTo: firstMetricPlace };
  while (slice.upTo !== null) {
    slice = await nextMetricSlice(database, workspaceId, slice.upTo, metricsPerSlice);
    // Most slices have none, and take no lock.
    if ((await readUncountedAmounts(database, workspaceId, slice)).length === 0) continue;
    const found = await countSlice(services, workspaceId, slice, now);
    soFar = { counted: soFar.counted + found.counted, left: soFar.left + found.left };
    onProgress(soFar);
  }
  return soFar;
}

async function countSlice(
  services: Services,
  workspaceId: WorkspaceId,
  slice: MetricSlice,
  now: Date,
): Promise<LateAmounts> {
  return changeWorkspace(services, workspaceId, now, async (change) => {
    const { tx, head, record } = change;
    // Under the lock: its currency and zone are those that the batches before and after count by.
    const workspace = await services.workspaces.reload(workspaceId, tx);
    const uncounted = await readUncountedAmounts(tx, workspaceId, slice);
    const localDay = localDayIn(workspace.timezone);
    const { currency } = workspace;
    const conversions = uncounted.map((amount) => {
      return { from: amount.currency!, to: currency, day: localDay(amount.occurredAt) };
    });
    const money = { currency, rates: await readExchangeRates(tx, conversions), localDay };
    const amounts = uncounted
      .map((amount): UncountedAmount & CountableMetric => ({ ...amount, ...convertMetric(amount, money) }))
      .filter(({ counted }) => counted);
    if (amounts.length > 0) {
      await countAmounts(tx, workspaceId, amounts);
      const rows = emptyRows(head, localDay);
      for (const { occurredAt, typeId, key, value, ...origin } of amounts)
        rows.rollups.addMetric(occurredAt, typeId, key, value, 1, origin);
      await writeRows(change, rows);
      for (const { eventId } of amounts) record({ entity: 'metric', entityId: eventId, operation: 'update' });
    }
    return { counted: amounts.length, left: uncounted.length - amounts.length };
  });
}
