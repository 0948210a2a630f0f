import { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import secureJson from 'secure-json-parse';
import { RequestError } from '../errors.ts';
import { endOfText, readJson } from '../json/read-json.ts';
import { decodeText, encodingOf } from './charset.ts';
import { bodyOfShortWay } from './short-way.ts';
import { inTurn } from './turns.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * The body's JSON text as it came (inflated), for the quarantine; empty for other content types. Unless another charset was
     * declared its UTF-8 is byte for byte what was sent, so a signature over the body can be checked by it.
     */
    rawBody: string;
  }
}

/** Beyond this no vendor's body nests; checked before anything walks the parsed value. */
const maximumNesting = 64;

/**
 * Parses JSON text; a number that a double would change is an `ExactNumber`. Refuses `__proto__` keys, `constructor.prototype` keys
 * and hostile nesting.
 */
export function parseJson(text: string): unknown {
  if (isNestedTooDeep(text)) throw new RequestError('malformed-body', 'The body is nested too deeply.');
  try {
    return readJson(text, parseSecurely);
  } catch (error) {
    throw new RequestError('malformed-body', `The body is not valid JSON${placeOf(error)}.`);
  }
}

/** The body that is this text; undefined where it is blank. @throws RequestError like `parseJson` */
export function parseBody(text: string): unknown {
  return text.trim() === '' ? undefined : parseJson(text);
}

/** Where the parser stopped; nothing of what stands there. */
function placeOf(error: unknown): string {
  const [, at] = /\bat position (\d+)/.exec(error instanceof Error ? error.message : '') ?? [];
  return at === undefined ? '' : ` (at character ${at})`;
}

function parseSecurely(text: string): unknown {
  return secureJson.parse(text, { protoAction: 'error', constructorAction: 'error' });
}

function isNestedTooDeep(text: string): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) index = endOfText(text, index);
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
  addTextParser(app, parseBody);
  app.addHook('preParsing', async (request, _reply, payload) => {
    const encoding = request.headers['content-encoding']?.toLowerCase();
    const taken = bodyOfShortWay(request.raw);
    if (taken) return Readable.from([taken]);
    if (!encoding || encoding === 'identity') return payload;
    const inflate = inflaterOf(encoding);
    // The length that was announced is that of the compressed body.
    delete request.headers['content-length'];
    return inflateWithin(request.routeOptions.bodyLimit ?? app.initialConfig.bodyLimit!, payload, inflate);
  });
}

/** For routes that look into a body only once its signature is checked: here the JSON stays the text that it is. */
export function leaveBodiesUnparsed(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  addTextParser(scope, (text) => text);
}

function addTextParser(app: FastifyInstance, read: (text: string) => unknown): void {
  const parse = (
    request: FastifyRequest,
    bytes: Buffer,
    done: (error: Error | null, body?: unknown) => void,
  ) => {
    inTurn(() => {
      let body: unknown;
      try {
        request.rawBody = decodeText(bytes, encodingOf(request.headers['content-type']));
        body = read(request.rawBody);
      } catch (error) {
        done(error as Error);
        return;
      }
      done(null, body);
    });
  };
  app.addContentTypeParser<Buffer>(['application/json', 'text/plain'], { parseAs: 'buffer' }, parse);
  app.addContentTypeParser<Buffer>(/^application\/[\w.-]+\+json/, { parseAs: 'buffer' }, parse);
}

/**
 * The inflated body. What is too large is not inflated any further, else a megabyte would cost the work of a gigabyte; the limit
 * holds for the compressed bytes too, since some of them inflate to nothing.
 */
function inflateWithin(limit: number, compressed: Readable, inflate: Transform): Readable {
  const stop = (error: Error) => {
    compressed.unpipe(inflate).resume();
    inflate.destroy();
    bounded.destroy(error);
  };
  let taken = 0;
  let given = 0;
  const bounded = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      given += chunk.length;
      if (given > limit) stop(new RequestError('body-too-large'));
      else done(null, chunk);
    },
  });
  compressed.on('data', (chunk: Buffer) => {
    taken += chunk.length;
    if (taken > limit && !bounded.destroyed) stop(new RequestError('body-too-large'));
  });
  compressed.once('error', stop);
  inflate.once('error', stop);
  return compressed.pipe(inflate).pipe(bounded);
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
