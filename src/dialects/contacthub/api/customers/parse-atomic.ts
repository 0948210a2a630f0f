import { cutText } from '../../../../core/cut-text.ts';
import { isRecord } from '../../../../core/value/text.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { isNumber, toNumber } from '../../../../json/exact-number.ts';
import { formatVendorDate, isCalendarDate, parseVendorDate } from '../../documents/dates.ts';
import type { EventTypeName } from '../../documents/enums.ts';
import { dateTime, type JsonSchema, type JsonType } from '../../documents/json-schema.ts';
import { eventSchemaAt } from '../../documents/known-paths.ts';
import type { Condition, ConditionValue, Sign } from '../../query/condition.ts';
import { propertiesSchemaOf } from '../../rules/event-rules.ts';
import { shownSchemaAt } from '../../rules/hidden-properties.ts';

const maximumValues = 1000;
const maximumTextLength = 1000;
const maximumWildcards = 8;

/** What the conditions of a part of a query speak of. */
export interface QuerySubject {
  readonly name: string;
  /** What it can have at a path; undefined where that leads nowhere. */
  readonly schemaAt: (path: string) => JsonSchema | undefined;
  readonly takes: readonly Operator[];
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
] as const;
type Operator = (typeof operators)[number];

export const customerSubject = (workspace: Workspace): QuerySubject => ({
  name: 'a customer',
  schemaAt: (path) => shownSchemaAt(path, workspace),
  takes: operators,
});

/** The same for a query that was taken before, also by attributes that the schema of then had. */
export const knownSubject = (workspace: Workspace): QuerySubject => {
  const { schemaAt, ...subject } = customerSubject(workspace);
  return { ...subject, schemaAt: (path) => schemaAt(path) ?? {} };
};

export const eventSubject = (type: EventTypeName, workspace: Workspace): QuerySubject => ({
  name: `an event ${type}`,
  schemaAt: (path) => eventSchemaAt(propertiesSchemaOf(workspace, type), path),
  takes: operators,
});

/** docs/spec/contacthub.md, ruling 9. */
export const timeframeSubject: QuerySubject = {
  name: 'a timeframe',
  schemaAt: (path) => (path === 'date' ? dateTime : undefined),
  takes: ['EQUALS', 'BETWEEN', 'GTE', 'GT', 'LTE', 'LT'],
};

/** @throws RequestError that names the attribute or the operator that nobody knows */
export function readAtomic(
  { attribute, operator, value }: Record<string, unknown>,
  subject: QuerySubject,
): Condition {
  const { path, schema } = placeOf(attribute, subject);
  const known = subject.takes.find((name) => name === operator);
  if (!known)
    throw invalid(`the operator ${shown(operator)} of ${path} is none of ${subject.takes.join(', ')}`);
  if (subject === timeframeSubject) return readInstants(path, known, value);
  return readComparison(path, known, asTyped(value, schema));
}

/** A list is looked into whether its items are named by a `*` or not. */
function placeOf(attribute: unknown, subject: QuerySubject): { path: string; schema: JsonSchema } {
  const path = textOf(attribute);
  if (path === '' || path.length > 255) throw invalid('attribute must be the path of a property');
  const schema = subject.schemaAt(path);
  if (!schema) throw invalid(`${subject.name} has no attribute ${shown(path)}`);
  return { path: path.replaceAll('.*', ''), schema };
}

const numberText = /^-?(0|[1-9]\d{0,99})(\.\d{1,99})?$/;
const booleanTexts: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** The PHP SDK writes every value as a text, true as 1; where there can only be numbers, or true and false, such a text is what it says. */
function asTyped(value: unknown, schema: JsonSchema): unknown {
  if (Array.isArray(value)) return value.map((one) => asTyped(one, schema));
  if (typeof value !== 'string') return value;
  const types = [schema.type].flat().filter((type) => type !== undefined && type !== 'null');
  const are = (...wanted: JsonType[]) => types.length > 0 && types.every((type) => wanted.includes(type));
  if (are('number', 'integer')) return numberText.test(value) ? toNumber(value) : value;
  return are('boolean') ? (booleanTexts.get(value) ?? value) : value;
}

