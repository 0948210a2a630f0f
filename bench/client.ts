import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What was sent and came back over some connections. */
export interface Exchanged {
  /** Milliseconds that each answer took to come. */
  readonly latencies: Float64Array;
  /** Answers that are no 2xx, and connections that ended before theirs. */
  readonly failures: number;
  readonly seconds: number;
}

interface Exchange {
  readonly url: string;
  readonly connections: number;
  /** A request's bytes; undefined: this connection has sent all of its. */
  readonly next: (connection: number) => Buffer | undefined;
  /** Ends it before all is sent: what is on its way is still waited for. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends requests over keep-alive connections that each wait for their answer before they send the next one. As much of HTTP as the bench's own
 * servers speak, and no more, so that the client takes a small part of the machine (docs/decisions/0021-single-events.md).
 */
export async function exchange({ url, connections, next, signal }: Exchange): Promise<Exchanged> {
  const { hostname, port } = new URL(url);
  const latencies = new Latencies();
  let failures = 0;
  const sockets = await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      await once(socket, 'connect');
      return socket;
    }),
  );
  const started = performance.now();
  const converse = (socket: Socket, connection: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const answers = new AnswerReader();
      let sent = 0;
      let isWaiting = false;
      const send = () => {
        const bytes = signal?.aborted ? undefined : next(connection);
        isWaiting = bytes !== undefined;
        sent = performance.now();
        if (bytes === undefined) socket.end();
        else socket.write(bytes);
      };
      const receive = (chunk: Buffer) => {
        const status = answers.read(chunk);
        if (status === undefined) return;
        if (status >= 200 && status < 300) latencies.add(performance.now() - sent);
        else failures++;
        send();
      };
      socket.on('data', (chunk: Buffer) => {
        try {
          receive(chunk);
        } catch (error) {
          socket.destroy();
          reject(error);
        }
      });
      socket.on('error', () => {});
      socket.once('close', () => {
        if (isWaiting) failures++;
        resolve();
      });
      send();
    });
  await Promise.all(sockets.map(converse));
  return { latencies: latencies.sorted(), failures, seconds: (performance.now() - started) / 1000 };
}

/** A request's bytes, made before it is measured. */
export function requestBytes(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Buffer {
  const { host, pathname, search } = new URL(url);
  const length = { host, 'content-length': String(Buffer.byteLength(body)) };
  const lines = Object.entries({ ...length, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}

export const endOfHeaders = '\r\n\r\n';

/** Reads one answer after the other from a connection; each says its length. */
class AnswerReader {
  #text = '';

  /** The status of the answer that has now come in whole; undefined while it has not. @throws Error when it is none that says its length */
  read(chunk: Buffer): number | undefined {
    this.#text += chunk.toString('latin1');
    const end = this.#text.indexOf(endOfHeaders);
    if (end < 0) return undefined;
    const status = Number(this.#text.slice(9, 12));
    const length = status === 204 ? 0 : lengthIn(this.#text.slice(0, end));
    if (this.#text.length < end + endOfHeaders.length + length) return undefined;
    this.#text = '';
    return status;
  }
}

/** How long the body is that these headers lead. @throws Error when they don't say */
export function lengthIn(headers: string): number {
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(headers) ?? [];
  if (length === undefined) throw new Error('the bench understands no answer without a length');
  return Number(length);
}

/** A list of numbers that grows. */
class Latencies {
  #values = new Float64Array(1024);
  #count = 0;

  add(value: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(this.#count * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count++] = value;
  }

  sorted(): Float64Array {
    return this.#values.slice(0, this.#count).sort();
  }
}
