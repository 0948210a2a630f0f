/** A time during which a zone's offset from UTC is the same. Milliseconds since the epoch; `until` is exclusive. */
export interface Span {
  readonly from: number;
  readonly until: number;
  /** To be added to UTC for the local time, in milliseconds. */
  readonly offset: number;
}

/** Cuts a time where the zone's clocks change. */
export function spansOf(timezone: string, from: number, until: number): Span[] {
  const spans: Span[] = [];
  let start = from;
  while (start < until) {
    const local = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(timezone);
    const next = local.getTimeZoneTransition('next')?.epochMilliseconds ?? until;
    const end = Math.min(next, until);
    spans.push({ from: start, until: end, offset: local.offsetNanoseconds / 1e6 });
    start = end;
  }
  return spans;
}