function readComparison(path: string, operator: Operator, value: unknown): Condition {
  const not = (condition: Condition): Condition => ({ kind: 'not', condition });
  switch (operator) {
    case 'EQUALS':
      return equals(path, [scalarOf(value, path)]);
    case 'NOT_EQUALS':
      return not(equals(path, [scalarOf(value, path)]));
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
      const [from, to] = boundsOf(path, value);
      return {
        kind: 'compares',
        path,
        comparisons: [
          { sign: '>=', value: comparableValue(path, from) },
          { sign: '<=', value: comparableValue(path, to) },
        ],
      };
    }
    default: {
      const sign = signs[operator];
      return {
        kind: 'compares',
        path,
        comparisons: [{ sign, value: comparableValue(path, scalarOf(value, path)) }],
      };
    }
  }
}

const signs = { GTE: '>=', GT: '>', LTE: '<=', LT: '<' } as const;

function boundsOf(path: string, value: unknown): [ConditionValue, ConditionValue] {
  if (!Array.isArray(value) || value.length !== 2)
    throw invalid(`BETWEEN takes a list of two values (${path})`);
  return [scalarOf(value[0], path), scalarOf(value[1], path)];
}

/** When something was: by days, whole ones in UTC, or by date-times. */
function readInstants(path: string, operator: Operator, value: unknown): Condition {
  const from = (bound: ConditionValue) => instantOf(path, '>=', bound);
  const until = (bound: ConditionValue) => instantOf(path, '<=', bound);
  const compares = (...comparisons: { sign: Sign; value: string }[]): Condition => ({
    kind: 'compares',
    path,
    comparisons,
  });
  switch (operator) {
    case 'EQUALS':
      return compares(from(scalarOf(value, path)), until(scalarOf(value, path)));
    case 'BETWEEN': {
      const [first, last] = boundsOf(path, value);
      return compares(from(first), until(last));
    }
    case 'GTE':
    case 'GT':
    case 'LTE':
    case 'LT':
      return compares(instantOf(path, signs[operator], scalarOf(value, path)));
    default:
      throw invalid(`the operator ${operator} of ${path} compares no dates`);
  }
}

const dayMilliseconds = 24 * 60 * 60 * 1000;

/** On or before a day is before the next one; after it, from the next one on. */
function instantOf(path: string, sign: Sign, value: ConditionValue): { sign: Sign; value: string } {
  const text = String(value);
  if (isCalendarDate(text)) {
    const start = Date.parse(`${text}T00:00:00Z`);
    const isWhole = sign === '<=' || sign === '>';
    const at = new Date(isWhole ? start + dayMilliseconds : start).toISOString();
    return { sign: sign === '<=' ? '<' : sign === '>' ? '>=' : sign, value: at };
  }
  const date = parseVendorDate(text);
  if (!date)
    throw invalid(`${path} is compared with a day (2026-03-01) or a date-time (2026-03-01T12:00:00.000Z)`);
  return { sign, value: date.toISOString() };
}

/** A client passes IN a plain text to look for it inside (docs/spec/contacthub.md E: must not be refused). */
function isIn(path: string, value: unknown): Condition {
  if (typeof value === 'string')
    return { kind: 'holds', path, parts: [limited(value, path)], caseSensitive: true };
  const values = Array.isArray(value) ? value : [value];
  if (values.length > maximumValues) throw invalid(`IN takes at most ${maximumValues} values (${path})`);
  return equals(
    path,
    values.map((one) => scalarOf(one, path)),
  );
}

/** `%` and `*` stand for any text; without one the text may be anywhere (inferred). */
function isLike(path: string, value: unknown): Condition {
  const parts = limited(String(scalarOf(value, path)), path).split(/[%*]+/);
  if (parts.length > maximumWildcards)
    throw invalid(`LIKE takes at most ${maximumWildcards} wildcards (${path})`);
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

function scalarOf(value: unknown, path: string): ConditionValue {
  if (typeof value === 'string') return limited(value, path);
  if (isNumber(value) || typeof value === 'boolean') return value;
  throw invalid(`the value of ${path} must be a text, a number, true or false`);
}

function limited(text: string, path: string): string {
  if (text.length > maximumTextLength)
    throw invalid(`the value of ${path} is longer than ${maximumTextLength} characters`);
  return text;
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

export function objectOf(value: unknown, what: string): Record<string, unknown> {
  if (!isRecord(value)) throw invalid(`${what} must be an object`);
  return value;
}

/** What somebody sent, for a message: short, and told apart from the words around it. */
export function shown(value: unknown): string {
  return cutText(JSON.stringify(value) ?? 'undefined', 100);
}

export function invalid(message: string): RequestError {
  return new RequestError('invalid-request', `query is not valid: ${message}`, { path: 'query' });
}
