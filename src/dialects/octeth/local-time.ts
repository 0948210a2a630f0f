/** A time as the vendor shows it, in the workspace's zone: `2026-03-01 09:30:00`. */
export function formatLocalTime(at: Date, timezone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timezone);
  return local.toPlainDateTime().toString({ smallestUnit: 'second' }).replace('T', ' ');
}

const pattern = /^\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}:\d{2})?$/;

/** The instant of a day or time in the workspace's zone (`Y-m-d`, `Y-m-d H:i:s`); undefined where there is none. */
export function parseLocalTime(text: string, timezone: string): Date | undefined {
  if (!pattern.test(text)) return undefined;
  try {
    const local = Temporal.PlainDateTime.from(text.replace(' ', 'T'));
    return new Date(local.toZonedDateTime(timezone).epochMilliseconds);
  } catch {
    return undefined;
  }
}
