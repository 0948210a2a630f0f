import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchServer } from './bench-server.ts';
import { applyLoad, bulkBodies, singleBodies } from './load.ts';
import type { Result } from './report.ts';

const connections = 64;
const bulkSize = 25;
const rounds = 3;
/** One event in five is of this type. */
const converting = 'Order Completed';

interface Rates {
  singles: number;
  batches: number;
}

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
  const sums = { plain: { singles: 0, batches: 0 }, keeping: { singles: 0, batches: 0 } };
  for (let round = 0; round < rounds; round++) {
    await settled(server);
    add(sums.plain, await measure(server, plain, seconds));
    add(sums.keeping, await measure(server, keeping, seconds));
  }
  const of = `${connections} connections`;
  const line = (name: string, sum: number, detail: string) => ({
    name: `${name}, ${of}`,
    value: sum / rounds,
    unit: '/s',
    detail,
  });
  return {
    lines: [
      line('single events', sums.plain.singles, 'no conversion is kept'),
      line('the same', sums.keeping.singles, 'one in five converts'),
      line(`batches of ${bulkSize}`, sums.plain.batches, 'no conversion is kept'),
      line('the same', sums.keeping.batches, 'one in five converts'),
    ],
    aims: [
      aim('single events with a conversion / without', sums.keeping.singles / sums.plain.singles),
      aim('batches with a conversion / without', sums.keeping.batches / sums.plain.batches),
    ],
  };
}

async function measure(
  { address }: BenchServer,
  { webengage: { licenseCode, apiKey: token } }: BenchServer['credentials'],
  seconds: number,
): Promise<Rates> {
  const account = `${address}/v1/accounts/${licenseCode}`;
  const load = { token, connections, seconds };
  const singles = await applyLoad({ ...load, url: `${account}/events`, bodies: singleBodies(2000) });
  const batches = await applyLoad({
    ...load,
    url: `${account}/bulk-events`,
    bodies: bulkBodies(500, bulkSize),
  });
  return { singles: singles.requestsPerSecond, batches: batches.requestsPerSecond * bulkSize };
}

function add(sum: Rates, { singles, batches }: Rates): void {
  sum.singles += singles;
  sum.batches += batches;
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
