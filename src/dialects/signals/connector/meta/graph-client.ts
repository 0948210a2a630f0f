import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isRecord } from '../../../../core/value/text.ts';
import type { PlatformAnswer, PlatformFailure, PlatformLimits } from '../../advertising/ad-platform.ts';
import { type Attempt, judgeAnswer } from './graph-answer.ts';
import { readPause } from './usage.ts';

/** How Graph is reached; the same for every token. */
export interface GraphSettings {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** `v25.0` */
  readonly version: string;
  /** Of the Meta app: requests are then proven to be the app's. */
  readonly appSecret: string | undefined;
  readonly timing?: Partial<GraphTiming>;
}

export interface GraphTiming {
  readonly requestMilliseconds: number;
  readonly firstWaitMilliseconds: number;
  readonly longestWaitMilliseconds: number;
}

const defaultTiming: GraphTiming = {
  requestMilliseconds: 30_000,
  firstWaitMilliseconds: 1_000,
  longestWaitMilliseconds: 60_000,
};
const maximumAttempts = 6;
const maximumAnswerBytes = 16 * 1024 * 1024;
const pageSize = 200;
const smallestPage = 10;
/** With pages of 200: 200,000 rows. More is no account that a page-wise reading is for. */
const maximumPages = 1_000;
/** https://developers.facebook.com/docs/graph-api/batch-requests */
const batchSize = 50;

export type Fields = Readonly<Record<string, string>>;

/** What is left when no further attempt is made. */
type Settled = Exclude<Attempt, { readonly kind: 'again' }> | PlatformFailure;

/** One of a batch: what Graph answered, that it has no such object, or that the token lacks the permission to read it. */
export type BatchItem =
  | { readonly kind: 'answer'; readonly value: unknown }
  | { readonly kind: 'gone' }
  | { readonly kind: 'hidden' };

/**
 * Asks Graph under one token: pages by cursor, batches, patience. Rate limits and faults are tried again, twice as late each time;
 * what Graph says of how much of its limits is used is waited for. All else is an answer of its kind at once.
 */
export class GraphClient {
  readonly #settings: GraphSettings;
  readonly #timing: GraphTiming;
  readonly #accessToken: string;
  readonly #limits: PlatformLimits;
  /** Milliseconds since the epoch: when Graph's limits let the next request through. */
  #notBefore = 0;

  constructor(settings: GraphSettings, accessToken: string, limits: PlatformLimits) {
    this.#settings = settings;
    this.#timing = { ...defaultTiming, ...settings.timing };
    this.#accessToken = accessToken;
    this.#limits = limits;
  }

  /** One object. */
  async get(path: string, fields: Fields): Promise<PlatformAnswer<unknown>> {
    return this.#finish(await this.#ask(path, fields));
  }

