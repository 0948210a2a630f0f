import { TextPieces } from '../../../../http/text-pieces.ts';
import type { Slice } from '../../../../query/changes/read-changes.ts';

/** How much a page tells at most; 4,000 usual updates have a third of it. The vendor says nothing of it. */
export const maximumPageBytes = 16 * 1024 * 1024;

/** A page of the stream as it is put together: as bytes, since so large a text would be copied by each collection of young objects. */
export class UpdatesPage {
  /** The updates, and what ends the page. */
  readonly rest = new TextPieces();
  #nextOffset: number;

  constructor(after: number) {
    this.#nextOffset = after;
  }

  /** Takes the updates of a slice, each as JSON. False when the page is full: it ends behind the last that it has room for. */
  add({ changes, reached }: Slice, updates: readonly string[]): boolean {
    const taken = this.#countNext(updates);
    const isFull = taken < updates.length;
    if (taken > 0) {
      if (this.rest.bytes > 0) this.rest.add(',');
      this.rest.addJoined(isFull ? updates.slice(0, taken) : updates);
    }
    const last = changes[taken - 1];
    if (!isFull) this.#nextOffset = reached;
    else if (last) this.#nextOffset = last.seq;
    return !isFull;
  }

  /** How many of the updates the page has room for. */
  #countNext(updates: readonly string[]): number {
    // A character takes three bytes at most: mostly there is room for all, and none has to be measured.
    const characters = updates.reduce((sum, update) => sum + update.length + 1, 0);
    if (this.rest.bytes + 3 * characters <= maximumPageBytes) return updates.length;
    let taken = 0;
    for (let bytes = this.rest.bytes; taken < updates.length; taken++) {
      bytes += Buffer.byteLength(updates[taken] ?? '') + 1;
      if (bytes > maximumPageBytes && this.rest.bytes + taken > 0) break;
    }
    return taken;
  }

  /** Ends the page. What leads it tells how far it has come, which is known last. */
  end(): string {
    this.rest.add(']}');
    return `{"nextOffset":${this.#nextOffset},"updates":[`;
  }
}
