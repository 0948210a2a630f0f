import { isDeepStrictEqual } from 'node:util';
import { type Conversion, readConversions } from '../../core/attribution/conversion-store.ts';
import { type KeptPeriod, readPeriods } from '../../core/attribution/period-store.ts';
import type { Tally } from '../../core/attribution/tally.ts';
import { readLastSeq } from '../../core/workspace/workspace-store.ts';
import { RequestError } from '../../errors.ts';
import { settleAttribution } from '../../projections/attribution/settle.ts';
import { type AttributionQuestion, countTally } from '../../query/attribution/count-tally.ts';
import { readTally } from '../../query/attribution/read-tally.ts';
import type { NativeServices } from '../services.ts';
import { type Asked, type AskedPast, findKept } from './question.ts';
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
): Promise<FoundTally> {
  const { database, adPlatforms } = services;
  const kept = await findCountedByNow(services, asked);
  if (kept) {
    const asOf = await settleAll(services, asked);
    const { timezone, currency } = asked.workspace;
    const period = { conversion: kept.number, settings: kept.settings, timezone, currency, isMoney: null };
    const tally = await readTally(database, asked.workspace.id, period, question, asOf);
    await requireKept(services, asked, period, asOf);
    return { tally, asOf, countedFrom: 'sums' };
  }
  const tally = await countTally(database, asked.workspace, question, adPlatforms);
  if (typeof tally === 'string') throw tooDear(tally);
  return { tally, asOf: null, countedFrom: 'rows' };
}

/** As it was answered as of the seq. */
export async function findPastTally(
  { database }: NativeServices,
  { workspace, period, asOf }: AskedPast,
  question: AttributionQuestion,
): Promise<FoundTally> {
  return {
    tally: await readTally(database, workspace.id, period, question, asOf),
    asOf,
    countedFrom: 'sums',
  };
}

/** Somebody may just have given it other settings, by which it is counted anew. */
async function requireKept(
  { database, workspaces }: NativeServices,
  { workspace }: Asked,
  { conversion, settings, timezone, currency }: KeptPeriod,
  asOf: number,
): Promise<void> {
  const periods = await readPeriods(database, workspace.id, asOf);
  const present = periods.find((period) => period.conversion === conversion);
  if (
    present?.timezone === timezone &&
    present.currency === currency &&
    isDeepStrictEqual(present.settings, settings)
  )
    return;
  await workspaces.reload(workspace.id);
  throw new RequestError(
    'overloaded',
    'The conversion has just been changed, and is counted anew. Ask again.',
    {
      retryAfterSeconds: 1,
    },
  );
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
