/** A value that was set on an event. Defaults (a state that is 0, a count that is 1) are made on reading, never stored. */
export interface MetricValue {
  readonly key: string;
  readonly kind: 'state' | 'statistic';
  /** What is counted: a state's 0 or 1, a number, an amount in the workspace's currency. Finite. */
  readonly value: number;
  /** ISO 4217 of a currency amount. */
  readonly currency: string | null;
  /** As it was sent. */
  readonly raw: unknown;
  /** Milliseconds since the epoch; the event's own time unless the vendor's call gave another. */
  readonly occurredAt: number;
}

/** The metric that every event has by being one. */
export const eventCount = 'event-count';

/** What setting a metric of an event comes to. */
export interface MetricSet {
  readonly metric: MetricValue;
  /** A statistic that follows from it, and whose history that is. Not counted while it says nothing; then there is none unless there was. */
  readonly follower?: MetricValue & { readonly counted: boolean };
}
