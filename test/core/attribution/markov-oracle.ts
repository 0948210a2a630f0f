/** Journeys of one sequence of keys. */
export interface KeyJourneys {
  readonly keys: readonly string[];
  readonly conversions: number;
  readonly nulls: number;
}

const [start, conversion, nothing] = ['(start)', '(conversion)', '(nothing)'];

/**
 * The removal effects of a chain of first order, as they are defined: the chance to be converted, walked until nothing changes any more,
 * once with all keys and once for each key with all ways to it leading to nothing instead. Keys that follow themselves are walked, too.
 */
export function removalEffectsByWalking(journeys: readonly KeyJourneys[]): Map<string, number> {
  const counts = new Map<string, Map<string, number>>();
  const count = (from: string, to: string, times: number) => {
    const row = counts.get(from) ?? new Map<string, number>();
    counts.set(from, row.set(to, (row.get(to) ?? 0) + times));
  };
  for (const { keys, conversions, nulls } of journeys) {
    if (keys.length === 0) continue;
    const states = [start, ...keys];
    for (const [index, state] of states.entries()) {
      const next = states[index + 1];
      if (next !== undefined) count(state, next, conversions + nulls);
      else {
        count(state, conversion, conversions);
        count(state, nothing, nulls);
      }
    }
  }
  const keys = [...counts.keys()].filter((state) => state !== start);
  const whole = chanceOfConversion(counts);
  return new Map(keys.map((key) => [key, whole === 0 ? 0 : 1 - chanceOfConversion(counts, key) / whole]));
}

/** Power iteration: the walkers' distribution, step by step, until less than 1e-15 of them still walks. */
function chanceOfConversion(
  counts: ReadonlyMap<string, ReadonlyMap<string, number>>,
  removed?: string,
): number {
  let walkers = new Map([[start, 1]]);
  let converted = 0;
  while ([...walkers.values()].reduce((sum, part) => sum + part, 0) > 1e-15) {
    const next = new Map<string, number>();
    for (const [state, part] of walkers) {
      const row = counts.get(state) ?? new Map<string, number>();
      const departures = [...row.values()].reduce((sum, times) => sum + times, 0) || 1;
      for (const [to, times] of row) {
        const arriving = (part * times) / departures;
        if (to === conversion) converted += arriving;
        else if (to !== nothing && to !== removed) next.set(to, (next.get(to) ?? 0) + arriving);
      }
    }
    walkers = next;
  }
  return converted;
}
