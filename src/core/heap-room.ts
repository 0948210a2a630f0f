import { setFlagsFromString } from 'node:v8';

/** By how much the old space may grow before it is collected, in percent; V8 reads it anew at each collection. */
const usual = 50;
const spare = 20;

let sparing = 0;

/**
 * Does work that goes through more than memory should hold, with an old space that is collected sooner. For all else that takes the
 * process much longer (docs/decisions/0004-ingest-speed.md).
 */
export async function sparingMemory<Result>(work: () => Promise<Result>): Promise<Result> {
  if (sparing++ === 0) grow(spare);
  try {
    return await work();
  } finally {
    if (--sparing === 0) grow(usual);
  }
}

function grow(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}
