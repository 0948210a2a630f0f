import type { FastifyRequest } from 'fastify';
import { RequestError } from '../errors.ts';
import { decodeText, encodingOf } from './charset.ts';

/**
 * Fields of one form, and parameters of one query. PHP's own bound (`max_input_vars`), which the vendors' clients live with. It is
 * held before a field is read: nesting 170,000 of them stops the process for seconds.
 */
export const maximumFields = 1000;

/**
 * The fields of a form-encoded body, in their order; what is escaped in them are bytes of the charset that is declared.
 * @throws RequestError `malformed-body`, `unsupported-media`
 */
export function readFormFields(bytes: Buffer, contentType: string | undefined): URLSearchParams {
  const encoding = encodingOf(contentType);
  // The units of UTF-16 have two bytes: nobody says what an escape in it would be, but that of UTF-8.
  if (encoding === 'utf-8' || encoding.startsWith('utf-16')) {
    const text = decodeText(bytes, encoding);
    refuseManyFields(text);
    return new URLSearchParams(text);
  }
  const text = bytes.toString('latin1');
  refuseManyFields(text);
  const decode = (part: string) => decodeText(unescapeBytes(part), encoding);
  return new URLSearchParams(
    text.split('&').flatMap((field) => {
      const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(field) ?? [];
      return field === '' ? [] : [[decode(name), decode(value)]];
    }),
  );
}

function refuseManyFields(text: string): void {
  if (hasMoreThan(maximumFields - 1, '&', text)) throw tooManyFields();
}

function unescapeBytes(part: string): Buffer {
  const unescaped = part
    .replaceAll('+', ' ')
    .replaceAll(/%([0-9a-f]{2})/gi, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(unescaped, 'latin1');
}

/** The fields of a multipart body without its files, in their order. @throws RequestError `malformed-body` */
export async function readMultipart(bytes: Buffer, contentType: string): Promise<[string, string][]> {
  // Each part has to have this header, whatever the boundary is.
  const parts = bytes.toString('latin1').matchAll(/content-disposition/gi);
  if (!parts.drop(maximumFields).next().done) throw tooManyFields();
  refuseOtherCharsets(bytes, contentType);
  try {
    const form = await new Response(new Uint8Array(bytes), {
      headers: { 'content-type': contentType },
    }).formData();
    const fields = [...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    refuseReplaced(fields, bytes);
    return fields;
  } catch (error) {
    if (error instanceof RequestError) throw error;
    throw new RequestError('malformed-body', 'The body is not valid multipart form data.');
  }
}

const partCharset = /^content-type:[^\r\n]*;\s*charset\s*=\s*"?(?!utf-?8\b|us-ascii\b)([^\s;"]+)/im;

/** Multipart bodies are read as UTF-8 alone (RFC 7578 section 5.1). */
function refuseOtherCharsets(bytes: Buffer, contentType: string): void {
  const other = encodingOf(contentType) !== 'utf-8' || partCharset.test(bytes.toString('latin1'));
  if (other)
    throw new RequestError(
      'unsupported-media',
      'Send multipart form data in UTF-8, without another charset.',
    );
}

const replacement = '\ufffd';

/** What is not UTF-8 has become U+FFFD, unless that was sent. */
function refuseReplaced(fields: readonly [string, string][], bytes: Buffer): void {
  const isReplaced = fields.some((field) => field.some((text) => text.includes(replacement)));
  if (isReplaced && !bytes.includes(replacement))
    throw new RequestError('malformed-body', 'The body is not valid UTF-8.');
}

/** The parameters of a request's query, in their order. That there are not too many is checked before (http/errors.ts). */
export function readQuery({ url }: FastifyRequest): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
}

/** For every request, before its query is looked at. @throws RequestError `invalid-request` */
export function refuseLongQuery({ url }: FastifyRequest): void {
  if (url.length > maximumFields && hasMoreThan(maximumFields - 1, '&', url))
    throw new RequestError('invalid-request', `The query has more than ${maximumFields} parameters.`, {
      status: 400,
    });
}

function tooManyFields(): RequestError {
  return new RequestError('malformed-body', `The body has more than ${maximumFields} fields.`);
}

function hasMoreThan(maximum: number, character: string, text: string): boolean {
  let at = -1;
  for (let found = 0; found <= maximum; found++) {
    at = text.indexOf(character, at + 1);
    if (at < 0) return false;
  }
  return true;
}
