import { isStorableText } from '../../../core/event/storable.ts';
import { checkNumber } from '../../../core/value/amount.ts';
import { lastInstant } from '../../../core/value/instant.ts';
import { isRecord } from '../../../core/value/text.ts';
import { RequestError } from '../../../errors.ts';
import { parseQueryInstant } from '../../../http/query-instant.ts';
import { readDouble } from '../../../json/exact-number.ts';
import {
  type ConversationEventType,
  conversationEventTypes,
  isConversationEventType,
} from '../conversation/conversation-event.ts';
import type { Fault } from '../errors.ts';

const day = 24 * 60 * 60 * 1000;
/** Of the last year that is written with four digits: nothing is later. */
const maximumTextLength = 1000;

const datePattern = /^\d{4}-\d{2}-\d{2}$/;
const typeIdPattern = /^[0-9a-f]{24}$/i;
const integerPattern = /^-?\d{1,15}$/;

/** The longest id of Meta's that is taken; always text, since it can be larger than 2^53. */
export const maximumExternalIdLength = 128;

/** @throws RequestError `invalid-request` when the body is no object */
export function readerOfBody(body: unknown): ParameterReader {
  if (isRecord(body)) return new ParameterReader('body', body);
  const isMissing = body === undefined || body === null;
  const fault = isMissing
    ? { message: 'field required', data: 'value_error.missing' }
    : { message: 'value is not a valid dict', data: 'type_error.dict' };
  throw new RequestError('invalid-request', undefined, { items: [{ path: 'body', ...fault }] });
}

/** A reader of what a query says. */
export function readerOfQuery(query: unknown): ParameterReader {
  return new ParameterReader('query', isRecord(query) ? query : {});
}

/** Reads parameters one by one and gathers what is wrong, since FastAPI names all of it at once. */
export class ParameterReader {
  readonly #place: string;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #faults: Fault[];

  /** @param place `query`, `body`, or the path of the object in the body that the values are members of */
  constructor(place: string, values: Readonly<Record<string, unknown>>, faults: Fault[] = []) {
    this.#place = place;
    this.#values = values;
    this.#faults = faults;
  }

