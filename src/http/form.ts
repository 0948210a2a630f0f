import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
import { RequestError } from '../errors.ts';

/**
 * Fields of one form, and parameters of one query. PHP's own bound (`max_input_vars`), which the vendors' clients live with. It is
 * held before a field is read: nesting 170,000 of them stops the process for seconds.
 */
export const maximumFields = 1000;

/** The text of a form's body. @throws RequestError `malformed-body` */
export function readFormText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new RequestError('malformed-body', 'The body is not valid UTF-8.');
  return bytes.toString();
}

/** The fields of a form-encoded text, in their order. @throws RequestError `malformed-body` when there are too many */
export function readFormFields(text: string): URLSearchParams {
  if (hasMoreThan(maximumFields - 1, '&', text)) throw tooManyFields();
  return new URLSearchParams(text);
}

/** The fields of a multipart body without its files, in their order. @throws RequestError `malformed-body` */
export async function readMultipart(bytes: Buffer, contentType: string): Promise<[string, string][]> {
  // Each part has to have this header, whatever the boundary is.
  const parts = bytes.toString('latin1').matchAll(/content-disposition/gi);
  if (!parts.drop(maximumFields).next().done) throw tooManyFields();
  try {
    const form = await new Response(new Uint8Array(bytes), {
      headers: { 'content-type': contentType },
    }).formData();
    return [...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  } catch {
    throw new RequestError('malformed-body', 'The body is not valid multipart form data.');
  }
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
