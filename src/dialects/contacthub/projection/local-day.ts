import { spansOf } from '../../../projections/rollups/zone-spans.ts';
import { arrayLiteral } from '../../../store/parameters.ts';

/*
 * The local day of a column's instant, in SQL, by the clocks that `Temporal` knows: for times that the server itself has written (when
 * something came in or was changed). Those that clients write lie anywhere in time, and have the rollups' way (derive-rollups.ts).
 */

const from = Date.UTC(2000, 0, 1);
const until = Date.UTC(2100, 0, 1);

const known = new Map<string, readonly [starts: string, shifts: string]>();

/** Since when the zone's clocks are how far ahead of UTC, both in seconds: two parameters for `zoneOf`. */
export function zoneParameters(timezone: string): readonly [starts: string, shifts: string] {
  return known.getOrInsertComputed(timezone, () => {
    const spans = spansOf(timezone, from, until);
    return [
      arrayLiteral(spans.map((span) => span.from / 1000)),
      arrayLiteral(spans.map((span) => span.offset / 1000)),
    ];
  });
}

/** A table of one row `zone`, which is read once a statement. `first`: the number of the first of the two parameters. */
export function zoneOf(first: number): string {
  return `select $${first}::text::float8[] as starts, $${first + 1}::text::float8[] as shifts`;
}

/** The day of an instant, where there is a row `zone`. */
export function localDay(instant: string): string {
  const span = `greatest(1, width_bucket(extract(epoch from ${instant})::float8, zone.starts))`;
  return `((${instant} at time zone 'UTC') + zone.shifts[${span}] * interval '1 second')::date`;
}
