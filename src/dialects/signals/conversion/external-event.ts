/** The type of what happened outside of the conversation (docs/spec/signals.md B9). */
export const externalEventType = 'external_event';

/** The metric that a sale is counted by, whichever API reads it. */
export const revenueMetric = 'revenue';
