import { setTimeout as delay } from 'node:timers/promises';
import type { CredentialsFile } from '../../src/core/workspace/credentials-file.ts';
import { fetchFrom } from '../journeys/send.ts';
import { type Send, type VendorReply, type VendorRequest, vendorRequests } from '../journeys/vendors.ts';
import type { Random } from './random.ts';

const answeredTriesMost = 200;

/** What a client knows of a request it has sent. */
export interface Sent {
  readonly request: VendorRequest;
  /** How often it went out. */
  times: number;
  /** How often it was answered with success. */
  acknowledged: number;
  /** The first success's answer, where a repeat has to be answered alike. */
  answer?: string;
}

/** Everything that all clients have sent since the data folder was new. */
export class Ledger {
  readonly sent: Sent[] = [];
  /** Answers that no client should see. */
  readonly oddities: string[] = [];
  /** How often a client was told to try again. */
  refused = 0;

  get acknowledgedEvents(): number {
    return this.sent.reduce((sum, one) => sum + (one.acknowledged > 0 ? one.request.markers.length : 0), 0);
  }

  /** What a vendor's own client would send again: it had no answer, and has a key that makes that safe. */
  unanswered(): Sent[] {
    return this.sent.filter((one) => one.request.keyed && one.acknowledged === 0);
  }
}

/** Several clients that send over real connections until they are told to stop; each waits for its answers. */
export class Load {
  readonly #send: Send;
  readonly #credentials: CredentialsFile;
  readonly #ledger: Ledger;
  readonly #random: Random;
  #stopped = false;

  constructor(baseUrl: string, credentials: CredentialsFile, ledger: Ledger, random: Random) {
    this.#send = fetchFrom(baseUrl);
    this.#credentials = credentials;
    this.#ledger = ledger;
    this.#random = random;
  }

  /** Resolves when every client has had its last answer, or lost its connection. */
  async run(clients: number): Promise<void> {
    await Promise.all(Array.from({ length: clients }, () => this.#runClient()));
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Sends again, under the same keys, until each is answered. */
  async sendAgain(requests: readonly Sent[], clients: number): Promise<void> {
    const waiting = [...requests];
    const drain = async () => {
      for (let sent = waiting.pop(); sent; sent = waiting.pop()) await this.#sendUntilAnswered(sent);
    };
    await Promise.all(Array.from({ length: clients }, drain));
  }

  async #runClient(): Promise<void> {
    while (!this.#stopped) {
      const sent = this.#next();
      const answered = await this.#exchange(sent);
      if (!answered) {
        // The server is gone; a client of this kind notices and waits for the restart.
        if (this.#stopped) return;
        await delay(20);
      }
    }
  }

  /** Mostly a new request; at times one that was answered already, also in a life before, under its own key. */
  #next(): Sent {
    const { sent } = this.#ledger;
    if (sent.length > 0 && this.#random.next() < 0.15) {
      const earlier = this.#random.next() < 0.5 ? this.#random.pick(sent) : sent[sent.length - 1]!;
      if (earlier.request.keyed) return earlier;
    }
    const make = this.#random.pick(Object.values(vendorRequests));
    const number = Math.floor(this.#random.between(0, 300));
    const somebody = {
      email: `person-${number}@example.com`,
      phone: `+3363998${String(number).padStart(4, '0')}`,
    };
    const fresh: Sent = { request: make(this.#credentials, somebody), times: 0, acknowledged: 0 };
    sent.push(fresh);
    return fresh;
  }

  async #sendUntilAnswered(sent: Sent): Promise<void> {
    for (let tries = 0; sent.acknowledged === 0; tries++) {
      if (tries === answeredTriesMost) {
        this.#ledger.oddities.push(`${nameOf(sent.request)} was never answered`);
        return;
      }
      const answered = await this.#exchange(sent);
      if (!answered) await delay(50);
    }
  }

  /** Sends once; false when there was no answer, or one that says to try again. */
  async #exchange(sent: Sent): Promise<boolean> {
    sent.times++;
    const reply = await this.#send(sent.request).catch(() => undefined);
    if (!reply) return false;
    if (reply.status === 503 && reply.headers['retry-after'] !== undefined) {
      this.#ledger.refused++;
      return false;
    }
    if (reply.status < 200 || reply.status > 299) {
      this.#ledger.oddities.push(
        `${nameOf(sent.request)} was answered ${reply.status}: ${reply.text.slice(0, 300)}`,
      );
      return true;
    }
    sent.acknowledged++;
    this.#compareAnswer(sent, reply);
    return true;
  }

  /** A repeat is answered as the first one was. */
  #compareAnswer(sent: Sent, { text }: VendorReply): void {
    if (!sent.request.keyed) return;
    sent.answer ??= text;
    // A bound visitor's reply may say that it is bound by now; the id is what has to stay.
    if (sent.request.dialect === 'webmarketer' && sent.answer !== text) {
      this.#ledger.oddities.push(
        `${nameOf(sent.request)}: a repeat was answered ${text}, the first ${sent.answer}`,
      );
    }
  }
}

function nameOf(request: VendorRequest): string {
  return `${request.dialect} ${request.kind}`;
}
