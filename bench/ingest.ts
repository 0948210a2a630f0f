import type { BenchServer } from './bench-server.ts';
import { applyLoad, bulkBodies, describeMeasured, singleBodies } from './load.ts';
import type { Result } from './report.ts';

const connections = 64;
const bulkSize = 25;

/** Single events and batches of the WebEngage API, beside a handler that does nothing and COPY of the same rows. */
export async function benchIngest(server: BenchServer, seconds: number, events: number): Promise<Result> {
  const { licenseCode, apiKey } = server.credentials.webengage;
  const account = `${server.address}/v1/accounts/${licenseCode}`;
  const base = { token: apiKey, connections, seconds };
  const noopUrl = `${server.address}/noop`;
  const singles = singleBodies(2000);
  const bulks = bulkBodies(500, bulkSize);
  await applyLoad({ ...base, url: noopUrl, bodies: singles, seconds: 2 });
  const noop = await applyLoad({ ...base, url: noopUrl, bodies: singles });
  await applyLoad({ ...base, url: `${account}/events`, bodies: singles, seconds: 2 });
  const single = await applyLoad({ ...base, url: `${account}/events`, bodies: singles });
  const bulk = await applyLoad({ ...base, url: `${account}/bulk-events`, bodies: bulks });
  const stored = single.requests + bulk.requests * bulkSize;
  const left = Math.max(0, Math.ceil((events - stored) / bulkSize));
  if (left > 0) await applyLoad({ ...base, url: `${account}/bulk-events`, bodies: bulks, requests: left });
  const { peakMegabytes } = await server.ask<{ peakMegabytes: number }>({ ask: 'memory' });
  const rows = Math.min(200_000, stored);
  const { milliseconds } = await server.ask<{ milliseconds: number }>({ ask: 'copy', rows });
  const copied = (rows / milliseconds) * 1000;
  const inBatches = bulk.requestsPerSecond * bulkSize;
  const of = `${connections} connections`;
  return {
    lines: [
      {
        name: 'no-op handler, same schema',
        value: noop.requestsPerSecond,
        unit: '/s',
        detail: describeMeasured(noop),
      },
      {
        name: `single events, durably acknowledged, ${of}`,
        value: single.requestsPerSecond,
        unit: '/s',
        detail: describeMeasured(single),
      },
      {
        name: `events in batches of ${bulkSize}, ${of}`,
        value: inBatches,
        unit: '/s',
        detail: describeMeasured(bulk),
      },
      { name: 'COPY of the same rows, same indexes', value: copied, unit: '/s' },
      {
        name: 'peak memory of the Node process',
        value: peakMegabytes,
        unit: ' MB',
        detail: `after ${Math.max(stored, events)} events`,
      },
    ],
    aims: [
      {
        name: 'single events / no-op',
        value: single.requestsPerSecond / noop.requestsPerSecond,
        side: 'at least',
        bound: 0.25,
      },
      { name: 'p99 of single events, ms', value: single.p99, side: 'at most', bound: 40 },
      { name: 'batch rows / COPY', value: inBatches / copied, side: 'at least', bound: 0.4 },
      { name: 'peak memory, MB', value: peakMegabytes, side: 'at most', bound: 400 },
    ],
  };
}
