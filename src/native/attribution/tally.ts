import { isDeepStrictEqual } from 'node:util';
import { type Conversion, readConversions } from '../../core/attribution/conversion-store.ts';
import type { Tally } from '../../core/attribution/tally.ts';
import { readLastSeq } from '../../core/workspace/workspace-store.ts';
import { RequestError } from '../../errors.ts';
import { settleAttribution } from '../../projections/attribution/settle.ts';
import { type AttributionQuestion, countTally } from '../../query/attribution/count-tally.ts';
import { readTally } from '../../query/attribution/read-tally.ts';
import { wrong } from '../refusals.ts';
import type { NativeServices } from '../services.ts';
import { type Asked, findKept } from './question.ts';
import { tooDear } from './too-dear.ts';

/** A tally with where it is from. */
export interface FoundTally {
  readonly tally: Tally;
  /** Asked for again with this seq it is the same; null: it was counted from the rows. */
  readonly asOf: number | null;
  readonly countedFrom: 'sums' | 'rows';
}

/**
 * Answers from the sums of a kept conversion that has these settings; of others counts the rows.
 * @throws RequestError `invalid-request`, `took-too-long`, `overloaded`
 */
export async function findTally(
  services: NativeServices,
  asked: Asked,
  question: AttributionQuestion,
  asOf: number | undefined,
): Promise<FoundTally> {
  const { database, adPlatforms } = services;
  const kept = await findCountedByNow(services, asked);
  if (kept) {
    const seq =
      asOf === undefined ? await settleAll(services, asked) : await requirePast(services, asked, asOf);
    const tally = await readTally(database, asked.workspace.id, kept.number, question, seq);
    return { tally, asOf: seq, countedFrom: 'sums' };
  }
  if (asOf !== undefined)
    throw wrong(
      'querystring/asOf',
      'querystring/asOf is answered of kept conversions alone, once they are counted: keep one of these settings by POST …/conversions, or leave it out.',
    );
  const tally = await countTally(database, asked.workspace, question, adPlatforms);
  if (typeof tally === 'string') throw tooDear(tally);
  return { tally, asOf: null, countedFrom: 'rows' };
}

/** What another process has changed is not in the configuration that this one remembers: by other settings other sums are made. */
async function findCountedByNow({ database }: NativeServices, asked: Asked): Promise<Conversion | undefined> {
  const remembered = findKept(asked);
  if (!remembered) return undefined;
  const present = await readConversions(database, asked.workspace.id);
  return present.find(
    ({ id, state, settings }) =>
      id === remembered.id && state === 'kept' && isDeepStrictEqual(settings, remembered.settings),
  );
}

const settlingMilliseconds = 5_000;
const settlingAgainSeconds = 5;

/** Settles what was written before the question. Answers the seq as of which it is. */
async function settleAll(services: NativeServices, { workspace }: Asked): Promise<number> {
  const left = await settleAttribution(services, workspace.id, performance.now() + settlingMilliseconds);
  if (left > 0)
    throw new RequestError(
      'overloaded',
      `The sums are behind what came in: ${left} events and persons are still to be counted. Ask again in a moment, or with asOf for what they were.`,
      { retryAfterSeconds: settlingAgainSeconds },
    );
  return await readLastSeq(services.database, workspace.id);
}

async function requirePast(
  { database }: NativeServices,
  { workspace }: Asked,
  asOf: number,
): Promise<number> {
  const last = await readLastSeq(database, workspace.id);
  if (asOf <= last) return asOf;
  throw wrong(
    'querystring/asOf',
    `querystring/asOf is behind the last seq of the workspace, which is ${last}: what comes then is not known.`,
  );
}
