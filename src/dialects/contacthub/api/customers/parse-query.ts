import { isStorableText } from '../../../../core/event/storable.ts';
import type { Key } from '../../../../core/identity/identity.ts';
import { emailKey } from '../../../../core/value/normal-form.ts';
import { isRecord } from '../../../../core/value/text.ts';
import { RequestError } from '../../../../errors.ts';
import { parseJson } from '../../../../http/body.ts';
import { isNumber } from '../../../../json/exact-number.ts';
import { formatVendorDate, parseVendorDate } from '../../documents/dates.ts';
import type { Condition, ConditionValue } from '../../query/condition.ts';

/** Bounds of one query; clients send a handful of conditions. */
const maximumDepth = 10;
const maximumConditions = 100;
/** Of those that look inside a text: the dearest there are. */
const maximumLookingInside = 20;
const maximumValues = 1000;
const maximumTextLength = 1000;
const maximumWildcards = 8;

/**
 * The `query` of a customer search (docs/spec/contacthub.md E). Extra names are let pass, as some clients send them.
 * @throws RequestError `invalid-request`
 */
export function parseCustomerQuery(text: string): Condition {
  if (!isStorableText(text))
    throw invalid('has a character that no text can hold (U+0000, or half of a pair); leave it out');
  const outer = objectOf(parseJson(text), 'query');
  if (!isStorableText(JSON.stringify(outer)))
    throw invalid('has a character that no text can hold (U+0000, or half of a pair); leave it out');
  return new QueryReader().readQuery(objectOf(outer.query ?? outer, 'query'), 1);
}

/** A key that everybody whom the condition fits has; a search by it need not look at the others. */
export function keyOf(condition: Condition): Key | undefined {
  if (condition.kind === 'and') return condition.conditions.map(keyOf).find(Boolean);
  if (condition.kind !== 'equals' || condition.values.length !== 1) return undefined;
  const [value] = condition.values;
  if (typeof value !== 'string') return undefined;
  if (condition.path === 'externalId' && value !== '') return { kind: 'external', value };
  const email = condition.path === 'base.contacts.email' ? emailKey(value) : undefined;
  return email === undefined ? undefined : { kind: 'email', value: email };
}

class QueryReader {
  #conditions = 0;
  #lookingInside = 0;

  /** Sets of customers, joined, cut or taken away from each other, are conditions joined by or, and, not. */
  readQuery(query: Record<string, unknown>, depth: number): Condition {
    this.#bound(depth);
    if (query.type === 'simple') return this.#readSimple(query, depth);
    if (query.type !== 'combined') throw invalid('type must be simple or combined');
    const { queries, conjunction } = query;
    if (!Array.isArray(queries) || queries.length === 0) throw invalid('queries must be a list of queries');
    const conditions = queries.map((part) => this.readQuery(objectOf(part, 'queries'), depth + 1));
    switch (textOf(conjunction).toUpperCase()) {
      case 'INTERSECT':
        return { kind: 'and', conditions };
      case 'UNION':
        return { kind: 'or', conditions };
      case 'EXCEPT': {
        const [first, ...rest] = conditions;
        return {
          kind: 'and',
          conditions: [first!, ...rest.map((condition): Condition => ({ kind: 'not', condition }))],
        };
      }
      default:
        throw invalid('conjunction must be INTERSECT, UNION or EXCEPT');
    }
  }

  #readSimple(query: Record<string, unknown>, depth: number): Condition {
    // What a condition on events looks like no source says; leaving it out would find too many.
    if (query.did !== undefined && query.did !== null) throw invalid('did is not supported');
    const { condition } = objectOf(query.are, 'are');
    if (condition === undefined || condition === null) return { kind: 'and', conditions: [] };
    return this.#readCondition(objectOf(condition, 'condition'), depth + 1);
  }

  #readCondition(condition: Record<string, unknown>, depth: number): Condition {
    this.#bound(depth);
    if (condition.type === 'atomic') return this.#readAtomic(condition);
    if (condition.type !== 'composite') throw invalid('the type of a condition must be atomic or composite');
    const conjunction = textOf(condition.conjunction).toLowerCase();
    if (conjunction !== 'and' && conjunction !== 'or') throw invalid('conjunction must be and or or');
    const { conditions } = condition;
    if (!Array.isArray(conditions) || conditions.length === 0)
      throw invalid('conditions must be a list of conditions');
    return {
      kind: conjunction,
      conditions: conditions.map((part) => this.#readCondition(objectOf(part, 'conditions'), depth + 1)),
    };
  }

  #readAtomic(condition: Record<string, unknown>): Condition {
    const read = readAtomic(condition);
    if (read.kind === 'holds' && ++this.#lookingInside > maximumLookingInside)
      throw invalid(
        `a query has at most ${maximumLookingInside} conditions that look inside a text (LIKE, or IN with a text)`,
      );
    return read;
  }

  #bound(depth: number): void {
    if (depth > maximumDepth) throw invalid(`queries are nested at most ${maximumDepth} deep`);
    if (++this.#conditions > maximumConditions)
      throw invalid(`a query has at most ${maximumConditions} conditions`);
  }
}

