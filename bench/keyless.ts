import { randomUUID } from 'node:crypto';
import { findSource } from '../src/core/workspace/workspace.ts';
import type { BenchServer } from './bench-server.ts';
import { applyDistinctLoad, applyLoad, type DistinctRequest, type Measured, singleBodies } from './load.ts';
import type { Result } from './report.ts';

const keyedConnections = 4;
const floodConnections = 16;
/** More than the server takes in the time, so that the flood does not end before the measurement. */
const floodRequestsPerSecond = 8000;

/**
 * What a flood of keyless messages costs keyed single events of the same workspace: the latency of a few keyed callers alone, and
 * beside browsers that each invent names, addresses and campaigns as fast as they are answered. The limit by address is off: it is a
 * flood from many. The workspace's (30,000 messages a minute) holds, and what it refuses is said beside what was taken.
 */
export async function benchKeyless(server: BenchServer, seconds: number): Promise<Result> {
  const { webengage, octeth, webmarketer } = await server.addWorkspace('keyless');
  const workspace = (await server.workspaces.find('keyless'))!;
  const list = findSource(workspace, 'octeth', 'list', octeth.listId)!;
  const keyed = (): Promise<Measured> =>
    applyLoad({
      url: `${server.address}/v1/accounts/${webengage.licenseCode}/events`,
      token: webengage.apiKey,
      connections: keyedConnections,
      seconds,
      bodies: singleBodies(2000),
    });
  const alone = await keyed();
  const requests = Array.from(
    { length: (seconds + 2) * floodRequestsPerSecond },
    (_, number): DistinctRequest => ({
      method: 'POST',
      path: '/hello/message',
      headers: {
        'content-type': 'text/plain;charset=UTF-8',
        'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)',
      },
      body: JSON.stringify(messageOf(workspace.publicId, list.publicId, webmarketer.wmktId, number)),
    }),
  );
  const flooding = new AbortController();
  const flood = applyDistinctLoad({
    url: server.address,
    connections: floodConnections,
    requests,
    signal: flooding.signal,
  });
  const beside = await keyed();
  flooding.abort();
  const sent = await flood;
  const name = `keyed single events, ${keyedConnections} connections`;
  return {
    lines: [
      { name: `${name}: p50 alone`, value: alone.p50, unit: ' ms', detail: `p99 ${alone.p99} ms` },
      {
        name: `${name}: p50 in a keyless flood`,
        value: beside.p50,
        unit: ' ms',
        detail: `p99 ${beside.p99} ms`,
      },
      {
        name: `keyless messages taken meanwhile, ${floodConnections} connections`,
        value: sent.requestsPerSecond,
        unit: '/s',
        detail: `refused ${sent.failures}`,
      },
    ],
    // Before messages were bounded, names that the database refused made it 65 times that.
    aims: [
      {
        name: 'keyed p50 in a keyless flood, times that alone',
        value: beside.p50 / Math.max(alone.p50, 1),
        side: 'at most',
        bound: 5,
      },
    ],
  };
}

function messageOf(user: string, list: string, wmktId: string, number: number): object {
  const message = { v: 1, user, list, id: randomUUID(), uuid: randomUUID() };
  switch (number % 4) {
    case 0:
      return { ...message, event: `invented ${number}`, properties: { [`name ${number}`]: number } };
    case 1:
      return { ...message, event: 'identify', email: `somebody${number % 1000}@example.com` };
    case 2:
      return {
        ...message,
        event: 'pageView',
        landing: { url: `https://shop.example/?wmktid=${wmktId}&cid=c${number}`, referrer: '' },
      };
    default:
      return { ...message, event: 'looked', properties: { ['x'.repeat(8000)]: 1 } };
  }
}
