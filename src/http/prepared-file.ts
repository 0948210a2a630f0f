import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What is the same for everyone: made once, so that to answer it costs next to nothing, whoever asks and how often. */
export interface PreparedFile {
  readonly type: string;
  readonly bytes: Buffer;
  readonly compressed: Buffer;
  readonly tag: string;
}

/** @param type its media type */
export function prepareFile(content: string | Buffer, type: string): PreparedFile {
  const bytes = Buffer.from(content);
  return {
    type,
    bytes,
    compressed: gzipSync(bytes, { level: 9 }),
    tag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
  };
}

/** Answers it as the caller can take it: compressed, or 304 to who has it. The reply's other headers are the caller's. */
export function sendPrepared(
  request: FastifyRequest,
  reply: FastifyReply,
  { type, bytes, compressed, tag }: PreparedFile,
): FastifyReply {
  reply.headers({
    'content-type': type,
    etag: tag,
    vary: 'accept-encoding',
    'x-content-type-options': 'nosniff',
  });
  const known = request.headers['if-none-match']?.split(',').map((one) => one.trim().replace(/^W\//, ''));
  if (known?.includes(tag)) return reply.code(304).send();
  if (!/\bgzip\b/i.test(request.headers['accept-encoding'] ?? '')) return reply.send(bytes);
  return reply.header('content-encoding', 'gzip').send(compressed);
}
