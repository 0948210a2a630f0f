import { Agent, get } from 'node:http';

/**
 * Reads pages over one kept connection, and only takes their bytes: what a client makes of them is its own affair, and would be counted
 * with the server's work on the same processors.
 */
export class PageReader {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #address: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(address: string, token: string) {
    this.#address = address;
    this.#headers = { authorization: `Bearer ${token}` };
  }

  /** The body's pieces, as they come in. @throws Error when the reply is no success */
  read(path: string): Promise<Buffer[]> {
    return new Promise((resolve, reject) => {
      const options = { agent: this.#agent, headers: this.#headers };
      const request = get(`${this.#address}${path}`, options, (reply) => {
        const pieces: Buffer[] = [];
        reply.on('data', (piece: Buffer) => pieces.push(piece));
        reply.once('error', reject);
        reply.once('end', () =>
          reply.statusCode === 200
            ? resolve(pieces)
            : reject(new Error(`GET ${path}: ${reply.statusCode} ${Buffer.concat(pieces)}`)),
        );
      });
      request.once('error', reject);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
