import { createServer, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import { Server as NetServer, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { networkOf } from '../core/rate-limit/network.ts';
import { RequestError } from '../errors.ts';
import { longestAddress } from './long-address.ts';
import type { IsTrusted } from './proxies.ts';
import { endUnlessSteady } from './slow-senders.ts';
import type { VendorError } from './vendor-error.ts';

export interface ServerBounds {
  /** How long the whole of a request may take to come in. */
  readonly requestMilliseconds: number;
  /** Connections at one time; of one address, unless it is a trusted proxy's, a quarter. */
  readonly maximumConnections: number;
}

/** The longest address, with as much for other headers as Node.js allows by itself. A connection holds no more of a request that has not come in. */
const headerBytes = longestAddress + 16 * 1024;
/** How long a request's headers may take. */
const headerMilliseconds = 10_000;
/** A connection that waits for its next request. Longer than a load balancer's own wait, which is a minute mostly. */
const idleMilliseconds = 72_000;
/** How long the client may take nothing of an answer that is on its way. */
const readingMilliseconds = 60_000;
/** What is shorter fits into the connection's own buffers, and is gone when it is written. */
const shortAnswer = 64 * 1024;

/** Makes servers that no client keeps waiting: what is sent slowly is cut off with 408, and connections are bounded. */
export function createServerFactory(
  bounds: ServerBounds,
  isTrusted: IsTrusted,
): (handler: RequestListener) => Server {
  const { requestMilliseconds, maximumConnections } = bounds;
  const admit = countConnections(Math.ceil(maximumConnections / 4), isTrusted);
  return (handler) => {
    const server = createServer(
      {
        maxHeaderSize: headerBytes,
        requestTimeout: requestMilliseconds,
        headersTimeout: Math.min(headerMilliseconds, requestMilliseconds),
        keepAliveTimeout: idleMilliseconds,
        connectionsCheckingInterval: 1000,
      },
      handler,
    );
    server.maxConnections = maximumConnections;
    server.prependListener('connection', (socket: Socket) => {
      if (!admit(socket)) socket.destroy();
    });
    return server;
  };
}

const timeIsOver = 'ERR_HTTP_REQUEST_TIMEOUT';

/** What is no request that a route could answer. */
interface ClientError extends Error {
  readonly code?: string;
  /** What came in last. */
  readonly rawPacket?: unknown;
}

/** Answers what is cut off before it is a request: headers that are too long in the form of the API whose path it is, where that came with them. */
export function createClientErrorHandler(
  present: (error: RequestError, path: string) => VendorError,
  { requestMilliseconds }: ServerBounds,
) {
  return (error: ClientError, socket: Socket): void => {
    if (error.code !== timeIsOver) end(error, socket);
    else endUnlessSteady(socket, requestMilliseconds, () => end(error, socket));
  };

  function end(error: ClientError, socket: Socket): void {
    if (socket.writable && error.code !== 'ECONNRESET') {
      const { status, body } =
        error.code === 'HPE_HEADER_OVERFLOW' ? presentLong(error) : presentOther(error);
      const text = JSON.stringify(body);
      socket.write(
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(text)}\r\nContent-Type: application/json; charset=utf-8\r\n\r\n${text}`,
      );
    }
    socket.destroy(error);
  }

  function presentLong({ rawPacket }: ClientError): VendorError {
    const start = Buffer.isBuffer(rawPacket) ? rawPacket.toString('latin1', 0, 2000) : '';
    const path = /^[A-Z]+ (\/[^ ?]*)/.exec(start)?.[1] ?? '/';
    const message = `The address and the headers of the request are longer than ${headerBytes} bytes together.`;
    return present(new RequestError('address-too-long', message, { status: 431 }), path);
  }
}

function presentOther({ code }: ClientError): VendorError {
  const [status, message] = code === timeIsOver ? [408, 'Client Timeout'] : [400, 'Client Error'];
  return { status, body: { error: STATUS_CODES[status], message, statusCode: status } };
}

/** Answers whether a new connection is not one too many of its address. */
function countConnections(maximum: number, isTrusted: IsTrusted): (socket: Socket) => boolean {
  const counts = new Map<string, number>();
  return (socket) => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined || isTrusted(remoteAddress)) return true;
    const network = networkOf(remoteAddress);
    const count = counts.get(network) ?? 0;
    if (count >= maximum) return false;
    counts.set(network, count + 1);
    socket.once('close', () => {
      const left = (counts.get(network) ?? 1) - 1;
      if (left > 0) counts.set(network, left);
      else counts.delete(network);
    });
    return true;
  };
}

/** Ends the connection of who takes nothing of a long answer, which is held in memory meanwhile. */
export function endSlowReaders(app: FastifyInstance): void {
  app.addHook('onSend', (request, _reply, payload, done) => {
    const isShort = typeof payload === 'string' && payload.length < shortAnswer;
    // What is injected has no socket of its own.
    if (!isShort && request.raw.socket instanceof Socket) request.raw.socket.setTimeout(readingMilliseconds);
    done(null, payload);
  });
}

/** How long a client that keeps its connection is waited for, so that it hears of its end by an answer. */
const lastAnswerMilliseconds = 1000;

/**
 * For the end of the server: nobody new is let in, and each answer says that its connection ends (Fastify's doing while it closes), so that
 * no client sends its next request into a connection that is being closed. Those that nothing is sent on for a second are closed.
 */
export function letGoAtEnd(app: FastifyInstance): void {
  app.addHook('preClose', async () => {
    const { server } = app;
    if (!server.listening) return;
    // What HTTP's own server does besides is to close the connections that are idle at the moment.
    NetServer.prototype.close.call(server);
    const deadline = performance.now() + lastAnswerMilliseconds;
    while ((await countOpen(server)) > 0) {
      if (performance.now() > deadline) server.closeIdleConnections();
      await delay(20);
    }
  });
}

function countOpen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}
