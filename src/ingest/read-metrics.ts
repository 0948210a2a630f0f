import { readTypeVersions, type TypeVersion } from '../core/event-type/type-version-store.ts';
import type { CurrencyConversion, ExchangeRates } from '../core/exchange-rate/exchange-rate.ts';
import { readExchangeRates } from '../core/exchange-rate/exchange-rate-store.ts';
import { type MeasuredEventRow, readMeasuredEvents } from '../core/metric/measured-event-store.ts';
import type { CurrentMetric } from '../core/metric/metric-store.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import type { Queryable } from '../store/queryable.ts';
import type { QueuedItem } from './queued.ts';

/** What setting metrics has to know, as it stands under the head lock. */
export interface Measured {
  readonly events: readonly MeasuredEventRow[];
  readonly metrics: readonly CurrentMetric[];
  /** Of events that were checked by an earlier version than their type's, by type and version. */
  readonly definitions: ReadonlyMap<string, Record<string, unknown>>;
}

const nothing: Measured = { events: [], metrics: [], definitions: new Map() };

/** The events whose metrics the batch sets, with these metrics. A batch without such items reads nothing. */
export async function readMeasured(
  tx: Queryable,
  workspace: Workspace,
  items: readonly (readonly QueuedItem[])[],
): Promise<Measured> {
  const wanted = new Map<string, { eventId: string; key: string }>();
  for (const group of items) {
    for (const { prepared } of group) {
      if (prepared.kind !== 'metric') continue;
      const { eventId, keys } = prepared;
      for (const key of keys) wanted.set(`${eventId}\n${key}`, { eventId, key });
    }
  }
  if (wanted.size === 0) return nothing;
  const { events, metrics } = await readMeasuredEvents(tx, workspace.id, [...wanted.values()]);
  const superseded = events.flatMap(({ typeId, typeVersion }): TypeVersion[] => {
    const current = workspace.eventTypes.byId(typeId)?.version;
    return typeVersion === null || typeVersion === current ? [] : [{ typeId, version: typeVersion }];
  });
  if (superseded.length === 0) return { events, metrics, definitions: nothing.definitions };
  return { events, metrics, definitions: await readTypeVersions(tx, workspace.id, superseded) };
}

/** The rates of the days on which the batch has amounts of another currency than the workspace's; mostly there are none. */
export function readRates(
  tx: Queryable,
  workspace: Workspace,
  items: readonly (readonly QueuedItem[])[],
  localDay: (instant: number) => string,
): Promise<ExchangeRates> {
  const conversions: CurrencyConversion[] = [];
  const ask = (currency: string | null, occurredAt: number) => {
    if (currency === null || currency === workspace.currency) return;
    conversions.push({ from: currency, to: workspace.currency, day: localDay(occurredAt) });
  };
  for (const group of items) {
    for (const { prepared } of group) {
      if (prepared.kind === 'metric') ask(prepared.currency, prepared.occurredAt);
      if (prepared.kind !== 'event') continue;
      for (const metric of prepared.event?.metrics ?? []) ask(metric.currency, metric.occurredAt);
    }
  }
  return readExchangeRates(tx, conversions);
}
