import { type BenchServer, withBareServer } from './bench-server.ts';
import {
  applyLoad,
  applySharedLoad,
  bulkBodies,
  describeMeasured,
  type Load,
  singleBodies,
  type Target,
} from './load.ts';
import { withProcessorTime } from './processor.ts';
import type { Result } from './report.ts';

const connections = 64;
const fewConnections = 16;
const bulkSize = 25;
const warmUpSeconds = 2;
/**
 * V8's compilers are at work until a server has taken some 50,000 events, which one that runs for years has done within its first minute
 * (docs/decisions/0021-single-events.md); what is measured is how it goes on.
 */
const warmUpEvents = 60_000;
const singles = singleBodies(2000);
const bulks = bulkBodies(500, bulkSize);

/**
 * Single events and batches of the WebEngage API, beside handlers that do nothing and COPY of the same rows; then the same single events shared
 * out among several workspaces, since those of one are stored one batch behind the other.
 */
export async function benchIngest(server: BenchServer, seconds: number, events: number): Promise<Result> {
  const { url, token, bulkUrl } = addressesOf(server, server.credentials);
  const base = { token, connections, seconds };
  const before = await askDisk(server);
  const bare = await withBareServer((address) => measure({ ...base, url: `${address}/`, bodies: singles }));
  const noop = await measure({ ...base, url: `${server.address}/noop`, bodies: singles });
  const first = await applyLoad({ url, token, connections, bodies: singles, requests: warmUpEvents });
  const single = await measureWork(server, { ...base, url, bodies: singles });
  const few = await measure({ ...base, url, connections: fewConnections, bodies: singles });
  const bulk = await measureWork(server, { ...base, url: bulkUrl, bodies: bulks }, bulkSize);
  const stored = warmUpEvents + single.requests + few.requests + bulk.requests * bulkSize;
  const memory = await fillUp(server, { url: bulkUrl, token, connections, bodies: bulks }, stored, events);
  const growth = growthBetween(before, await askDisk(server));
  const rows = Math.min(200_000, stored);
  const { milliseconds } = await server.ask<{ milliseconds: number }>({ ask: 'copy', rows });
  const copied = (rows / milliseconds) * 1000;
  const inBatches = bulk.requestsPerSecond * bulkSize;
  const of = (count: number) => `single events, durably acknowledged, ${count} connections`;
  const rates = [
    { name: 'bare node:http handler, a process of its own', ...bare },
    { name: 'no-op handler, same schema', ...noop },
    { name: `the first ${warmUpEvents} single events, while V8 compiles`, ...first, processor: '' },
    { name: of(connections), ...single },
    { name: of(fewConnections), ...few },
  ].map(({ name, ...measured }) => ({
    name,
    value: measured.requestsPerSecond,
    unit: '/s',
    detail: detailOf(measured),
  }));
  return {
    lines: [
      ...rates,
      {
        name: `events in batches of ${bulkSize}, ${connections} connections`,
        value: inBatches,
        unit: '/s',
        detail: detailOf(bulk),
      },
      { name: 'COPY of the same rows, same indexes', value: copied, unit: '/s' },
      ...memory.map(({ stored: events, peakMegabytes, megabytes }) => ({
        name: 'peak memory of the Node process',
        value: peakMegabytes,
        unit: ' MB',
        detail: `after ${events} events; ${megabytes.toFixed(0)} MB by then`,
      })),
      growth,
      ...(await measureWorkspaces(server, seconds)),
    ],
    aims: aimsOf({
      single,
      bare,
      few,
      ofCopy: inBatches / copied,
      peakMegabytes: memory[0]?.peakMegabytes ?? 0,
    }),
  };
}

interface Memory {
  readonly stored: number;
  readonly peakMegabytes: number;
  /** What the process has of the machine's memory now. */
  readonly megabytes: number;
}

const million = 1_000_000;

