import type { FastifyReply } from 'fastify';

/** Sends what is JSON already: as text, or as the bytes of one. */
export function sendJson(reply: FastifyReply, json: string | Buffer): FastifyReply {
  return reply
    .type('application/json; charset=utf-8')
    .serializer((text: string) => text)
    .send(json);
}
