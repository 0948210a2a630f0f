import { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** So much of a file comes in at least in the time that another request has for the whole of it. In bytes. */
const leastProgress = 64 * 1024;

/** How much had come over a connection when it was looked at last. */
interface Progress {
  bytes: number;
}

/** Connections over which a body is coming in that may take as long as it goes on. */
const steady = new WeakMap<Socket, Progress>();

/** The body of this request is a file: it may take longer than others, as long as it comes in. */
export function allowSteadyBody({ raw }: FastifyRequest): void {
  const { socket } = raw;
  // What is injected has no socket of its own.
  if (!(socket instanceof Socket)) return;
  const progress = { bytes: socket.bytesRead };
  steady.set(socket, progress);
  raw.once('close', () => {
    if (steady.get(socket) === progress) steady.delete(socket);
  });
}

/** Calls `end` for a request whose time is over: at once, or, of a steady body, when too little of it comes in in as much time. */
export function endUnlessSteady(socket: Socket, milliseconds: number, end: () => void): void {
  const progress = steady.get(socket);
  const look = () => {
    if (!progress || socket.bytesRead - progress.bytes < leastProgress) {
      end();
      return;
    }
    progress.bytes = socket.bytesRead;
    const lookAgain = () => {
      if (steady.get(socket) === progress) look();
    };
    setTimeout(lookAgain, milliseconds).unref();
  };
  look();
}
