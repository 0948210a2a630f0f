import { type Exchanged, exchange, requestBytes } from './client.ts';

/** Where requests go, by which key. */
export interface Target {
  readonly url: string;
  readonly token: string;
}

export interface Load extends Target {
  readonly connections: number;
  readonly seconds?: number;
  readonly requests?: number;
  /** Bodies that the connections take turns with. */
  readonly bodies: readonly string[];
}

export interface Measured {
  readonly requestsPerSecond: number;
  readonly requests: number;
  /** In milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly seconds: number;
  readonly failures: number;
}

export function describeMeasured({ p50, p99, failures }: Measured): string {
  return `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, failures ${failures}`;
}

const usualSeconds = 8;

/** Posts bodies over keep-alive connections, each waiting for its answer, and reports rates and latencies in ms. */
export async function applyLoad({ url, token, ...load }: Load): Promise<Measured> {
  return applySharedLoad({ targets: [{ url, token }], ...load });
}

/** The same, the connections shared out among several targets. */
export async function applySharedLoad(
  load: Omit<Load, keyof Target> & { readonly targets: readonly Target[] },
): Promise<Measured> {
  const { targets, connections, bodies, requests = Number.POSITIVE_INFINITY } = load;
  const all = targets.map(({ url, token }) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return bodies.map((body) => requestBytes(url, 'POST', headers, body));
  });
  const { seconds = requests === Number.POSITIVE_INFINITY ? usualSeconds : undefined } = load;
  let sent = 0;
  return measuredOf(
    await exchange({
      url: targets[0]?.url ?? '',
      connections,
      next: (connection) => {
        if (sent >= requests) return undefined;
        return all[connection % all.length]?.[sent++ % bodies.length];
      },
      ...(seconds === undefined ? {} : { signal: AbortSignal.timeout(seconds * 1000) }),
    }),
  );
}

function measuredOf({ latencies, failures, seconds }: Exchanged): Measured {
  const at = (part: number) => latencies[Math.floor(latencies.length * part)] ?? 0;
  return {
    requestsPerSecond: latencies.length / seconds,
    requests: latencies.length,
    p50: at(0.5),
    p99: at(0.99),
    seconds,
    failures,
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
  const sent = Array.from({ length: connections }, () => 0);
  const next = (connection: number) => {
    const number = sent[connection] ?? each;
    const request = number < each ? requests[connection * each + number] : undefined;
    if (!request) return undefined;
    sent[connection] = number + 1;
    const { method, path, headers, body } = request;
    return requestBytes(url + path, method, headers, body);
  };
  return measuredOf(await exchange({ url, connections, next, signal }));
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
