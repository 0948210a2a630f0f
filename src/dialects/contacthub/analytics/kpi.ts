import { revenueMetric } from '../../../core/metric/revenue.ts';
import type { MetricSums } from '../query/count-events.ts';
import { productsMetric, purchaseMetric, returnMetric } from './order-metrics.ts';

/** What figures are made of, of some days. */
export interface Activity {
  /** How many events of a type there are. */
  readonly events: (type: string) => number;
  readonly metrics: MetricSums;
  readonly visits: number;
  readonly bounces: number;
}

/** A figure by its definition (docs/dialects/contacthub.md). Counts have no fraction, all else two decimals. */
export interface Figure {
  readonly name: string;
  readonly type: 'number' | 'currency' | 'percentage';
  readonly of: (activity: Activity) => string;
}

const none = '0.00';

const count = (name: string, of: (activity: Activity) => number): Figure => {
  return { name, type: 'number', of: (activity) => String(of(activity)) };
};
const events = (name: string, type: string) => count(name, (activity) => activity.events(type));
const howMany = (metric: string) => (activity: Activity) => activity.metrics.get(metric)?.total ?? 0;
const amount = (name: string, metric: string, which: 'sum' | 'average' = 'sum'): Figure => {
  return { name, type: 'currency', of: ({ metrics }) => metrics.get(metric)?.[which] ?? none };
};
const percentage = (
  name: string,
  of: (activity: Activity) => readonly [part: number, whole: number],
): Figure => {
  return { name, type: 'percentage', of: (activity) => ratio(...of(activity), 100) };
};

function ratio(part: number, whole: number, times: number): string {
  return whole === 0 ? none : ((times * part) / whole).toFixed(2);
}

const purchases = howMany(purchaseMetric);
const returns = howMany(returnMetric);

const purchaseCount = count('purchases', purchases);
const turnover = amount('turnover', purchaseMetric);
const revenue = amount('revenue', revenueMetric);
const averagePurchase = amount('averagePurchase', purchaseMetric, 'average');

/** Of orders. */
export const purchaseFigures: readonly Figure[] = [
  purchaseCount,
  turnover,
  averagePurchase,
  count('returns', returns),
  amount('returned', returnMetric),
  revenue,
  {
    name: 'products',
    type: 'number',
    of: ({ metrics }) => String(Math.round(Number(metrics.get(productsMetric)?.sum ?? 0))),
  },
  percentage('returnRate', (activity) => [returns(activity), purchases(activity)]),
];

/** Of events in the context ECOMMERCE. */
export const ecommerceFigures: readonly Figure[] = [
  events('productViews', 'viewedProduct'),
  events('addedProducts', 'addedProduct'),
  events('removedProducts', 'removedProduct'),
  events('addedToWishlist', 'addedWishlist'),
  events('abandonedCarts', 'abandonedCart'),
  purchaseCount,
  turnover,
  averagePurchase,
  revenue,
  percentage('abandonmentRate', (activity) => {
    const abandoned = activity.events('abandonedCart');
    return [abandoned, abandoned + purchases(activity)];
  }),
];

/** Of events in the context WEB. */
export const webFigures: readonly Figure[] = [
  events('pageViews', 'viewedPage'),
  count('visits', ({ visits }) => visits),
  {
    name: 'pagesPerVisit',
    type: 'number',
    of: (activity) => ratio(activity.events('viewedPage'), activity.visits, 1),
  },
  count('bounces', ({ bounces }) => bounces),
  percentage('bounceRate', ({ bounces, visits }) => [bounces, visits]),
  events('clickedLinks', 'clickedLink'),
  events('searches', 'searched'),
  events('forms', 'formCompiled'),
  events('logins', 'loggedIn'),
];

/** The figures of some days, beside those of as many days before. */
export function presentFigures(
  figures: readonly Figure[],
  currency: string,
  { current, previous }: { readonly current: Activity; readonly previous: Activity },
) {
  return figures.map(({ name, type, of }) => ({
    name,
    type,
    ...(type === 'currency' ? { currency } : {}),
    value: of(current),
    previous: of(previous),
  }));
}