function readAtomic({ attribute, operator, value }: Record<string, unknown>): Condition {
  const path = textOf(attribute);
  if (path === '' || path.length > 255) throw invalid('attribute must be the path of a property');
  const not = (condition: Condition): Condition => ({ kind: 'not', condition });
  switch (textOf(operator)) {
    case 'EQUALS':
      return equals(path, [scalarOf(value)]);
    case 'NOT_EQUALS':
      return not(equals(path, [scalarOf(value)]));
    case 'IN':
      return isIn(path, value);
    case 'NOT_IN':
      return not(isIn(path, value));
    case 'LIKE':
      return isLike(path, value);
    case 'IS_NULL':
      return not({ kind: 'is-known', path });
    case 'IS_NOT_NULL':
      return { kind: 'is-known', path };
    case 'BETWEEN': {
      if (!Array.isArray(value) || value.length !== 2) throw invalid('BETWEEN takes a list of two values');
      const [from, to] = value.map((bound) => comparableValue(path, scalarOf(bound)));
      return {
        kind: 'compares',
        path,
        comparisons: [
          { sign: '>=', value: from! },
          { sign: '<=', value: to! },
        ],
      };
    }
    default:
      return readComparison(path, operator, value);
  }
}

const operators = [
  'EQUALS',
  'NOT_EQUALS',
  'IN',
  'NOT_IN',
  'LIKE',
  'IS_NULL',
  'IS_NOT_NULL',
  'BETWEEN',
  'GTE',
  'GT',
  'LTE',
  'LT',
];
const signs = { GTE: '>=', GT: '>', LTE: '<=', LT: '<' } as const;

function readComparison(path: string, operator: unknown, value: unknown): Condition {
  const name = textOf(operator);
  if (!Object.hasOwn(signs, name)) throw invalid(`operator must be one of ${operators.join(', ')}`);
  const sign = signs[name as keyof typeof signs];
  return { kind: 'compares', path, comparisons: [{ sign, value: comparableValue(path, scalarOf(value)) }] };
}

/** A client passes IN a plain text to look for it inside (docs/spec/contacthub.md E: must not be refused). */
function isIn(path: string, value: unknown): Condition {
  if (typeof value === 'string') return { kind: 'holds', path, parts: [limited(value)], caseSensitive: true };
  const values = Array.isArray(value) ? value : [value];
  if (values.length > maximumValues) throw invalid(`IN takes at most ${maximumValues} values`);
  return equals(path, values.map(scalarOf));
}

/** `%` and `*` stand for any text; without one the text may be anywhere (inferred). */
function isLike(path: string, value: unknown): Condition {
  const parts = limited(String(scalarOf(value))).split(/[%*]+/);
  if (parts.length > maximumWildcards) throw invalid(`LIKE takes at most ${maximumWildcards} wildcards`);
  return { kind: 'holds', path, parts, caseSensitive: false };
}

/** A date-time is stored in one form and may be asked for in any. */
function equals(path: string, values: readonly ConditionValue[]): Condition {
  const forms = values.flatMap((value) => [value, comparableValue(path, value)]);
  return { kind: 'equals', path, values: [...new Set(forms)] };
}

/** Days without a time; a client asks for them by date-times (its query library knows nothing else). */
const calendarDates = new Set(['base.dob', 'base.jobs.startDate', 'base.jobs.endDate']);

function comparableValue(path: string, value: ConditionValue): ConditionValue {
  const date = typeof value === 'string' ? parseVendorDate(value) : undefined;
  if (!date) return value;
  const text = formatVendorDate(date);
  return calendarDates.has(path) ? text.slice(0, 'yyyy-MM-dd'.length) : text;
}

function scalarOf(value: unknown): ConditionValue {
  if (typeof value === 'string') return limited(value);
  if (isNumber(value) || typeof value === 'boolean') return value;
  throw invalid('value must be a text, a number, true or false');
}

function limited(text: string): string {
  if (text.length > maximumTextLength) throw invalid(`value is longer than ${maximumTextLength} characters`);
  return text;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function objectOf(value: unknown, what: string): Record<string, unknown> {
  if (!isRecord(value)) throw invalid(`${what} must be an object`);
  return value;
}

function invalid(message: string): RequestError {
  return new RequestError('invalid-request', `query is not valid: ${message}`, { path: 'query' });
}
