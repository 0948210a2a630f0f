import { pointerToken } from '../../core/event/storable.ts';
import { isRecord } from '../../core/value/text.ts';

/** A place in a document. */
export interface Located {
  /** JSON pointer, by the names as they are written in the document. */
  readonly path: string;
  /** False: the document has no value there, or its pointer was cut and names none. */
  readonly isThere: boolean;
}

/**
 * Finds the place of a pointer in what was sent. A name may be written otherwise there: some APIs take their parameters' names in any
 * case, and a pointer has the beginning alone of one that is long.
 */
export function locate(document: unknown, pointer: string): Located {
  let value = document;
  let path = '';
  for (const token of tokensOf(pointer)) {
    const name = nameIn(value, token);
    if (name === undefined) return { path: path + restOf(pointer, path), isThere: false };
    path += `/${escapeToken(name)}`;
    value = Reflect.get(Object(value), name);
  }
  return { path, isThere: true };
}

function tokensOf(pointer: string): readonly string[] {
  return pointer.startsWith('/') ? pointer.slice(1).split('/') : [];
}

/** The tokens of a pointer behind those that were found; both have as many. */
function restOf(pointer: string, path: string): string {
  const found = tokensOf(path).length;
  return tokensOf(pointer)
    .slice(found)
    .map((token) => `/${token}`)
    .join('');
}

function nameIn(value: unknown, token: string): string | undefined {
  const plain = token.replaceAll('~1', '/').replaceAll('~0', '~');
  if (Array.isArray(value)) return /^\d+$/.test(plain) && Number(plain) < value.length ? plain : undefined;
  if (!isRecord(value)) return undefined;
  if (Object.hasOwn(value, plain)) return plain;
  const names = Object.keys(value);
  const lower = plain.toLowerCase();
  return (
    names.find((name) => pointerToken(name) === token) ?? names.find((name) => name.toLowerCase() === lower)
  );
}

function escapeToken(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
