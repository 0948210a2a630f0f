import { request as sendHttp } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Send, VendorReply } from '../journeys/vendors.ts';
import type { Random } from './random.ts';
import type { Site } from './site.ts';

/** Every wait of the server is over after ten seconds; the rest is for a machine that is busy with other things. */
const usualPatienceMilliseconds = 25_000;

type Request = Parameters<Send>[0];

/** What the clients of one round have seen, whatever they sent. */
export class Sight {
  /** Answers that no client should see. */
  readonly oddities: string[] = [];
  /** Told to try again. */
  refused = 0;
  /** No answer: the connection was refused or lost. */
  unanswered = 0;
  /** The longest that somebody waited for an answer, in milliseconds. */
  longestWait = 0;
}

/** Sends over real connections, to wherever the server listens at the moment. */
export class Client {
  readonly sight = new Sight();
  readonly #site: Site;
  readonly #random: Random;
  readonly #patienceMilliseconds: number;

  constructor(site: Site, random: Random, patienceMilliseconds = usualPatienceMilliseconds) {
    this.#site = site;
    this.#random = random;
    this.#patienceMilliseconds = patienceMilliseconds;
  }

  /** Undefined when there was no answer, or one that says to try again; whether it was stored is open then. */
  async send(request: Request, name: string): Promise<VendorReply | undefined> {
    const { sight } = this;
    const startedAt = performance.now();
    const cutting = this.#site.cuttingConnections && this.#random.next() < 0.5;
    try {
      if (cutting) await this.#sendAndCut(request);
      const reply = cutting ? undefined : await this.#exchange(request);
      sight.longestWait = Math.max(sight.longestWait, performance.now() - startedAt);
      if (!reply) sight.unanswered++;
      else if (reply.status !== 503 || reply.headers['retry-after'] === undefined) return reply;
      else sight.refused++;
    } catch (error) {
      sight.unanswered++;
      if (error instanceof Error && error.name === 'TimeoutError')
        sight.oddities.push(`HUNG ${name} had no answer within ${this.#patienceMilliseconds / 1000} s`);
    }
    return undefined;
  }

  async #exchange({ method, path, headers, body }: Request): Promise<VendorReply> {
    const response = await fetch(this.#site.baseUrl + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(this.#patienceMilliseconds),
    });
    const text = await response.text();
    return { status: response.status, headers: Object.fromEntries(response.headers), text };
  }

  /** As a client whose network goes away: with half of the body sent, right behind it, or when the answer begins. */
  async #sendAndCut({ method, path, headers, body = '' }: Request): Promise<void> {
    const whole = Buffer.from(body);
    const length = { 'content-length': String(whole.length) };
    const request = sendHttp(this.#site.baseUrl + path, { method, headers: { ...headers, ...length } });
    const { promise, resolve } = Promise.withResolvers<void>();
    const cut = () => {
      request.destroy();
      resolve();
    };
    request.once('error', () => resolve());
    const where = this.#random.pick(['body', 'wait', 'answer'] as const);
    if (where === 'body') request.write(whole.subarray(0, Math.ceil(whole.length / 2)), cut);
    else if (where === 'wait') request.end(whole, () => void delay(this.#random.between(0, 15)).then(cut));
    else {
      request.once('response', cut);
      request.end(whole);
    }
    request.setTimeout(this.#patienceMilliseconds, cut);
    await promise;
  }
}
