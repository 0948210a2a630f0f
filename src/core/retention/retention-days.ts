import Type from 'typebox';

/** The longest time that a retention policy can name: a hundred years. */
export const maximumRetentionDays = 36_500;

/** After how many days something is due; null: it is kept for good. */
export const RetentionDays = Type.Union([
  Type.Integer({ minimum: 1, maximum: maximumRetentionDays }),
  Type.Null(),
]);

/** Whether a value is a number of days that a retention policy can name. */
export function isRetention(days: unknown): days is number {
  return typeof days === 'number' && Number.isInteger(days) && days > 0 && days <= maximumRetentionDays;
}

/** What is stored and no number of days was let in by an older version; it is as unset. */
export function storedRetentionDays(stored: unknown): number | null {
  return isRetention(stored) ? stored : null;
}

const dayMilliseconds = 24 * 60 * 60 * 1000;

/** The instant before which everything is due (both ms). */
export function dueBefore(days: number, now: number): number {
  return now - days * dayMilliseconds;
}
