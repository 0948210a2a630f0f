import type { BenchServer } from './bench-server.ts';
import { applyDistinctLoad, type DistinctRequest, describeMeasured } from './load.ts';
import { withProcessorTime } from './processor.ts';
import type { Result } from './report.ts';

const connections = 32;
const customers = 20_000;
const warmUp = 3_000;

/** Customers written by POST, each new or one that is there by now, as a shop's nightly synchronisation does. */
export async function benchCustomers(server: BenchServer, seconds: number): Promise<Result> {
  const { workspaceId, nodeId, token } = (await server.addWorkspace('customers')).contacthub;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const path = `/hub/v1/workspaces/${workspaceId}/customers`;
  const all = Array.from({ length: warmUp + seconds * 2500 }, (_, number): DistinctRequest => {
    const body = JSON.stringify({ nodeId, ...sampleCustomer(number % customers, number) });
    return { method: 'POST', path, headers, body };
  });
  const load = { url: server.address, connections };
  await applyDistinctLoad({ ...load, requests: all.slice(0, warmUp) });
  const requests = all.slice(warmUp);
  const { done: measured, processor } = await withProcessorTime(
    server,
    () => applyDistinctLoad({ ...load, requests }),
    (done) => done.requests,
  );
  const rate = measured.requestsPerSecond;
  return {
    lines: [
      {
        name: `customers written, ${connections} connections`,
        value: rate,
        unit: '/s',
        detail: `${describeMeasured(measured)}, ${customers} customers${processor}`,
      },
    ],
    aims: [
      { name: 'customers written a second', value: rate, side: 'at least', bound: 2000 },
      { name: 'p99 of customers written, ms', value: measured.p99, side: 'at most', bound: 50 },
    ],
  };
}

/** A customer with what shops know of one; `version` makes each write of one another. */
function sampleCustomer(number: number, version: number): Record<string, unknown> {
  return {
    externalId: `shop-${number}`,
    base: {
      firstName: ['Anna', 'Marco', 'Giulia', 'Luca'][number % 4],
      lastName: `Rossi ${number % 997}`,
      dob: `19${50 + (number % 50)}-0${1 + (number % 9)}-1${number % 9}`,
      contacts: { email: `customer-${number}@example.com`, mobilePhone: `+3933${10_000_000 + number}` },
      address: { city: `City ${number % 300}`, country: ['IT', 'FR', 'DE'][number % 3] },
      subscriptions: [{ id: `news ${number % 5}`, subscribed: true }],
    },
    tags: { auto: [`segment ${number % 20}`], manual: [] },
    consents: { marketing: { automatic: { email: { status: true } } } },
    extended: { points: version, tier: ['gold', 'silver'][number % 2] },
  };
}
