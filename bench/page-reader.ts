import { connect, type Socket } from 'node:net';
import { endOfHeaders, lengthIn } from './client.ts';

/** A page that was read: how many bytes it has, and what it begins with. */
interface Page {
  readonly bytes: number;
  readonly start: string;
}

interface Reading {
  readonly path: string;
  readonly see: ((piece: Buffer) => void) | undefined;
  readonly resolve: (page: Page) => void;
  readonly reject: (error: Error) => void;
}

const startLength = 100;
const receivedAtOnce = 256 * 1024;

/**
 * Reads pages one after the other over one kept connection, and only takes their bytes, into the same memory: what a client makes of them is its
 * own affair, and would be counted with the server's work on the same processors.
 */
export class PageReader {
  readonly #socket: Socket;
  readonly #host: string;
  readonly #token: string;
  #reading: Reading | undefined;
  #head = Buffer.alloc(0);
  /** Of the body; undefined while its head is not here. */
  #missing: number | undefined;
  #bytes = 0;
  #start = '';

  constructor(address: string, token: string) {
    const { hostname, port, host } = new URL(address);
    this.#host = host;
    this.#token = token;
    const buffer = Buffer.allocUnsafe(receivedAtOnce);
    const callback = (length: number) => {
      this.#receive(buffer.subarray(0, length));
      return true;
    };
    this.#socket = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      onread: { buffer, callback },
    });
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.once('close', () => this.#fail(new Error('the connection was closed')));
  }

  /**
   * @param see is shown the body's pieces as they come in; their memory is used again behind it
   * @throws Error when the reply is no success
   */
  read(path: string, see?: (piece: Buffer) => void): Promise<Page> {
    const { promise, resolve, reject } = Promise.withResolvers<Page>();
    this.#reading = { path, see, resolve, reject };
    this.#missing = undefined;
    this.#head = Buffer.alloc(0);
    this.#bytes = 0;
    this.#start = '';
    this.#socket.write(
      `GET ${path} HTTP/1.1\r\nhost: ${this.#host}\r\nauthorization: Bearer ${this.#token}\r\n\r\n`,
    );
    return promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    const piece = this.#missing === undefined ? this.#readHead(chunk) : chunk;
    if (piece === undefined || this.#missing === undefined) return;
    if (this.#start.length < startLength) this.#start += piece.toString('latin1', 0, startLength);
    this.#bytes += piece.length;
    this.#missing -= piece.length;
    this.#reading?.see?.(piece);
    if (this.#missing > 0) return;
    this.#reading?.resolve({ bytes: this.#bytes, start: this.#start });
    this.#reading = undefined;
  }

  /** What of the body comes with the end of the head; undefined before. */
  #readHead(chunk: Buffer): Buffer | undefined {
    this.#head = Buffer.concat([this.#head, chunk]);
    const end = this.#head.indexOf(endOfHeaders);
    if (end < 0) return undefined;
    const text = this.#head.toString('latin1', 0, end);
    if (!text.startsWith('HTTP/1.1 200 '))
      this.#fail(new Error(`GET ${this.#reading?.path}: ${this.#head.toString()}`));
    this.#missing = lengthIn(text);
    return this.#head.subarray(end + endOfHeaders.length);
  }

  #fail(error: Error): void {
    this.#reading?.reject(error);
    this.#reading = undefined;
  }
}
