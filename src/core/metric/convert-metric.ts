import type { ExchangeRates } from '../exchange-rate/exchange-rate.ts';
import type { MetricValue } from './metric.ts';

/** What amounts are counted in, and by which rates. */
export interface Money {
  /** ISO 4217. */
  readonly currency: string;
  readonly rates: ExchangeRates;
  /** The workspace's local day (YYYY-MM-DD) of an instant in milliseconds. */
  readonly localDay: (instant: number) => string;
}

/** A metric as it is stored: an amount that can't be converted is kept as it was sent, and is not counted. */
export interface CountableMetric extends MetricValue {
  readonly counted: boolean;
}

/** An amount of another currency is counted at the rate of the metric's own day (docs/spec/webmarketer.md B5.6). */
export function convertMetric(metric: MetricValue, { currency, rates, localDay }: Money): CountableMetric {
  if (metric.currency === null || metric.currency === currency) return { ...metric, counted: true };
  const value = rates.convert(metric.value, metric.currency, currency, localDay(metric.occurredAt));
  if (value === undefined) return { ...metric, counted: false };
  return { ...metric, value, currency, counted: true };
}
