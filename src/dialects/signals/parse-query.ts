import {
  type ConversationEventType,
  conversationEventTypes,
  isConversationEventType,
} from '../../core/conversation/conversation-event.ts';
import { RequestError } from '../../errors.ts';
import { parseQueryInstant } from '../../http/query-instant.ts';
import type { Fault } from './errors.ts';

/** What a list of events is asked by. */
export interface EventQuery {
  /** Inclusive. */
  readonly since: Date;
  /** Exclusive. */
  readonly before: Date;
  readonly adId: string | null;
  readonly type: ConversationEventType | null;
  readonly valueTypeId: string | null;
  readonly value: string | null;
  /** Null: not given. */
  readonly limit: number | null;
  readonly offset: number;
}

const maximumLimit = 1000;
const day = 24 * 60 * 60 * 1000;
const maximumTextLength = 1000;

const datePattern = /^\d{4}-\d{2}-\d{2}$/;
const typeIdPattern = /^[0-9a-f]{24}$/i;
const integerPattern = /^-?\d{1,15}$/;

/**
 * The parameters of events, their export and their types (spec/signals.md A3, B11).
 * @throws RequestError `invalid-request` with everything that is wrong; nothing is clamped
 */
export function parseEventQuery(query: Readonly<Record<string, unknown>>): EventQuery {
  const reader = new QueryReader(query);
  const since = reader.readDate('date_from', 'start');
  const before = reader.readDate('date_to', 'end');
  if (since && before && since >= before) {
    reader.fault('date_to', 'ensure that date_to is not before date_from', 'value_error');
  }
  const { type: idsType, ...id } = reader.readTypeId();
  const type = reader.readType();
  const parsed = {
    adId: reader.readText('ad_id') ?? null,
    limit: reader.readInteger('limit', 1, maximumLimit) ?? null,
    offset: reader.readInteger('offset', 0, Number.MAX_SAFE_INTEGER) ?? 0,
  };
  reader.finish();
  // Both given and different: nothing is of both types, and neither is the value.
  const contradicts = type && idsType && type !== idsType;
  return {
    since: since!,
    before: contradicts ? since! : before!,
    type: type ?? idsType,
    ...id,
    ...parsed,
  };
}

/** Reads parameters one by one and gathers what is wrong, since FastAPI names all of it at once. */
class QueryReader {
  readonly #query: Readonly<Record<string, unknown>>;
  readonly #faults: Fault[] = [];

  constructor(query: Readonly<Record<string, unknown>>) {
    this.#query = query;
  }

  /** Undefined when absent or empty; of a parameter that is given twice, the last. */
  readText(name: string): string | undefined {
    const given = this.#query[name];
    const value: unknown = Array.isArray(given) ? given.at(-1) : given;
    if (typeof value !== 'string' || value === '') return undefined;
    if (value.length <= maximumTextLength && !value.includes('\0')) return value;
    this.fault(name, `ensure this value is text of at most ${maximumTextLength} characters`, 'value_error');
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
    if (!instant) this.fault(name, 'invalid datetime format', 'value_error.datetime');
    if (!instant || edge === 'start') return instant;
    return new Date(instant.getTime() + (datePattern.test(text) ? day : 1));
  }

  readInteger(name: string, minimum: number, maximum: number): number | undefined {
    const text = this.readText(name);
    if (text === undefined) return undefined;
    if (!integerPattern.test(text)) {
      this.fault(name, 'value is not a valid integer', 'type_error.integer');
      return undefined;
    }
    const value = Number(text);
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

  readType(): ConversationEventType | null {
    const text = this.readText('event_type');
    if (text === undefined) return null;
    if (isConversationEventType(text)) return text;
    const permitted = conversationEventTypes.map((type) => `'${type}'`).join(', ');
    this.fault(
      'event_type',
      `value is not a valid enumeration member; permitted: ${permitted}`,
      'type_error.enum',
    );
    return null;
  }

  /**
   * B5: 24 hex digits, or the type with `#` and something of it: its 24 hex digits, or its value. `#1` of a type that has no
   * values is the only one there is.
   */
  readTypeId(): { type: ConversationEventType | null; valueTypeId: string | null; value: string | null } {
    const none = { type: null, valueTypeId: null, value: null };
    const text = this.readText('event_type_id');
    if (text === undefined) return none;
    if (typeIdPattern.test(text)) return { ...none, valueTypeId: text.toLowerCase() };
    const mark = text.indexOf('#');
    const type = text.slice(0, Math.max(mark, 0));
    const rest = text.slice(mark + 1);
    if (!isConversationEventType(type) || rest === '') {
      this.fault(
        'event_type_id',
        'value is neither 24 hex digits nor a type with # and its number or value',
        'value_error',
      );
      return none;
    }
    if (typeIdPattern.test(rest)) return { type, valueTypeId: rest.toLowerCase(), value: null };
    const hasNoValues = type === 'conversation' || type === 'engagement';
    return { type, valueTypeId: null, value: hasNoValues && rest === '1' ? null : rest };
  }

  fault(name: string, message: string, data: string): void {
    this.#faults.push({ path: `query/${name}`, message, data });
  }

  /** @throws RequestError when anything was wrong */
  finish(): void {
    if (this.#faults.length > 0)
      throw new RequestError('invalid-request', undefined, { items: this.#faults });
  }
}
