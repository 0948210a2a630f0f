import { isStorableInstant } from '../../../core/value/instant.ts';

/** A time as the vendor shows it, in the workspace's zone: `2026-03-01 09:30:00`. */
export function formatLocalTime(at: Date, timezone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timezone);
  // ISO 8601 gives the year 10000, in which the last hours of time are east of Greenwich, a sign.
  return local.toPlainDateTime().toString({ smallestUnit: 'second' }).replace(/^\+0/, '').replace('T', ' ');
}

const pattern = /^\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}:\d{2})?$/;

/** The instant of a day or time in the workspace's zone (`Y-m-d`, `Y-m-d H:i:s`); undefined where there is none. */
export function parseLocalTime(text: string, timezone: string): Date | undefined {
  if (!pattern.test(text)) return undefined;
  try {
    const local = Temporal.PlainDateTime.from(text.replace(' ', 'T'));
    const instant = local.toZonedDateTime(timezone).epochMilliseconds;
    return isStorableInstant(instant) ? new Date(instant) : undefined;
  } catch {
    return undefined;
  }
}
