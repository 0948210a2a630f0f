import type { Clock } from '../clock.ts';
import { networkOf } from './network.ts';
import { byClock, Windows } from './windows.ts';

const milliseconds = 60_000;
/** So many addresses meet the limit of the workspace. */
const most = 50_000;

interface Sent {
  messages: number;
  bytes: number;
}

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
  readonly #windows: Windows<Sent>;

  constructor(allowance: AddressAllowance, clock: Clock) {
    this.#allowance = allowance;
    this.#clock = clock;
    const begin = () => ({ messages: 0, bytes: 0 });
    this.#windows = new Windows(clock, { milliseconds, most, startsAt: byClock(milliseconds), begin });
  }

  /** Counts a message before its body is read. For how many seconds none of the address is taken; 0: this one is. */
  begin(address: string): number {
    const { messages, bytes } = this.#allowance;
    const { counts, endsAt } = this.#windows.take(networkOf(address));
    counts.messages++;
    const isOver = (messages > 0 && counts.messages > messages) || (bytes > 0 && counts.bytes >= bytes);
    return isOver ? Math.ceil((endsAt - this.#clock()) / 1000) : 0;
  }

  /** Counts the bytes of a body that was read, with its message. */
  addBytes(address: string, bytes: number): void {
    const network = networkOf(address);
    const { counts } = this.#windows.find(network) ?? this.#windows.take(network);
    counts.bytes += bytes;
  }
}
