import { type ChildProcess, fork } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { applyLoad, bulkBodies, type Measured, singleBodies } from './load.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    events: { type: 'string', default: '1000000' },
    profile: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const events = Number(values.events);
const connections = 64;
const bulkSize = 25;

const dataDir = await mkdtemp(join(tmpdir(), 'throughline-bench-'));
await chmod(dataDir, 0o755);
const server = fork(join(import.meta.dirname, 'server.ts'), [dataDir], {
  // As scripts/bootstrap.js starts it.
  execArgv: ['--max-semi-space-size=24', ...(values.profile ? ['--cpu-prof', '--cpu-prof-dir=.bench'] : [])],
});

interface Ready {
  address: string;
  webengage: { licenseCode: string; apiKey: string };
}

function answer<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as Message));
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
}

function ask<Message>(question: object): Promise<Message> {
  server.send(question);
  return answer<Message>(server);
}

try {
  const ready = await answer<Ready>(server);
  const account = `${ready.address}/v1/accounts/${ready.webengage.licenseCode}`;
  const base = { token: ready.webengage.apiKey, connections, seconds };
  const singles = singleBodies(2000);
  console.log(`${connections} connections, ${seconds} s each, events of about ${singles[0]!.length} bytes`);
  await applyLoad({ ...base, url: `${ready.address}/noop`, bodies: singles, seconds: 2 });
  const noop = await applyLoad({ ...base, url: `${ready.address}/noop`, bodies: singles });
  await applyLoad({ ...base, url: `${account}/events`, bodies: singles, seconds: 2 });
  const single = await applyLoad({ ...base, url: `${account}/events`, bodies: singles });
  const bulk = await applyLoad({ ...base, url: `${account}/bulk-events`, bodies: bulkBodies(500, bulkSize) });
  const stored = single.requests + bulk.requests * bulkSize;
  const left = Math.max(0, Math.ceil((events - stored) / bulkSize));
  if (left > 0) {
    await applyLoad({
      ...base,
      url: `${account}/bulk-events`,
      bodies: bulkBodies(500, bulkSize),
      requests: left,
    });
  }
  const { peakMegabytes } = await ask<{ peakMegabytes: number }>({ ask: 'memory' });
  const rows = Math.min(200_000, stored);
  const { milliseconds } = await ask<{ milliseconds: number }>({ ask: 'copy', rows });
  report({
    noop,
    single,
    bulk,
    peakMegabytes,
    copyPerSecond: (rows / milliseconds) * 1000,
    stored: Math.max(stored, events),
  });
  server.send({ ask: 'stop' });
  await new Promise((resolve) => server.once('exit', resolve));
} finally {
  server.kill('SIGTERM');
  await rm(dataDir, { recursive: true, force: true });
}

interface Results {
  noop: Measured;
  single: Measured;
  bulk: Measured;
  peakMegabytes: number;
  copyPerSecond: number;
  stored: number;
}

function report({ noop, single, bulk, peakMegabytes, copyPerSecond, stored }: Results): void {
  const line = (name: string, rate: number, measured?: Measured) =>
    console.log(
      `${name.padEnd(44)}${Math.round(rate).toString().padStart(9)}/s` +
        (measured ? `   p50 ${measured.p50} ms, p99 ${measured.p99} ms, failures ${measured.failures}` : ''),
    );
  line('no-op handler, same schema', noop.requestsPerSecond, noop);
  line('single events, durably acknowledged', single.requestsPerSecond, single);
  line(`events in batches of ${bulkSize}`, bulk.requestsPerSecond * bulkSize, bulk);
  line('COPY of the same rows, same indexes', copyPerSecond);
  console.log(
    `${'peak memory of the Node process'.padEnd(44)}${Math.round(peakMegabytes).toString().padStart(9)} MB after ${stored} events`,
  );
  const floors: [string, number, number, 'at least' | 'at most'][] = [
    ['single events / no-op', single.requestsPerSecond / noop.requestsPerSecond, 0.25, 'at least'],
    ['p99 of single events, ms', single.p99, 40, 'at most'],
    ['batch rows / COPY', (bulk.requestsPerSecond * bulkSize) / copyPerSecond, 0.4, 'at least'],
    ['peak memory, MB', peakMegabytes, 400, 'at most'],
  ];
  for (const [name, value, floor, side] of floors) {
    const holds = side === 'at least' ? value >= floor : value <= floor;
    console.log(`${holds ? 'ok  ' : 'MISS'} ${name}: ${value.toFixed(2)} (${side} ${floor})`);
    if (!holds) process.exitCode = 1;
  }
}
