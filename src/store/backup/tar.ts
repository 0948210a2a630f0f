import { createHash } from 'node:crypto';

/*
 * As much of the tar format (ustar, POSIX.1-1988) as PostgreSQL writes and a backup has: files and folders, with names of up to 100 bytes
 * and a folder before them.
 */

const blockBytes = 512;
const field = {
  name: [0, 100],
  mode: [100, 8],
  size: [124, 12],
  modified: [136, 12],
  checksum: [148, 8],
  kind: [156, 1],
  magic: [257, 8],
  folder: [345, 155],
} as const;
type Field = (typeof field)[keyof typeof field];

export interface TarEntry {
  /** With the folder before it. */
  readonly name: string;
  /** Links and devices are `other`. */
  readonly kind: 'file' | 'folder' | 'other';
  readonly size: number;
  /** As it stands in the archive. */
  readonly header: Buffer;
}

/** What is in an archive is not what it should be: it is cut, or no tar. */
export class TarError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TarError';
  }
}

/** Two empty blocks. */
export const endOfArchive: Buffer = Buffer.alloc(2 * blockBytes);

/** A small file with all that belongs to it. */
export function tarFile(name: string, content: Buffer, modified: Date): Buffer {
  const header = makeHeader(name, '0', 0o600, content.length, modified);
  return Buffer.concat([header, content, Buffer.alloc(paddingOf(content.length))]);
}

export function tarFolder(name: string, modified: Date): Buffer {
  return makeHeader(`${name}/`, '5', 0o700, 0, modified);
}

/** The header of an entry that lies in a folder now. */
export function movedInto(folder: string, { header, name }: TarEntry): Buffer {
  const moved = Buffer.from(header);
  if (textOf(moved, field.folder) !== '') throw new TarError(`${name} lies in a folder already`);
  put(moved, field.folder, folder);
  return withChecksum(moved);
}

function makeHeader(name: string, kind: string, mode: number, size: number, modified: Date): Buffer {
  const header = Buffer.alloc(blockBytes);
  put(header, field.name, name);
  put(header, field.mode, octal(mode, 7));
  put(header, field.size, octal(size, 11));
  put(header, field.modified, octal(Math.floor(modified.getTime() / 1000), 11));
  put(header, field.kind, kind);
  put(header, field.magic, 'ustar\x0000');
  return withChecksum(header);
}

function octal(value: number, digits: number): string {
  return `${value.toString(8).padStart(digits, '0')}\0`;
}

function put(header: Buffer, [start, length]: Field, text: string): void {
  if (Buffer.byteLength(text) > length) throw new TarError(`"${text}" is too long for a tar`);
  header.fill(0, start, start + length).write(text, start);
}

function textOf(header: Buffer, [start, length]: Field): string {
  return header.toString('utf8', start, start + length).replace(/\0.*$/s, '');
}

/** @throws TarError */
function readOctal(header: Buffer, where: Field): number {
  const digits = textOf(header, where).trim();
  if (!/^[0-7]+$/.test(digits)) throw new TarError('there is no entry where one should begin');
  return Number.parseInt(digits, 8);
}

function withChecksum(header: Buffer): Buffer {
  put(header, field.checksum, `${octal(checksumOf(header), 6)} `);
  return header;
}

/** Of all bytes, those of the checksum counted as blanks. */
function checksumOf(header: Buffer): number {
  const [start, length] = field.checksum;
  return header.reduce((sum, byte, index) => sum + (index >= start && index < start + length ? 32 : byte), 0);
}

function paddingOf(size: number): number {
  return (blockBytes - (size % blockBytes)) % blockBytes;
}

/** Reads an archive from its beginning to its end, once. */
export class TarReader {
  readonly #source: AsyncIterator<Buffer>;
  readonly #hash = createHash('sha256');
  #unread: Buffer = Buffer.alloc(0);
  #digest = '';

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** SHA-256 of all bytes before the entry that was read last, as hex. */
  get digestBefore(): string {
    return this.#digest;
  }

  /** The next entry, whose bytes are to be read before it is asked again; undefined at the end. @throws TarError */
  async next(): Promise<TarEntry | undefined> {
    this.#digest = this.#hash.copy().digest('hex');
    const header = await this.#take(blockBytes);
    if (header.every((byte) => byte === 0)) return undefined;
    if (readOctal(header, field.checksum) !== checksumOf(header))
      throw new TarError('there is no entry where one should begin');
    const folder = textOf(header, field.folder);
    const name = textOf(header, field.name);
    const kind = textOf(header, field.kind);
    return {
      name: folder === '' ? name : `${folder}/${name}`,
      kind: kind === '0' || kind === '' ? 'file' : kind === '5' ? 'folder' : 'other',
      size: readOctal(header, field.size),
      header,
    };
  }

  /** The bytes of an entry as they stand in the archive, with those that fill its last block. @throws TarError */
  async *readBlocks({ size }: TarEntry): AsyncGenerator<Buffer> {
    for (let left = size + paddingOf(size); left > 0; ) {
      if (this.#unread.length === 0) await this.#readMore();
      const piece = this.#unread.subarray(0, left);
      this.#unread = this.#unread.subarray(piece.length);
      this.#hash.update(piece);
      left -= piece.length;
      yield piece;
    }
  }

  /** The content of a small file. @throws TarError */
  async readFile(entry: TarEntry): Promise<Buffer> {
    const blocks = await Array.fromAsync(this.readBlocks(entry));
    return Buffer.concat(blocks).subarray(0, entry.size);
  }

  /** Reads what is behind the archive's end, which is nothing or empty blocks: whoever sends it may have a last word of failure. */
  async finish(): Promise<void> {
    while (!(await this.#source.next()).done);
  }

  /** Reads no more. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #take(bytes: number): Promise<Buffer> {
    while (this.#unread.length < bytes) await this.#readMore();
    const taken = this.#unread.subarray(0, bytes);
    this.#unread = this.#unread.subarray(bytes);
    this.#hash.update(taken);
    return taken;
  }

  async #readMore(): Promise<void> {
    const { done, value } = await this.#source.next();
    if (done) throw new TarError('it ends before its end');
    this.#unread = this.#unread.length === 0 ? value : Buffer.concat([this.#unread, value]);
  }
}
