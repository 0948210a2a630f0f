import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

/** Journeys of one sequence of channels (public/README.md). */
export interface ChannelJourneys {
  readonly channels: readonly string[];
  readonly conversions: number;
  /** Of all of its conversions. */
  readonly value: number;
  /** Journeys that ended without a conversion. */
  readonly nulls: number;
}

export function readChannelJourneys(): ChannelJourneys[] {
  const text = gunzipSync(readFileSync(new URL('public/journeys.csv.gz', import.meta.url)));
  const rows: string[][] = parse(text, { from_line: 2 });
  return rows.map(([path = '', conversions, value, nulls]) => ({
    channels: path.split(' > '),
    conversions: Number(conversions),
    value: Number(value),
    nulls: Number(nulls),
  }));
}
