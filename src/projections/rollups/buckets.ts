import { dayText } from '../../store/instants.ts';

const quarterHour = 15 * 60 * 1000;
const maximumCached = 20_000;

export function quarterHourOf(instant: number): number {
  return Math.floor(instant / quarterHour) * quarterHour;
}

const day = 24 * 60 * 60 * 1000;

/**
 * Whether all that comes before the day's start (`startOfDay`) is of days before, and all from then on of it and later ones. Not
 * so where clocks went back over midnight when the day had begun (in America/St_Johns at 0:01 until 2011): the evening came again.
 */
export function divides(startOfDay: Temporal.ZonedDateTime): boolean {
  const transition = startOfDay.getTimeZoneTransition('next');
  if (!transition || transition.epochMilliseconds - startOfDay.epochMilliseconds > day) return true;
  return Temporal.PlainDate.compare(transition.toPlainDate(), startOfDay.toPlainDate()) >= 0;
}

/**
 * A function from an instant (ms) to its local day (`dayText`) in a zone. The answer is kept for a quarter hour that begins and
 * ends on one day, as nearly all do; in America/St_Johns the clocks went back at 0:01 until 2011, and by minutes and seconds
 * everywhere in the 19th century.
 */
export function localDayIn(timezone: string): (instant: number) => string {
  const cached = new Map<number, string>();
  const dayOf = (instant: number) =>
    dayText(Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timezone).toPlainDate());
  return (instant) => {
    const bucket = quarterHourOf(instant);
    const known = cached.get(bucket);
    if (known) return known;
    const day = dayOf(bucket);
    if (day !== dayOf(bucket + quarterHour - 1)) return dayOf(instant);
    if (cached.size >= maximumCached) cached.clear();
    cached.set(bucket, day);
    return day;
  };
}
