import autocannon from 'autocannon';

export interface Load {
  readonly url: string;
  readonly token: string;
  readonly connections: number;
  readonly seconds?: number;
  readonly requests?: number;
  /** Bodies that the connections take turns with. */
  readonly bodies: readonly string[];
}

export interface Measured {
  readonly requestsPerSecond: number;
  readonly requests: number;
  readonly p50: number;
  readonly p99: number;
  readonly seconds: number;
  readonly failures: number;
}

export function describeMeasured({ p50, p99, failures }: Measured): string {
  return `p50 ${p50} ms, p99 ${p99} ms, failures ${failures}`;
}

/** Posts bodies over keep-alive connections, each waiting for its answer, and reports rates and latencies in ms. */
export async function applyLoad(load: Load): Promise<Measured> {
  const headers = { authorization: `Bearer ${load.token}`, 'content-type': 'application/json' };
  const result = await autocannon({
    url: load.url,
    connections: load.connections,
    ...(load.requests === undefined ? { duration: load.seconds ?? 8 } : { amount: load.requests }),
    requests: load.bodies.map((body) => ({ method: 'POST', headers, body })),
  });
  return measuredOf(result);
}

function measuredOf(result: autocannon.Result): Measured {
  return {
    requestsPerSecond: result['2xx'] / result.duration,
    requests: result['2xx'],
    p50: result.latency.p50,
    p99: result.latency.p99,
    seconds: result.duration,
    failures: result.non2xx + result.errors + result.timeouts,
  };
}

export interface DistinctRequest {
  readonly method: 'POST' | 'PATCH';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends each request once, shared out among keep-alive connections that each wait for the answer before they send the next. */
export async function applyDistinctLoad(load: {
  readonly url: string;
  readonly connections: number;
  readonly requests: readonly DistinctRequest[];
  /** Ends it before all are sent. */
  readonly signal?: AbortSignal;
}): Promise<Measured> {
  const { url, connections, requests, signal } = load;
  const each = Math.floor(requests.length / connections);
  let taken = 0;
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const options: autocannon.Options = {
      url,
      connections,
      amount: each * connections,
      setupClient(client) {
        client.setRequests(requests.slice(taken, taken + each));
        taken += each;
      },
    };
    const instance = autocannon(options, (error, done) => (error ? reject(error) : resolve(done)));
    signal?.addEventListener('abort', () => instance.stop());
  });
  return measuredOf(result);
}

const names = ['Added to Cart', 'Viewed Product', 'Order Completed', 'Searched', 'Logged In'];

/** An event of the size and shape of the vendor's documented sample, for one of many users. */
export function sampleEvent(number: number): Record<string, unknown> {
  return {
    userId: `user-${number % 20_000}`,
    eventName: names[number % names.length],
    // Live traffic: within the last minute.
    eventTime: new Date(Date.now() - (number % 60) * 1000).toISOString().replace(/\.\d+Z$/, '+0000'),
    eventData: {
      'Product ID': 1337 + (number % 500),
      Price: 39.8,
      Quantity: 1 + (number % 3),
      Product: 'Givenchy Pour Homme Cologne',
      Category: 'Fragrance',
      Currency: 'USD',
    },
  };
}

export function singleBodies(count: number): string[] {
  return Array.from({ length: count }, (_, number) => JSON.stringify(sampleEvent(number * 7)));
}

export function bulkBodies(count: number, size: number): string[] {
  return Array.from({ length: count }, (_, number) =>
    JSON.stringify({ events: Array.from({ length: size }, (_, item) => sampleEvent(number * size + item)) }),
  );
}
