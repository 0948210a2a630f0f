import { randomInt } from 'node:crypto';

/** Of the histories that property tests play unless they are asked for others. */
const usual = 20_260_301;

/**
 * What property tests make their histories by: the same in each run, so that what is red was made so by the change, unless TEST_SEED is a
 * whole number or `random`.
 * @throws Error for anything else
 */
export function readSeed(given = process.env.TEST_SEED): number {
  if (given === undefined || given === '') return usual;
  if (given === 'random') return randomInt(1, 2 ** 31);
  if (/^-?\d{1,10}$/.test(given)) return Number(given);
  throw new Error(`TEST_SEED has to be a whole number or "random", not "${given}"`);
}
