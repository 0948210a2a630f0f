import type {
  IncomingHttpHeaders,
  IncomingMessage,
  OutgoingHttpHeaders,
  RequestListener,
  ServerResponse,
} from 'node:http';
import type { FastifyCorsOptions } from '@fastify/cors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { decodeText } from './charset.ts';
import type { MeasureAnswer } from './request-metrics.ts';
import { inTurn } from './turns.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Beside the handler, for what is plain of the route's requests. */
    shortWay?: ShortWay;
  }
}

/** What of a request is there before its body. */
export interface RequestHead {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly params: Readonly<Record<string, string>>;
}

/** The answer to a request's body, both JSON; or what is left to do on the whole way, where the answer takes more than is at hand here. */
export type AnswerText = (text: string) => Promise<string | RestOfWay>;

/** Ends on the whole way, in its handler's place, what was begun on the short one. */
export type RestOfWay = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/**
 * How an operation answers plain requests without Fastify around it, which takes longer for one than storing an event does
 * (docs/decisions/0021-single-events.md). It answers nothing but success: who is not to be let in, or is told more than the body of an answer,
 * is left to the whole way (undefined), and so is whatever it throws.
 */
export interface ShortWay {
  readonly status: number;
  readonly admit: (head: RequestHead) => Promise<AnswerText | undefined>;
}

/** What the short way has found out of a request before it left it to the whole one. */
interface Found {
  readonly body: Buffer;
  readonly rest: RestOfWay;
}

const found = new WeakMap<IncomingMessage, Found>();

/** The body of a request that was read on the short way. */
export function bodyOfShortWay(request: IncomingMessage): Buffer | undefined {
  return found.get(request)?.body;
}

/** What the handler does of a request that the short way has read: nothing is done twice. */
export function restOfShortWay(request: IncomingMessage): RestOfWay | undefined {
  return found.get(request)?.rest;
}

/** Longer bodies take the whole way, beside which they matter little. In bytes. */
const longestBody = 128 * 1024;

/** By these Fastify's way does more than let in, read and answer. */
const tellingHeaders = [
  'transfer-encoding',
  'content-encoding',
  'expect',
  'origin',
  'upgrade',
  'x-http-method-override',
];

const plainTypes = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-8',
]);

/**
 * As Fastify's way sends them, in its order, to who comes from no page: a route that says nothing to other origins says that it might
 * (@fastify/cors). Undefined: what they are told takes more.
 */
function headersFor(cors: FastifyCorsOptions | undefined): OutgoingHttpHeaders | undefined {
  const type = { 'content-type': 'application/json; charset=utf-8' };
  if (!cors) return { vary: 'Origin', ...type };
  const isPlain = cors.origin === '*' && !cors.credentials && !cors.exposedHeaders;
  return isPlain ? { vary: 'Origin', 'access-control-allow-origin': '*', ...type } : undefined;
}

interface Route {
  readonly path: RegExp;
  readonly names: readonly string[];
  readonly way: ShortWay;
  readonly bodyLimit: number;
  readonly headers: OutgoingHttpHeaders;
  readonly measure: MeasureAnswer;
}

/** The short ways of an app, before Fastify's. */
export class ShortWays {
  readonly #routes: Route[] = [];
  readonly #telling: readonly string[];
  #isClosed = false;

  /** `telling`: further headers of requests that are none of its. */
  constructor(telling: readonly string[]) {
    this.#telling = [...tellingHeaders, ...telling];
  }

  /** Takes in the short ways of routes that are registered from now on. `corsOf`, `measureOf`: of the API that a path is of. */
  follow(
    app: FastifyInstance,
    corsOf: (path: string) => FastifyCorsOptions | undefined,
    measureOf: (path: string) => MeasureAnswer,
  ): void {
    app.addHook('onRoute', ({ method, url, config, bodyLimit }) => {
      const headers = headersFor(corsOf(url));
      if (method !== 'POST' || !config?.shortWay || !headers) return;
      const limit = bodyLimit ?? app.initialConfig.bodyLimit ?? longestBody;
      this.#routes.push({
        ...patternOf(url),
        way: config.shortWay,
        bodyLimit: Math.min(limit, longestBody),
        headers,
        measure: measureOf(url),
      });
    });
    // From then on each answer says that its connection ends.
    app.addHook('preClose', async () => {
      this.#isClosed = true;
    });
  }

  before(wholeWay: RequestListener): RequestListener {
    return (request, response) => {
      const route = this.#isClosed ? undefined : this.#routeOf(request);
      if (route) void answer(request, response, route, wholeWay);
      else wholeWay(request, response);
    };
  }

  #routeOf(request: IncomingMessage): Taken | undefined {
    const { method, url = '', headers } = request;
    if (method !== 'POST' || !plainTypes.has(headers['content-type'] ?? '')) return undefined;
    if (request.httpVersion !== '1.1' || this.#telling.some((name) => headers[name] !== undefined))
      return undefined;
    const length = Number(headers['content-length']);
    for (const route of this.#routes) {
      const match = length > 0 && length <= route.bodyLimit ? route.path.exec(url) : null;
      if (match) return { route, match };
    }
    return undefined;
  }
}

interface Taken {
  readonly route: Route;
  readonly match: RegExpExecArray;
}

/** A path whose parameters are of characters that stand for themselves. */
function patternOf(path: string): Pick<Route, 'path' | 'names'> {
  const names: string[] = [];
  const source = path.split('/').map((part) => {
    if (!part.startsWith(':')) return RegExp.escape(part);
    names.push(part.slice(1));
    return '([\\w.~-]{1,200})';
  });
  return { path: new RegExp(`^${source.join('/')}$`), names };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { route, match }: Taken,
  wholeWay: RequestListener,
): Promise<void> {
  const started = performance.now();
  const params = Object.fromEntries(route.names.map((name, index) => [name, match[index + 1] ?? '']));
  const { method = '', headers } = request;
  const answerText = await admit(route, { method, headers, params });
  if (!answerText) {
    wholeWay(request, response);
    return;
  }
  const body = await readBody(request);
  // The client has gone in the middle of it.
  if (!body) return;
  await new Promise<void>(inTurn);
  const text = await answerOf(answerText, body);
  if (typeof text !== 'string') {
    found.set(request, { body, rest: text });
    wholeWay(request, response);
    return;
  }
  const { status } = route.way;
  response.writeHead(status, { ...route.headers, 'content-length': Buffer.byteLength(text) }).end(text);
  route.measure(status, (performance.now() - started) / 1000);
}

async function answerOf(answerText: AnswerText, body: Buffer): Promise<string | RestOfWay> {
  try {
    return await answerText(decodeText(body, 'utf-8'));
  } catch (error) {
    return () => Promise.reject(error);
  }
}

/** What is refused is refused on the whole way, which asks again. */
async function admit({ way }: Route, head: RequestHead): Promise<AnswerText | undefined> {
  try {
    return await way.admit(head);
  } catch {
    return undefined;
  }
}

function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      const [only] = chunks;
      resolve(only && chunks.length === 1 ? only : Buffer.concat(chunks));
    });
    request.once('close', () => resolve(undefined));
    // Its end is seen by `close`.
    request.on('error', () => {});
  });
}
