import type { MetricValue } from '../../../core/metric/metric.ts';
import { revenueMetric } from '../../../core/metric/revenue.ts';
import { isCurrency } from '../../../core/value/amount.ts';
import { isRecord } from '../../../core/value/text.ts';
import { readDouble } from '../../../json/exact-number.ts';

/** The type whose events are sales. */
export const orderType = 'completedOrder';

/** What an order is counted by, besides `revenueMetric`. Each order has exactly one of the first two: how many have it counts, too. */
export const purchaseMetric = 'contacthub-purchase';
export const returnMetric = 'contacthub-return';
/** The number of things that were bought. */
export const productsMetric = 'contacthub-products';

/**
 * The metrics of an event, which keep what the figures need of it when its properties are emptied. Amounts are in the workspace's
 * currency, as the vendor's clients send them: `amount.local` tells that of the order, and by which rate they came from it. Where it names
 * another currency and no rate, nobody has converted them: they are of that currency (docs/dialects/contacthub.md).
 */
export function metricsOf(
  type: string,
  properties: Readonly<Record<string, unknown>>,
  occurredAt: number,
  workspaceCurrency: string,
): MetricValue[] {
  if (type !== orderType) return [];
  const amount = isRecord(properties.amount) ? properties.amount : {};
  const currency = currencyOf(amount.local, workspaceCurrency);
  const isReturn = properties.type === 'return';
  const total = readDouble(amount.total) ?? readDouble(amount.revenue);
  const revenue = readDouble(amount.revenue) ?? total;
  const statistic = (key: string, value: number, of: string | null): MetricValue => {
    return { key, kind: 'statistic', value, currency: of, raw: null, occurredAt };
  };
  const products = isReturn ? 0 : countProducts(properties.products);
  return [
    statistic(
      isReturn ? returnMetric : purchaseMetric,
      isReturn ? Math.abs(total ?? 0) : (total ?? 0),
      currency,
    ),
    ...(revenue === undefined
      ? []
      : [statistic(revenueMetric, isReturn ? -Math.abs(revenue) : revenue, currency)]),
    ...(products === 0 ? [] : [statistic(productsMetric, products, null)]),
  ];
}

function currencyOf(local: unknown, workspaceCurrency: string): string {
  if (!isRecord(local)) return workspaceCurrency;
  const rate = readDouble(local.exchangeRate);
  const { currency } = local;
  const isConverted = rate !== undefined && rate > 0;
  return !isConverted && typeof currency === 'string' && isCurrency(currency) ? currency : workspaceCurrency;
}

/** Lines that were given back are not bought; a line without a quantity is one thing. */
function countProducts(lines: unknown): number {
  if (!Array.isArray(lines)) return 0;
  let products = 0;
  for (const line of lines)
    if (isRecord(line) && line.type !== 'return') products += readDouble(line.quantity) ?? 1;
  return Number.isFinite(products) ? products : 0;
}
