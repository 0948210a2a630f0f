import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { VendorRequest } from '../journeys/vendors.ts';

/** What a client knows of a request it has sent. */
export interface Sent {
  readonly request: VendorRequest;
  /** How often it went out. What has no key goes out once. */
  times: number;
  /** How often it was answered with success. */
  acknowledged: number;
  /** The first success's answer, where a repeat has to be answered alike. */
  answer?: string;
}

/** A line of the file: the entry's number, and what is new of it. */
type Line = readonly [number, VendorRequest | null, string | undefined];

/**
 * Everything that all clients have sent since the data folder was new, also in a file: an entry is written there before it goes out, and
 * its answer before anybody counts on it, so that a run that was cut short knows at least what it has to find.
 */
export class Ledger {
  readonly sent: Sent[] = [];
  readonly #numbers = new Map<Sent, number>();
  readonly #file: number;

  constructor(path: string) {
    if (existsSync(path)) this.#read(readFileSync(path, 'utf8'));
    this.#file = openSync(path, 'a');
  }

  get acknowledgedEvents(): number {
    return this.sent.reduce((sum, one) => sum + (one.acknowledged > 0 ? one.request.markers.length : 0), 0);
  }

  add(request: VendorRequest): Sent {
    const sent = this.#keep(request);
    this.#write([this.sent.length - 1, request, undefined]);
    return sent;
  }

  acknowledge(sent: Sent, answer: string): void {
    sent.acknowledged++;
    if (sent.acknowledged > 1) return;
    if (sent.request.keyed) sent.answer = answer;
    this.#write([this.#numbers.get(sent)!, null, answer]);
  }

  /** What a vendor's own client would send again: it had no answer, and has a key that makes that safe. */
  unanswered(): Sent[] {
    return this.sent.filter((one) => one.request.keyed && one.acknowledged === 0);
  }

  close(): void {
    closeSync(this.#file);
  }

  #keep(request: VendorRequest): Sent {
    const sent = { request, times: 0, acknowledged: 0 };
    this.#numbers.set(sent, this.sent.push(sent) - 1);
    return sent;
  }

  #write(line: Line): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }

  /** The last line may be half a one. */
  #read(text: string): void {
    for (const line of text.split('\n').slice(0, -1)) {
      const [number, request, answer]: Line = JSON.parse(line);
      if (request) this.#keep(request).times = 1;
      else Object.assign(this.sent[number]!, { acknowledged: 1, answer: answer ?? undefined });
    }
  }
}
