import { revenueMetric } from '../../../core/metric/revenue.ts';
import type { MetricSum, MetricSums } from '../query/count-events.ts';
import { productsMetric, purchaseMetric, returnMetric } from './order-metrics.ts';

const nothing: MetricSum = { total: 0, sum: '0.00', average: '0.00' };

/** What a customer bought, by the same definitions as the key figures of purchases (docs/dialects/contacthub.md). */
export function presentBehaviors(sums: MetricSums, currency: string) {
  const of = (metric: string) => sums.get(metric) ?? nothing;
  const [purchases, returns, revenue] = [of(purchaseMetric), of(returnMetric), of(revenueMetric)];
  const total = subtractAmounts(purchases.sum, returns.sum);
  const count = (name: string, value: number) => ({ name, type: 'number', value: String(value) });
  const amount = (name: string, value: string) => ({ name, type: 'currency', currency, value });
  return [
    { ...amount('totalSpending', total), total, revenue: revenue.sum },
    amount('averagePurchase', purchases.average),
    amount('returned', returns.sum),
    count('purchases', purchases.total),
    count('returns', returns.total),
    count('products', Math.round(Number(of(productsMetric).sum))),
  ];
}

/** Of two decimal texts with two decimals, exactly. */
function subtractAmounts(minuend: string, subtrahend: string): string {
  const cents = (text: string) => BigInt(text.replace('.', ''));
  const difference = cents(minuend) - cents(subtrahend);
  const digits = String(difference < 0n ? -difference : difference).padStart(3, '0');
  return `${difference < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
