import { createServer } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyInstance, FastifyServerFactory } from 'fastify';
import { networkOf } from '../core/rate-limit/network.ts';
import type { IsTrusted } from './proxies.ts';

export interface ServerBounds {
  /** How long the whole of a request may take to come in. */
  readonly requestMilliseconds: number;
  /** Connections at one time; of one address, unless it is a trusted proxy's, a quarter. */
  readonly maximumConnections: number;
}

/** How long a request's headers may take, of which the longest are 16 KiB. */
const headerMilliseconds = 10_000;
/** A connection that waits for its next request. Longer than a load balancer's own wait, which is a minute mostly. */
const idleMilliseconds = 72_000;
/** How long the client may take nothing of an answer that is on its way. */
const readingMilliseconds = 60_000;
/** What is shorter fits into the connection's own buffers, and is gone when it is written. */
const shortAnswer = 64 * 1024;

/** Makes servers that no client keeps waiting: what is sent slowly is cut off with 408, and connections are bounded. */
export function createServerFactory(bounds: ServerBounds, isTrusted: IsTrusted): FastifyServerFactory {
  const { requestMilliseconds, maximumConnections } = bounds;
  const admit = countConnections(Math.ceil(maximumConnections / 4), isTrusted);
  return (handler) => {
    const server = createServer(
      {
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