  /** All rows of an edge. Its pages are asked for by cursor at the address that is set, never at one that an answer gives. */
  async list(path: string, fields: Fields): Promise<PlatformAnswer<unknown[]>> {
    const rows: unknown[] = [];
    let after: string | undefined;
    let limit = pageSize;
    for (let page = 0; page < maximumPages; ) {
      const attempt = await this.#ask(path, {
        ...fields,
        limit: String(limit),
        ...(after === undefined ? {} : { after }),
      });
      if (attempt.kind === 'too-much' && limit > smallestPage) {
        limit = Math.max(smallestPage, Math.floor(limit / 4));
        continue;
      }
      const answer = this.#finish(attempt);
      if (answer.kind !== 'answer') return answer;
      const read = readPage(answer.value);
      if (read === undefined) return { kind: 'refused', reason: `${path} is no page of Graph's form` };
      rows.push(...read.rows);
      if (read.after === undefined) return { kind: 'answer', value: rows };
      if (read.after === after) return { kind: 'refused', reason: `${path} names the same page as the next` };
      after = read.after;
      page++;
    }
    return { kind: 'refused', reason: `${path} has more than ${maximumPages} pages` };
  }

  /** Objects by id, in batches, in the order of the ids. */
  async getMany(ids: readonly string[], fields: Fields): Promise<PlatformAnswer<BatchItem[]>> {
    const items: BatchItem[] = [];
    for (let start = 0; start < ids.length; start += batchSize) {
      const answer = await this.#getBatch(ids.slice(start, start + batchSize), fields);
      if (answer.kind !== 'answer') return answer;
      items.push(...answer.value);
    }
    return { kind: 'answer', value: items };
  }

  /** Graph answers a batch with 200 even where each item of it failed: those that may do better are asked for again alone. */
  async #getBatch(ids: readonly string[], fields: Fields): Promise<PlatformAnswer<BatchItem[]>> {
    const query = new URLSearchParams(fields).toString();
    const batch = ids.map((id) => ({
      method: 'GET',
      relative_url: `${this.#settings.version}/${encodeURIComponent(id)}?${query}`,
    }));
    const answer = this.#finish(
      await this.#ask('', { batch: JSON.stringify(batch), include_headers: 'false' }, 'POST'),
    );
    if (answer.kind !== 'answer') return answer;
    if (!Array.isArray(answer.value) || answer.value.length !== ids.length)
      return { kind: 'refused', reason: 'a batch was answered in another form than Graph documents' };
    const items: BatchItem[] = [];
    for (const [index, part] of answer.value.entries()) {
      const attempt = judgePart(part);
      const settled = attempt.kind === 'again' ? await this.#ask(ids[index]!, fields) : attempt;
      if (settled.kind === 'gone' || settled.kind === 'hidden') items.push({ kind: settled.kind });
      else {
        const one = this.#finish(settled);
        if (one.kind !== 'answer') return one;
        items.push(one);
      }
    }
    return { kind: 'answer', value: items };
  }

  /** One request, as often as it takes and time allows. */
  async #ask(path: string, fields: Fields, method: 'GET' | 'POST' = 'GET'): Promise<Settled> {
    for (let count = 1; ; count++) {
      const pause = this.#notBefore - Date.now();
      if (pause > 0 && !(await this.#wait(pause))) {
        const reason = 'Graph says that the limit is nearly used up';
        return this.#limits.signal.aborted
          ? { kind: 'out-of-time' }
          : { kind: 'rate-limited', reason, retryAfterSeconds: Math.ceil(pause / 1000) };
      }
      if (this.#isOver()) return { kind: 'out-of-time' };
      const attempt = await this.#attempt(path, fields, method);
      if (attempt.kind !== 'again') return attempt;
      const wait = Math.max(attempt.waitMilliseconds, this.#backOff(count));
      if (count === maximumAttempts || !(await this.#wait(wait))) return this.#giveUp(attempt, wait);
    }
  }

  #giveUp({ why, reason }: Attempt & { kind: 'again' }, wait: number): PlatformFailure {
    if (this.#limits.signal.aborted) return { kind: 'out-of-time' };
    if (why === 'unreachable') return { kind: 'unreachable', reason };
    return { kind: 'rate-limited', reason, retryAfterSeconds: Math.ceil(wait / 1000) };
  }

  /** Twice as long each time, at most `longestWaitMilliseconds`; a part of it is chance, so that many do not come back at once. */
  #backOff(count: number): number {
    const { firstWaitMilliseconds, longestWaitMilliseconds } = this.#timing;
    const most = Math.min(longestWaitMilliseconds, firstWaitMilliseconds * 2 ** (count - 1));
    return most / 2 + Math.random() * (most / 2);
  }

  /** False, at once, when it would take longer than there is time. */
  async #wait(milliseconds: number): Promise<boolean> {
    const { deadline, signal } = this.#limits;
    if (Date.now() + milliseconds >= deadline) return false;
    try {
      await delay(milliseconds, undefined, { signal });
      return true;
    } catch {
      return false;
    }
  }

  #isOver(): boolean {
    return this.#limits.signal.aborted || Date.now() >= this.#limits.deadline;
  }

  async #attempt(path: string, fields: Fields, method: 'GET' | 'POST'): Promise<Attempt> {
    const { baseUrl, version, appSecret } = this.#settings;
    const parameters = new URLSearchParams(fields);
    if (appSecret !== undefined)
      parameters.set(
        'appsecret_proof',
        createHmac('sha256', appSecret).update(this.#accessToken).digest('hex'),
      );
    const url = `${baseUrl}/${method === 'POST' ? '' : `${version}/${path}?${parameters}`}`;
    const time = Math.max(1, Math.min(this.#timing.requestMilliseconds, this.#limits.deadline - Date.now()));
    try {
      const response = await fetch(url, {
        method,
        // In a header: addresses end up in logs of proxies.
        headers: { authorization: `Bearer ${this.#accessToken}`, accept: 'application/json' },
        ...(method === 'POST' ? { body: parameters } : {}),
        // A redirection would take the token elsewhere.
        redirect: 'error',
        signal: AbortSignal.any([AbortSignal.timeout(time), this.#limits.signal]),
      });
      this.#notBefore = Date.now() + readPause(response.headers);
      const text = await readLimited(response);
      if (text === undefined) return { kind: 'refused', reason: `more than ${maximumAnswerBytes} bytes` };
      return judgeAnswer(response.status, parseJson(text), response.headers.get('retry-after'));
    } catch (error) {
      return { kind: 'again', why: 'unreachable', reason: describeFailure(error), waitMilliseconds: 0 };
    }
  }

  #finish(attempt: Settled): PlatformAnswer<unknown> {
    switch (attempt.kind) {
      case 'gone':
      case 'hidden':
      case 'too-much':
        return { kind: 'refused', reason: attempt.reason };
      default:
        return attempt;
    }
  }
}

function readPage(value: unknown): { rows: unknown[]; after: string | undefined } | undefined {
  if (!isRecord(value) || !Array.isArray(value.data)) return undefined;
  const paging = isRecord(value.paging) ? value.paging : {};
  // Without `next` this was the last page, though a cursor stands behind it.
  if (typeof paging.next !== 'string') return { rows: value.data, after: undefined };
  const cursors = isRecord(paging.cursors) ? paging.cursors : {};
  const after =
    typeof cursors.after === 'string' ? cursors.after : URL.parse(paging.next)?.searchParams.get('after');
  return after ? { rows: value.data, after } : undefined;
}

function judgePart(part: unknown): Attempt {
  // An operation that did not end in time is null.
  if (part === null)
    return { kind: 'again', why: 'unreachable', reason: 'not answered in the batch', waitMilliseconds: 0 };
  if (!isRecord(part) || typeof part.code !== 'number' || typeof part.body !== 'string')
    return { kind: 'refused', reason: 'a part of a batch has another form than Graph documents' };
  return judgeAnswer(part.code, parseJson(part.body), null);
}

/** Undefined for what is no JSON, which is then no answer that Graph documents. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readLimited(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maximumAnswerBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `fetch` says "fetch failed" and hides why in the cause. Addresses and headers are not in it. */
function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return 'no connection';
  const cause = error.cause instanceof Error && 'code' in error.cause ? ` (${String(error.cause.code)})` : '';
  return error.name === 'TimeoutError' ? 'no answer in time' : `no connection${cause}`;
}
