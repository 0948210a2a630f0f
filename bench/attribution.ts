import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchServer } from './bench-server.ts';
import { applyLoad, bulkBodies, singleBodies } from './load.ts';
import { readProcessorTimes } from './processor-times.ts';
import type { Result } from './report.ts';

const connections = 64;
const bulkSize = 25;
const rounds = 3;
/** One event in five is of this type. */
const converting = 'Order Completed';

interface Rates {
  singles: number;
  batches: number;
  /** Microseconds that server and database have worked for an event. */
  singleWork: number;
  batchWork: number;
}

const nothing: Rates = { singles: 0, batches: 0, singleWork: 0, batchWork: 0 };

/** What the same events cost where a conversion is kept that one in five of them is of, beside a workspace without any, in turns. */
export async function benchAttribution(server: BenchServer, seconds: number): Promise<Result> {
  const plain = await server.addWorkspace('attribution-none');
  const keeping = await server.addWorkspace('attribution-kept');
  const conversions = `/throughline/v1/workspaces/${keeping.workspace.slug}/conversions`;
  await measure(server, plain, 1);
  await measure(server, keeping, 1);
  await server.call('POST', conversions, server.credentials.admin.token, {
    name: 'orders',
    event: `webengage:${converting}`,
  });
  const sums = { plain: { ...nothing }, keeping: { ...nothing } };
  for (let round = 0; round < rounds; round++) {
    await settled(server);
    add(sums.plain, await measure(server, plain, seconds));
    add(sums.keeping, await measure(server, keeping, seconds));
  }
  const of = `${connections} connections`;
  const line = (name: string, sum: number, work: number, detail: string) => ({
    name: `${name}, ${of}`,
    value: sum / rounds,
    unit: '/s',
    detail: `${detail}; ${(work / rounds).toFixed(1)} µs of processors an event, server and database`,
  });
  const { plain: without, keeping: kept } = sums;
  return {
    lines: [
      line('single events', without.singles, without.singleWork, 'no conversion is kept'),
      line('the same', kept.singles, kept.singleWork, 'one in five converts'),
      line(`batches of ${bulkSize}`, without.batches, without.batchWork, 'no conversion is kept'),
      line('the same', kept.batches, kept.batchWork, 'one in five converts'),
    ],
    aims: [
      aim('single events with a conversion / without', kept.singles / without.singles),
      aim('batches with a conversion / without', kept.batches / without.batches),
      aim(
        'processors’ work for a single event without a conversion / with',
        without.singleWork / kept.singleWork,
      ),
      aim(
        'processors’ work for an event of a batch without a conversion / with',
        without.batchWork / kept.batchWork,
      ),
    ],
  };
}

async function measure(
  server: BenchServer,
  { webengage: { licenseCode, apiKey: token } }: BenchServer['credentials'],
  seconds: number,
): Promise<Rates> {
  const account = `${server.address}/v1/accounts/${licenseCode}`;
  const apply = async (path: string, bodies: readonly string[], size: number) => {
    const before = await readProcessorTimes(server);
    const measured = await applyLoad({ token, connections, seconds, url: `${account}/${path}`, bodies });
    const after = await readProcessorTimes(server);
    const worked = after.node - before.node + after.database - before.database;
    return { rate: measured.requestsPerSecond * size, work: (worked * 1000) / (measured.requests * size) };
  };
  const singles = await apply('events', singleBodies(2000), 1);
  const batches = await apply('bulk-events', bulkBodies(500, bulkSize), bulkSize);
  return {
    singles: singles.rate,
    batches: batches.rate,
    singleWork: singles.work,
    batchWork: batches.work,
  };
}

function add(sum: Rates, rates: Rates): void {
  sum.singles += rates.singles;
  sum.batches += rates.batches;
  sum.singleWork += rates.singleWork;
  sum.batchWork += rates.batchWork;
}

function aim(name: string, value: number) {
  return { name, value, side: 'at least', bound: 0.95 } as const;
}

/** Waits until no credit is due, so that a round has no work of the one before. */
async function settled({ database }: BenchServer): Promise<void> {
  for (;;) {
    const [due] = await database.query<{ isAny: boolean }>(
      'select exists (select from attribution_due) as "isAny"',
    );
    if (!due?.isAny) return;
    await sleep(500);
  }
}
