const quarterHour = 15 * 60 * 1000;
const maximumCached = 20_000;

export function quarterHourOf(instant: number): number {
  return Math.floor(instant / quarterHour) * quarterHour;
}

/**
 * A function from an instant (ms) to its local day (YYYY-MM-DD) in a zone. Offsets that are whole quarter hours, as all have
 * been for half a century, make a day of each quarter hour: those answers are kept. Others are asked from Temporal each time.
 */
export function localDayIn(timezone: string): (instant: number) => string {
  const cached = new Map<number, string>();
  return (instant) => {
    const bucket = quarterHourOf(instant);
    const known = cached.get(bucket);
    if (known) return known;
    const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timezone);
    const day = local.toPlainDate().toString();
    if (local.offsetNanoseconds % (quarterHour * 1_000_000) === 0) {
      if (cached.size >= maximumCached) cached.clear();
      cached.set(bucket, day);
    }
    return day;
  };
}
