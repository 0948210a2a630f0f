import type { DialectName } from '../dialect-name.ts';

/** The metric that sales are counted by, whichever API they came in by and whichever reads them. */
export const revenueMetric = 'revenue';

/** An event type whose events are sales of the business, of which every dialect's sums know: `revenue` is a metric of theirs. */
export interface SaleType {
  readonly dialect: DialectName;
  readonly name: string;
}
