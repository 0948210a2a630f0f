import { randomUUID } from 'node:crypto';
import { ExactNumber, noteHolder, toNumber } from './exact-number.ts';

/**
 * Parses JSON text as `parse` does (`JSON.parse`, say), with an `ExactNumber` for each number that a double would change.
 * @throws what `parse` throws
 */
export function readJson(text: string, parse: (text: string) => unknown = JSON.parse): unknown {
  if (!mayHoldExact(text)) return parse(text);
  const marked = markExact(text);
  if (marked === text) return parse(text);
  try {
    return putExact(parse(marked));
  } catch (error) {
    // The parser says where it stopped: that is to be a place of the text, which is no JSON either.
    parse(text);
    throw error;
  }
}

/** As many digits as every double gives back with the same value (DBL_DIG). */
const heldDigits = 15;
/** Of a number whose exponent may lead beyond the doubles. */
const largeExponent = /\d[eE][-+]?\d{3}/;

/**
 * Cheaply, whether a text may hold a number that a double would change: it has a run of more digits than every double holds, or a
 * large exponent. Looks at every sixteenth character alone as long as that is not part of a number.
 */
function mayHoldExact(text: string): boolean {
  for (let end = heldDigits; end < text.length; ) {
    let index = end;
    while (index >= end - heldDigits && isDigitOrPoint(text.charCodeAt(index))) index--;
    if (index < end - heldDigits) return true;
    end = index + heldDigits + 1;
  }
  return largeExponent.test(text);
}

function isDigitOrPoint(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2e;
}

/**
 * What marks a text that stands for an exact number while the document is parsed: a reviver would see each number's source, too,
 * but costs many times the parsing (docs/decisions/0010-exact-numbers-and-instants.md). Nobody outside of the process can know it.
 */
const mark = randomUUID();

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
const whiteSpace = /[\t\n\r ]/;

/** Whether a text is a number as JSON writes one. */
export function isNumberText(text: string): boolean {
  return jsonNumber.test(text);
}

/** The document with its exact numbers written as marked texts. Text that is not JSON stays so: only whole values are replaced. */
function markExact(text: string): string {
  let marked = '';
  let copied = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) index = endOfText(text, index);
    else if (code === 0x2d || isDigitOrPoint(code)) {
      const end = endOfNumber(text, index);
      if (isExactValue(text, index, end)) {
        marked += `${text.slice(copied, index)}"${mark}${text.slice(index, end)}"`;
        copied = end;
      }
      index = end - 1;
    }
  }
  return marked + text.slice(copied);
}

/** Where the quote is that ends the text whose quote is at `start`. */
export function endOfText(text: string, start: number): number {
  let index = start + 1;
  for (; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) break;
    if (code === 0x5c) index++;
  }
  return index;
}

/** Behind all that a number is written with. */
function endOfNumber(text: string, start: number): number {
  let index = start + 1;
  for (; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const isPart = isDigitOrPoint(code) || code === 0x65 || code === 0x45 || code === 0x2b || code === 0x2d;
    if (!isPart) break;
  }
  return index;
}

function isExactValue(text: string, start: number, end: number): boolean {
  const number = text.slice(start, end);
  if (number.length <= heldDigits && !largeExponent.test(number)) return false;
  if (!jsonNumber.test(number) || typeof toNumber(number) === 'number') return false;
  let next = end;
  while (whiteSpace.test(text.charAt(next))) next++;
  // A number in the place of a name would become one.
  return text.charAt(next) !== ':';
}

/** Puts the numbers in the place of their marked texts, in the parsed document itself. */
function putExact(value: unknown): unknown {
  if (typeof value === 'string')
    return value.startsWith(mark) ? new ExactNumber(value.slice(mark.length)) : value;
  if (typeof value === 'object' && value !== null) putExactInto(value as Record<string, unknown>);
  return value;
}

/** Whether there was one. */
function putExactInto(members: Record<string, unknown>): boolean {
  let holds = false;
  for (const name of Object.keys(members)) {
    const member = members[name];
    if (typeof member === 'string' && member.startsWith(mark)) {
      members[name] = new ExactNumber(member.slice(mark.length));
      holds = true;
    } else if (typeof member === 'object' && member !== null)
      holds = putExactInto(member as Record<string, unknown>) || holds;
  }
  if (holds) noteHolder(members);
  return holds;
}
