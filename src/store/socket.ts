import { connect, type Socket } from 'node:net';

/** Where a server is, as the driver tells it. */
export interface SocketOptions {
  path: string | false;
  host: string[];
  port: number[];
}

/** A pipelined batch is larger than Node's 64 KiB; over its mark the driver stops pipelining and waits. */
const writeBuffer = { highWaterMark: 8 * 1024 * 1024 };
const CONNECT_PATIENCE_MS = 5_000;

/**
 * A socket on its way, for a connection that the driver may make anew: it sees the socket fail and close, as one of its own, and tries
 * again. What is written before it is connected goes out then.
 */
export function beginSocket(options: SocketOptions): Socket {
  const address = options.path
    ? { path: options.path }
    : { host: options.host[0] as string, port: options.port[0] as number, noDelay: true };
  // The driver takes the server's name for TLS from here.
  return Object.assign(connect({ ...address, ...writeBuffer }), { host: options.host[0] });
}

/** A socket that is connected, for a connection that is never made anew. */
export function connectSocket(options: SocketOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = beginSocket(options);
    const timer = setTimeout(() => {
      socket.destroy(
        Object.assign(new Error('the database did not answer in time'), { code: 'CONNECT_TIMEOUT' }),
      );
    }, CONNECT_PATIENCE_MS);
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

/** What the driver's own error for it says. */
export function connectionLost(): Error {
  return Object.assign(new Error('the connection to the database was lost'), { code: 'CONNECTION_CLOSED' });
}
