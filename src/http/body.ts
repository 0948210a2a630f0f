import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import secureJson from 'secure-json-parse';
import { RequestError } from '../errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body's JSON text as it came, for the quarantine; empty for other content types. */
    rawBody: string;
  }
}

/** Beyond this no vendor's body nests; checked before anything walks the parsed value. */
const maximumNesting = 64;

/** Parses JSON text. Refuses `__proto__` keys, `constructor.prototype` keys and hostile nesting. */
export function parseJson(text: string): unknown {
  if (isNestedTooDeep(text)) throw new RequestError('malformed-body', 'The body is nested too deeply.');
  try {
    return secureJson.parse(text, { protoAction: 'error', constructorAction: 'error' });
  } catch {
    throw new RequestError('malformed-body', 'The body is not valid JSON.');
  }
}

function isNestedTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 0x5c) index++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > maximumNesting) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}

/**
 * JSON bodies, under any of the names that clients send them by (a beacon says text/plain), compressed or not. The limit is on
 * the inflated bytes.
 */
export function registerBodies(app: FastifyInstance): void {
  app.decorateRequest('rawBody', '');
  app.removeAllContentTypeParsers();
  const parse = (
    request: FastifyRequest,
    text: string,
    done: (error: Error | null, body?: unknown) => void,
  ) => {
    request.rawBody = text;
    try {
      done(null, text.trim() === '' ? undefined : parseJson(text));
    } catch (error) {
      done(error as Error);
    }
  };
  app.addContentTypeParser<string>(['application/json', 'text/plain'], { parseAs: 'string' }, parse);
  app.addContentTypeParser<string>(/^application\/[\w.-]+\+json/, { parseAs: 'string' }, parse);
  app.addHook('preParsing', async (request, _reply, payload) => {
    const encoding = request.headers['content-encoding']?.toLowerCase();
    if (!encoding || encoding === 'identity') return payload;
    const inflate = inflaterOf(encoding);
    // The length that was announced is that of the compressed body.
    delete request.headers['content-length'];
    payload.on('error', (error) => inflate.destroy(error));
    return payload.pipe(inflate);
  });
}

function inflaterOf(encoding: string) {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new RequestError('unsupported-media', 'Send the body as it is, or with gzip, deflate or br.');
  }
}
