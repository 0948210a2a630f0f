/** What a bench has measured, and what of it the project aims at. */
export interface Result {
  readonly lines: readonly Line[];
  readonly aims: readonly Aim[];
}

interface Line {
  readonly name: string;
  readonly value: number;
  /** `/s`, ` ms`, ` MB` …: written behind the value. */
  readonly unit: string;
  readonly detail?: string;
}

interface Aim {
  readonly name: string;
  readonly value: number;
  readonly side: 'at least' | 'at most';
  readonly bound: number;
  /** Why it says little: a smaller size than the one that the aim is for. */
  readonly reservation?: string;
}

/** Prints the table, then a line for each aim. True when all of them are met. */
export function printReport(results: readonly Result[]): boolean {
  console.log('');
  for (const { name, value, unit, detail } of results.flatMap(({ lines }) => lines)) {
    const shown = `${rounded(value).padStart(12)}${unit}`;
    console.log(`${name.padEnd(58)}${shown.padEnd(18)}${detail ?? ''}`.trimEnd());
  }
  console.log('');
  const aims = results.flatMap((result) => result.aims);
  for (const aim of aims) {
    const { name, value, side, bound, reservation } = aim;
    const of = `${name}: ${rounded(value)} (${side} ${bound})`;
    console.log(`${isMet(aim) ? 'met    ' : 'not met'}  ${of}${reservation ? `; ${reservation}` : ''}`);
  }
  return aims.every(isMet);
}

function isMet({ side, value, bound }: Aim): boolean {
  return side === 'at least' ? value >= bound : value <= bound;
}

function rounded(value: number): string {
  return value >= 100 ? Math.round(value).toString() : value.toFixed(2);
}

export function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** How long each of some runs took, in milliseconds. */
export async function measureTimes(run: () => Promise<unknown>, times: number): Promise<number[]> {
  const durations: number[] = [];
  for (let time = 0; time < times; time++) {
    const started = performance.now();
    await run();
    durations.push(performance.now() - started);
  }
  return durations;
}
