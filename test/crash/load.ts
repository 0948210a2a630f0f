import { setTimeout as delay } from 'node:timers/promises';
import { type VendorReply, type VendorRequest, vendorRequests } from '../journeys/vendors.ts';
import type { Client } from './client.ts';
import type { Ledger, Sent } from './ledger.ts';
import type { Random } from './random.ts';
import type { Site } from './site.ts';

const answeredTriesMost = 200;

/** Several clients of all dialects that send events until they are told to stop; each waits for its answers. */
export class Load {
  readonly #site: Site;
  readonly #client: Client;
  readonly #ledger: Ledger;
  readonly #random: Random;
  #stopped = false;

  constructor(site: Site, client: Client, ledger: Ledger, random: Random) {
    this.#site = site;
    this.#client = client;
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

  /** Something new; answers whether it was stored for certain. */
  async tryOne(): Promise<boolean> {
    const sent = this.#makeNew();
    await this.#exchange(sent);
    return sent.acknowledged > 0;
  }

  async #runClient(): Promise<void> {
    while (!this.#stopped) {
      const answered = await this.#exchange(this.#next());
      // The server is gone, or has no time; a client notices and comes back.
      if (!answered && !this.#stopped) await delay(this.#random.between(50, 250));
    }
  }

  /** Mostly a new request; at times one that was sent already, also in a life before, under its own key. */
  #next(): Sent {
    const { sent } = this.#ledger;
    if (sent.length > 0 && this.#random.next() < 0.15) {
      const earlier = this.#random.next() < 0.5 ? this.#random.pick(sent) : sent.at(-1);
      if (earlier?.request.keyed) return earlier;
    }
    return this.#makeNew();
  }

  #makeNew(): Sent {
    const make = this.#random.pick(Object.values(vendorRequests));
    const number = Math.floor(this.#random.between(0, 300));
    const somebody = {
      email: `person-${number}@example.com`,
      phone: `+3363998${String(number).padStart(4, '0')}`,
    };
    return this.#ledger.add(make(this.#site.credentials, somebody));
  }

  async #sendUntilAnswered(sent: Sent): Promise<void> {
    for (let tries = 0; sent.acknowledged === 0; tries++) {
      if (tries === answeredTriesMost) {
        this.#client.sight.oddities.push(`${nameOf(sent.request)} was never answered`);
        return;
      }
      if (!(await this.#exchange(sent))) await delay(50);
    }
  }

  /** Sends once; false when there was no answer, or one that says to try again. */
  async #exchange(sent: Sent): Promise<boolean> {
    sent.times++;
    const { request } = sent;
    const reply = await this.#client.send(request, nameOf(request));
    if (!reply) return false;
    if (reply.status < 200 || reply.status > 299) {
      this.#client.sight.oddities.push(
        `${nameOf(request)} was answered ${reply.status}: ${reply.text.slice(0, 300)}`,
      );
      return true;
    }
    this.#ledger.acknowledge(sent, reply.text);
    this.#compareAnswer(sent, reply);
    return true;
  }

  /** A repeat is answered as the first one was. */
  #compareAnswer(sent: Sent, { text }: VendorReply): void {
    // A bound visitor's reply may say that it is bound by now; the id is what has to stay.
    if (!sent.request.keyed || sent.request.dialect !== 'webmarketer' || sent.answer === text) return;
    this.#client.sight.oddities.push(
      `${nameOf(sent.request)}: a repeat was answered ${text}, the first ${sent.answer}`,
    );
  }
}

function nameOf(request: VendorRequest): string {
  return `${request.dialect} ${request.kind}`;
}
