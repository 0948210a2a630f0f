const pieceBytes = 256 * 1024;
/** So many pieces lie ready at most: 16 MiB. */
const mostSpare = 64;
/** A text of more is kept apart from what dies young (V8), and collected with all of the heap. */
const longestText = 64 * 1024;

const spare: Buffer[] = [];
const encoder = new TextEncoder();

/**
 * The bytes of a long text, in pieces of memory that is used again. What is taken anew for each answer outlives the collections of young
 * objects, and makes V8, which counts it as if it were in its heap, collect all of that (docs/decisions/0014-update-stream.md).
 */
export class TextPieces {
  readonly #whole: Buffer[] = [];
  #last = takePiece();
  #used = 0;
  #bytes = 0;

  /** Of all that was added. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds texts, with commas between them. */
  addJoined(texts: readonly string[]): void {
    for (let from = 0; from < texts.length; ) {
      let until = from;
      for (let length = 0; until < texts.length && length < longestText; until++)
        length += texts[until]?.length ?? 0;
      if (from > 0) this.add(',');
      this.add(texts.slice(from, until).join(','));
      from = until;
    }
  }

  add(text: string): void {
    for (let rest = text; rest !== ''; ) {
      const { read, written } = encoder.encodeInto(rest, this.#last.subarray(this.#used));
      this.#used += written;
      this.#bytes += written;
      if (read === rest.length) return;
      rest = rest.slice(read);
      this.#whole.push(this.#last.subarray(0, this.#used));
      this.#last = takePiece();
      this.#used = 0;
    }
  }

  get pieces(): readonly Buffer[] {
    return [...this.#whole, this.#last.subarray(0, this.#used)];
  }

  /** Lets others use the memory: nobody may look at the pieces any more. */
  release(): void {
    for (const piece of [...this.#whole.splice(0), this.#last])
      if (spare.length < mostSpare) spare.push(Buffer.from(piece.buffer));
  }
}

/** Of a whole buffer of its own. */
function takePiece(): Buffer {
  return spare.pop() ?? Buffer.allocUnsafeSlow(pieceBytes);
}
