import type { Clock } from '../clock.ts';
import { networkOf } from './network.ts';

const windowMilliseconds = 60_000;
/** Of one window; beyond it the first are forgotten: so many addresses meet the limit of the workspace. */
const maximumAddresses = 50_000;

/** What one address may send in a minute; 0: as much as it wants. */
export interface AddressAllowance {
  readonly messages: number;
  readonly bytes: number;
}

/**
 * What is sent without a key, counted by the client's address in fixed windows of a minute. In memory alone, in one place for all
 * processes of a start; servers that are started apart on one database each allow the full rate.
 */
export class AddressLimiter {
  readonly #allowance: AddressAllowance;
  readonly #clock: Clock;
  #windowStart = 0;
  readonly #sent = new Map<string, { messages: number; bytes: number }>();

  constructor(allowance: AddressAllowance, clock: Clock) {
    this.#allowance = allowance;
    this.#clock = clock;
  }

  /** Counts a message before its body is read. For how many seconds none of the address is taken; 0: this one is. */
  begin(address: string): number {
    const { messages, bytes } = this.#allowance;
    const sent = this.#sentBy(address);
    sent.messages++;
    const isOver = (messages > 0 && sent.messages > messages) || (bytes > 0 && sent.bytes >= bytes);
    return isOver ? Math.ceil((this.#windowStart + windowMilliseconds - this.#clock()) / 1000) : 0;
  }

  /** Counts the bytes of a body that was read. */
  addBytes(address: string, bytes: number): void {
    this.#sentBy(address).bytes += bytes;
  }

  #sentBy(address: string): { messages: number; bytes: number } {
    const now = this.#clock();
    const start = now - (now % windowMilliseconds);
    if (start !== this.#windowStart) {
      this.#windowStart = start;
      this.#sent.clear();
    }
    const network = networkOf(address);
    const known = this.#sent.get(network);
    if (known) return known;
    const [first] = this.#sent.keys();
    if (first !== undefined && this.#sent.size >= maximumAddresses) this.#sent.delete(first);
    const sent = { messages: 0, bytes: 0 };
    this.#sent.set(network, sent);
    return sent;
  }
}
