import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** Sends what is JSON already: as text, or as the bytes of one. */
export function sendJson(reply: FastifyReply, json: string | Buffer): FastifyReply {
  return reply
    .type('application/json; charset=utf-8')
    .serializer((text: string) => text)
    .send(json);
}

/**
 * The same of the pieces of one JSON text, so that they need not be put together: many megabytes beside V8's heap make it collect all of that
 * (docs/decisions/0014-update-stream.md).
 */
export function sendJsonPieces(reply: FastifyReply, pieces: readonly Buffer[]): FastifyReply {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return reply
    .type('application/json; charset=utf-8')
    .header('content-length', length)
    .send(Readable.from(pieces));
}
