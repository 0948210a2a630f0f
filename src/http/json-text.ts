import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { TextPieces } from './text-pieces.ts';

/** Sends what is JSON already: as text, or as the bytes of one. */
export function sendJson(reply: FastifyReply, json: string | Buffer): FastifyReply {
  return reply
    .type('application/json; charset=utf-8')
    .serializer((text: string) => text)
    .send(json);
}

/** The same of one that is long: what leads it, and the rest in pieces, whose memory is let go of once they are on their way. */
export function sendJsonPieces(reply: FastifyReply, lead: string, rest: TextPieces): FastifyReply {
  const pieces = [Buffer.from(lead), ...rest.pieces];
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  // It is with the system by then, or nobody reads it any more.
  reply.raw.once('close', () => rest.release());
  return reply
    .type('application/json; charset=utf-8')
    .header('content-length', length)
    .send(Readable.from(pieces));
}