/** Sends batches until so many events are stored, and looks at the memory after each million: it is to stay as it is. */
async function fillUp(server: BenchServer, load: Load, stored: number, events: number): Promise<Memory[]> {
  const looks: Memory[] = [];
  for (let sum = stored; looks.length === 0 || sum < events; ) {
    const next = Math.max(sum, Math.min(events, million * (Math.floor(sum / million) + 1)));
    const requests = Math.ceil((next - sum) / bulkSize);
    if (requests > 0) await applyLoad({ ...load, requests });
    sum += requests * bulkSize;
    looks.push({ stored: sum, ...(await server.ask<Omit<Memory, 'stored'>>({ ask: 'memory' })) });
  }
  return looks;
}

interface Measures {
  readonly single: Rates;
  readonly bare: Rates;
  readonly few: Rates;
  readonly ofCopy: number;
  readonly peakMegabytes: number;
}

type Rates = Awaited<ReturnType<typeof applyLoad>>;

function aimsOf({ single, bare, few, ofCopy, peakMegabytes }: Measures): Result['aims'] {
  return [
    {
      name: 'single events / bare handler',
      value: single.requestsPerSecond / bare.requestsPerSecond,
      side: 'at least',
      bound: 0.3,
    },
    {
      name: `p99 of single events, ${connections} connections, ms`,
      value: single.p99,
      side: 'at most',
      bound: 20,
    },
    {
      name: `p50 of single events, ${fewConnections} connections, ms`,
      value: few.p50,
      side: 'at most',
      bound: 4,
    },
    { name: 'batch rows / COPY', value: ofCopy, side: 'at least', bound: 0.6 },
    { name: 'peak memory, MB', value: peakMegabytes, side: 'at most', bound: 350 },
  ];
}

interface Disk {
  readonly bytes: number;
  readonly events: number;
}

function askDisk(server: BenchServer): Promise<Disk> {
  return server.ask<Disk>({ ask: 'disk' });
}

/** All that comes with the events is in it: profiles, keys, changes, counts, indexes. */
function growthBetween(before: Disk, after: Disk): Result['lines'][number] {
  const events = after.events - before.events;
  return {
    name: 'disk that a million events take',
    value: (after.bytes - before.bytes) / events,
    unit: ' MB',
    detail: `of ${events} events`,
  };
}

function addressesOf(server: BenchServer, { webengage }: BenchServer['credentials']) {
  const account = `${server.address}/v1/accounts/${webengage.licenseCode}`;
  return { url: `${account}/events`, bulkUrl: `${account}/bulk-events`, token: webengage.apiKey };
}

async function measure(load: Load) {
  await applyLoad({ ...load, seconds: warmUpSeconds });
  return { ...(await applyLoad(load)), processor: '' };
}

/** With what each event takes of the processors. */
async function measureWork(server: BenchServer, load: Load, eventsEach = 1) {
  await applyLoad({ ...load, seconds: warmUpSeconds });
  const { done, processor } = await withProcessorTime(
    server,
    () => applyLoad(load),
    ({ requests }) => requests * eventsEach,
  );
  return { ...done, processor };
}

function detailOf(measured: Awaited<ReturnType<typeof measure>>): string {
  return `${describeMeasured(measured)}${measured.processor}`;
}

const workspaceCounts = [1, 2, 4];

async function measureWorkspaces(server: BenchServer, seconds: number): Promise<Result['lines']> {
  const targets: Target[] = [];
  const lines: Result['lines'][number][] = [];
  for (const count of workspaceCounts) {
    while (targets.length < count)
      targets.push(addressesOf(server, await server.addWorkspace(`one-of-${targets.length + 1}`)));
    const load = { connections, bodies: singles, targets };
    await applySharedLoad({ ...load, seconds: warmUpSeconds });
    const measured = await applySharedLoad({ ...load, seconds });
    lines.push({
      name: `single events, ${connections} connections, workspaces: ${count}`,
      value: measured.requestsPerSecond,
      unit: '/s',
      detail: describeMeasured(measured),
    });
  }
  return lines;
}
