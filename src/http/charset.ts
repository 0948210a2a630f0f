import { isUtf8 } from 'node:buffer';
import { RequestError } from '../errors.ts';

const declared = /;\s*charset\s*=\s*("?)([^\s;"]+)\1/i;

/**
 * The encoding that a content type declares, by its name in WHATWG's Encoding Standard (`iso-8859-1` is `windows-1252`); `utf-8` where it
 * declares none.
 * @throws RequestError `unsupported-media` for one that is not known
 */
export function encodingOf(contentType: string | undefined): string {
  const label = declared.exec(contentType ?? '')?.[2];
  if (label === undefined || /^utf-?8$/i.test(label)) return 'utf-8';
  try {
    return new TextDecoder(label).encoding;
  } catch {
    const message = `The charset ${label.slice(0, 40)} is not known: send UTF-8, or declare windows-1252, iso-8859-1, utf-16 or another of the WHATWG's encodings.`;
    throw new RequestError('unsupported-media', message);
  }
}

/**
 * Bytes as the text that they are in their encoding. What is none is refused: decoding it all the same would put U+FFFD in its place.
 * @throws RequestError `malformed-body`
 */
export function decodeText(bytes: Uint8Array, encoding: string): string {
  if (encoding === 'utf-8') {
    if (isUtf8(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  } else {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // Said below.
    }
  }
  const hint =
    encoding === 'utf-8'
      ? ': declare the charset in Content-Type if it is another'
      : ', the charset that Content-Type declares';
  throw new RequestError('malformed-body', `The body is not valid ${encoding.toUpperCase()}${hint}.`);
}
