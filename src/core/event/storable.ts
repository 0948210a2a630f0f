import { ExactNumber } from '../../json/exact-number.ts';
import { cutText } from '../cut-text.ts';

/** Deeper nesting than this no vendor's client sends; PostgreSQL and every reader would have to walk it. */
export const maximumDepth = 32;
/** Top-level properties of one event. Each name is an entry in the property catalogue. */
export const maximumProperties = 1000;

/** Characters of the name of an event type or a property: they are keys of indexes, which take 2,700 bytes a row. */
export const maximumNameLength = 255;

export interface Unstorable {
  readonly rule:
    | 'text-not-storable'
    | 'nested-too-deep'
    | 'too-many-properties'
    | 'name-too-long'
    | 'time-not-storable'
    | 'number-not-storable';
  /** JSON pointer of the culprit. */
  readonly path: string;
}

/**
 * Finds what could not be kept or given back: U+0000 and lone surrogates in keys or values, numbers beyond what is kept (1e400; see
 * `ExactNumber`), nesting beyond `maximumDepth`, and members whose names are too long to be in the catalogue. Undefined when all is
 * well.
 */
export function findUnstorable(document: Record<string, unknown>): Unstorable | undefined {
  const names = Object.keys(document);
  if (names.length > maximumProperties) return { rule: 'too-many-properties', path: '' };
  const long = names.find((name) => name.length > maximumNameLength);
  if (long !== undefined) return { rule: 'name-too-long', path: `/${pointerToken(long)}` };
  return walk(document, 1);
}

function walk(value: object, depth: number): Unstorable | undefined {
  if (depth > maximumDepth) return { rule: 'nested-too-deep', path: '' };
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const found = findInMember(value[index], depth);
      if (found) return { rule: found.rule, path: `/${index}${found.path}` };
    }
    return undefined;
  }
  for (const key of Object.keys(value)) {
    const found =
      findInMember((value as Record<string, unknown>)[key], depth) ??
      (isStorableText(key) ? undefined : unstorableText);
    if (found) return { rule: found.rule, path: `/${pointerToken(key)}${found.path}` };
  }
  return undefined;
}

const unstorableText: Unstorable = { rule: 'text-not-storable', path: '' };
const unstorableNumber: Unstorable = { rule: 'number-not-storable', path: '' };

function findInMember(member: unknown, depth: number): Unstorable | undefined {
  if (typeof member === 'string') return isStorableText(member) ? undefined : unstorableText;
  if (typeof member === 'number') return Number.isFinite(member) ? undefined : unstorableNumber;
  if (typeof member !== 'object' || member === null) return undefined;
  if (member instanceof ExactNumber) return member.isStorable ? undefined : unstorableNumber;
  return walk(member, depth + 1);
}

/** What few texts have: U+0000, or a half of a surrogate pair, alone or not. One look by it costs a quarter of two exact ones. */
const suspicious = /[\0\ud800-\udfff]/;

export function isStorableText(text: string): boolean {
  return !suspicious.test(text) || (!text.includes('\u0000') && text.isWellFormed());
}

/** A member's name within a pointer: of a long one its beginning. */
export function pointerToken(key: string): string {
  const token = key
    .toWellFormed()
    .replaceAll('\u0000', '\\u0000')
    .replaceAll('~', '~0')
    .replaceAll('/', '~1');
  return cutText(token, 100);
}

/** JSON text that PostgreSQL takes: what it can't keep is shown as U+FFFD. For reports on bad events, never for events. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'string' ? storableText(member) : member,
  ).replaceAll(/(?<!\\)((?:\\\\)*)\\u(0000|d[89a-f][0-9a-f]{2})/g, '$1\ufffd');
}

export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\ufffd');
}