  /** A reader of a member's own members, whose faults are gathered with these; undefined when there is none. */
  readMembers(name: string): ParameterReader | undefined {
    if (!this.isGiven(name)) return undefined;
    const value = this.#values[name];
    if (isRecord(value)) return new ParameterReader(`${this.#place}/${name}`, value, this.#faults);
    this.fault(name, 'value is not a valid dict', 'type_error.dict');
    return undefined;
  }

  /** Likewise. Without such a member, that alone is the fault, and not that the members are missing, too. */
  requireMembers(name: string): ParameterReader {
    if (!this.isGiven(name)) this.fault(name, 'field required', 'value_error.missing');
    return this.readMembers(name) ?? new ParameterReader(`${this.#place}/${name}`, {});
  }

  /** A number, which may be written as a plain decimal text; undefined when it is not given. */
  readNumber(name: string, minimum: number, maximum: number): number | undefined {
    if (!this.isGiven(name)) return undefined;
    const checked = checkNumber(this.#values[name]);
    if (!checked.valid) {
      this.fault(name, 'value is not a valid number', 'type_error.float');
      return undefined;
    }
    const number = readDouble(checked.current);
    if (number === undefined) {
      this.fault(name, 'value has more digits than are counted exactly', 'type_error.float');
      return undefined;
    }
    return this.#checkRange(name, number, minimum, maximum);
  }

  /** Undefined when absent, null or empty; of a query's parameter that is given twice, the last. */
  readText(name: string, maximumLength = maximumTextLength): string | undefined {
    const given = this.#values[name];
    const value: unknown = Array.isArray(given) && this.#place === 'query' ? given.at(-1) : given;
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string') {
      this.fault(name, 'str type expected', 'type_error.str');
      return undefined;
    }
    if (value.length <= maximumLength && isStorableText(value)) return value;
    this.fault(name, `ensure this value is text of at most ${maximumLength} characters`, 'value_error');
    return undefined;
  }

  /** Without the space around it. */
  requireText(name: string, maximumLength?: number): string | undefined {
    const known = this.#faults.length;
    const text = this.readText(name, maximumLength)?.trim();
    if (text) return text;
    if (this.#faults.length === known) this.fault(name, 'field required', 'value_error.missing');
    return undefined;
  }

  /** B11: a day alone means its first or its last instant, in UTC as the dates of events are. */
  readDate(name: string, edge: 'start' | 'end'): Date | undefined {
    const text = this.readText(name)?.trim();
    if (text === undefined) {
      this.fault(name, 'field required', 'value_error.missing');
      return undefined;
    }
    const instant = parseQueryInstant(text);
    if (!instant)
      this.fault(
        name,
        'invalid datetime format: send YYYY-MM-DD, or ISO 8601 with time',
        'value_error.datetime',
      );
    if (!instant || edge === 'start') return instant;
    return new Date(Math.min(instant.getTime() + (datePattern.test(text) ? day : 1), lastInstant));
  }

  readInteger(name: string, minimum: number, maximum: number): number | undefined {
    const text = this.readText(name);
    if (text === undefined) return undefined;
    if (!integerPattern.test(text)) {
      this.fault(name, 'value is not a valid integer', 'type_error.integer');
      return undefined;
    }
    return this.#checkRange(name, Number(text), minimum, maximum);
  }

  readType(name: string): ConversationEventType | null {
    return this.readOneOf(name, conversationEventTypes);
  }

  requireOneOf<Text extends string>(name: string, texts: readonly Text[]): Text | null {
    if (this.isGiven(name)) return this.readOneOf(name, texts);
    this.fault(name, 'field required', 'value_error.missing');
    return null;
  }

  /** Neither absent, null nor empty. */
  isGiven(name: string): boolean {
    const value = this.#values[name];
    return value !== undefined && value !== null && value !== '';
  }

  readOneOf<Text extends string>(name: string, texts: readonly Text[]): Text | null {
    const text = this.readText(name);
    if (text === undefined) return null;
    const found = texts.find((known) => known === text);
    if (found !== undefined) return found;
    const permitted = texts.map((known) => `'${known}'`).join(', ');
    this.fault(name, `value is not a valid enumeration member; permitted: ${permitted}`, 'type_error.enum');
    return null;
  }

  /**
   * B5: 24 hex digits, or the type with `#` and something of it: its 24 hex digits, or its value. `#1` of a type that has no
   * values is the only one there is.
   */
  readTypeId(name: string): {
    type: ConversationEventType | null;
    valueTypeId: string | null;
    value: string | null;
  } {
    const none = { type: null, valueTypeId: null, value: null };
    const text = this.readText(name);
    if (text === undefined) return none;
    if (isTypeId(text)) return { ...none, valueTypeId: text.toLowerCase() };
    const mark = text.indexOf('#');
    const type = text.slice(0, Math.max(mark, 0));
    const rest = text.slice(mark + 1);
    if (!isConversationEventType(type) || rest === '') {
      this.fault(
        name,
        'value is neither 24 hex digits nor a type with # and its number or value',
        'value_error',
      );
      return none;
    }
    if (isTypeId(rest)) return { type, valueTypeId: rest.toLowerCase(), value: null };
    const hasNoValues = type === 'conversation' || type === 'engagement';
    return { type, valueTypeId: null, value: hasNoValues && rest === '1' ? null : rest };
  }

  /** 24 hex digits, in lower case; null when it is not given. */
  readHexId(name: string): string | null {
    const text = this.readText(name);
    if (text === undefined) return null;
    if (isTypeId(text)) return text.toLowerCase();
    this.fault(name, 'value is not an id of 24 hex digits', 'value_error');
    return null;
  }

  fault(name: string, message: string, data: string): void {
    this.#faults.push({ path: `${this.#place}/${name}`, message, data });
  }

  #checkRange(name: string, value: number, minimum: number, maximum: number): number {
    if (value < minimum) {
      this.fault(
        name,
        `ensure this value is greater than or equal to ${minimum}`,
        'value_error.number.not_ge',
      );
    } else if (value > maximum) {
      this.fault(name, `ensure this value is less than or equal to ${maximum}`, 'value_error.number.not_le');
    }
    return value;
  }

  /** @throws RequestError when anything was wrong */
  finish(): void {
    if (this.#faults.length > 0)
      throw new RequestError('invalid-request', undefined, { items: this.#faults });
  }
}

/** Whether a text has the form of a `type_id`. */
export function isTypeId(text: string): boolean {
  return typeIdPattern.test(text);
}
