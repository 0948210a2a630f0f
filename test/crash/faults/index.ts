import { Random } from '../random.ts';
import { clockSet, clockSetAtRestart } from './clock.ts';
import { diskFailed, diskFull } from './disk.ts';
import type { Fault } from './fault.ts';
import { databaseFrozen } from './frozen.ts';
import {
  allKilled,
  backendKilled,
  databaseKilled,
  processHung,
  processKilled,
  serverKilled,
  stopped,
} from './killed.ts';
import { connectionsCut } from './network.ts';
import { readOnlyByDefault, standby } from './read-only.ts';

export const allFaults: readonly Fault[] = [
  serverKilled,
  processKilled,
  processHung,
  databaseKilled,
  allKilled,
  backendKilled,
  stopped,
  databaseFrozen,
  diskFull,
  diskFailed,
  standby,
  readOnlyByDefault,
  clockSet,
  clockSetAtRestart,
  connectionsCut,
];

/** Which one a round has, from 1 on: each comes once before any comes again, in another order each time. */
export function faultOf(round: number, faults: readonly Fault[], seed: number): Fault {
  const cycle = Math.floor((round - 1) / faults.length);
  const random = new Random(seed + cycle);
  const order = [...faults];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random.between(0, last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order[(round - 1) % faults.length]!;
}
