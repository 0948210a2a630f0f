/** The slow and obvious search: what a query finds, by what GET shows of customers and their events. */

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Shown = { [name: string]: Json };

export interface Person {
  readonly customer: Shown;
  readonly events: readonly Shown[];
}

/** As a query is sent. */
// biome-ignore lint/suspicious/noExplicitAny: the query is JSON that the test makes by hand
type Part = any;

/** What stands at a path, through lists, an item of a list for each. */
function valuesAt(value: Json | undefined, names: readonly string[]): Json[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, names));
  const [name, ...rest] = names;
  if (name === undefined) return value === undefined || value === null ? [] : [value];
  if (name === '*') return valuesAt(value, rest);
  return typeof value === 'object' && value !== null ? valuesAt(value[name], rest) : [];
}

function isKnown(value: Json): boolean {
  if (Array.isArray(value)) return value.some(isKnown);
  if (typeof value === 'object' && value !== null) return Object.values(value).some(isKnown);
  return value !== null;
}

const sameKind = (a: Json, b: Json) => typeof a === typeof b;

function compare(a: Json, b: Json): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return Number(a) - Number(b);
}

function holdsInside(value: Json, text: string, caseSensitive: boolean): boolean {
  if (typeof value !== 'string') return false;
  const fold = (one: string) => (caseSensitive ? one : one.toLowerCase());
  let from = 0;
  for (const part of caseSensitive ? [text] : text.split(/[%*]+/)) {
    const at = fold(value).indexOf(fold(part), from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}

function isLike(shown: Shown, { attribute, operator, value }: Part): boolean {
  const values = valuesAt(shown, attribute.split('.'));
  const some = (test: (one: Json) => boolean) => values.some(test);
  const among = (list: Json[]) => some((one) => list.includes(one));
  const ordered = (test: (order: number) => boolean, bound: Json) =>
    some((one) => sameKind(one, bound) && test(compare(one, bound)));
  switch (operator) {
    case 'EQUALS':
      return among([value]);
    case 'NOT_EQUALS':
      return !among([value]);
    case 'IN':
      return typeof value === 'string' ? some((one) => holdsInside(one, value, true)) : among(value);
    case 'NOT_IN':
      return !isLike(shown, { attribute, operator: 'IN', value });
    case 'LIKE':
      return some((one) => holdsInside(one, value, false));
    case 'IS_NULL':
      return !values.some(isKnown);
    case 'IS_NOT_NULL':
      return values.some(isKnown);
    case 'BETWEEN':
      return some(
        (one) => sameKind(one, value[0]) && compare(one, value[0]) >= 0 && compare(one, value[1]) <= 0,
      );
    case 'GTE':
      return ordered((order) => order >= 0, value);
    case 'GT':
      return ordered((order) => order > 0, value);
    case 'LTE':
      return ordered((order) => order <= 0, value);
    default:
      return ordered((order) => order < 0, value);
  }
}

function holds(condition: Part, test: (atomic: Part) => boolean): boolean {
  if (condition.type === 'atomic') return test(condition);
  const parts: Part[] = condition.conditions;
  return condition.conjunction === 'and'
    ? parts.every((part) => holds(part, test))
    : parts.some((part) => holds(part, test));
}

/** Days are whole ones in UTC. */
function isWhen(date: string, { operator, value }: Part): boolean {
  const at = Date.parse(date.replace('+0000', 'Z'));
  const first = (bound: string) => Date.parse(bound.length === 10 ? `${bound}T00:00:00.000Z` : bound);
  const last = (bound: string) =>
    bound.length === 10 ? Date.parse(`${bound}T23:59:59.999Z`) : Date.parse(bound);
  switch (operator) {
    case 'EQUALS':
      return at >= first(value) && at <= last(value);
    case 'BETWEEN':
      return at >= first(value[0]) && at <= last(value[1]);
    case 'GTE':
      return at >= first(value);
    case 'GT':
      return at > last(value);
    case 'LTE':
      return at <= last(value);
    default:
      return at < first(value);
  }
}

function hasDone(events: readonly Shown[], { event, condition, timeframe }: Part): boolean {
  return events.some(
    (one) =>
      one.type === event.name &&
      (!condition || holds(condition, (atomic) => isLike(one, atomic))) &&
      (!timeframe || holds(timeframe, (atomic) => isWhen(String(one.date), atomic))),
  );
}

export function finds(query: Part, person: Person): boolean {
  if (query.type === 'simple') {
    const are =
      !query.are?.condition || holds(query.are.condition, (atomic) => isLike(person.customer, atomic));
    return are && (!query.did || hasDone(person.events, query.did));
  }
  const [first, ...rest] = (query.queries as Part[]).map((part) => finds(part, person));
  if (query.conjunction === 'UNION') return first === true || rest.includes(true);
  if (query.conjunction === 'INTERSECT') return first === true && !rest.includes(false);
  return first === true && !rest.includes(true);
}

/** By the keys, those without a value last; then the last updated first; then by id. */
export function inOrder(people: readonly Person[], sort: readonly string[]): Person[] {
  const keys = [...sort, 'updatedAt,desc', 'id,asc'].map((key) => key.split(','));
  return people.toSorted((a, b) => {
    for (const [path = '', direction] of keys) {
      const [left, right] = [a, b].map(({ customer }) => valuesAt(customer, path.split('.'))[0]);
      if (left === undefined && right === undefined) continue;
      if (left === undefined) return 1;
      if (right === undefined) return -1;
      const order = compare(left, right) * (direction === 'desc' ? -1 : 1);
      if (order !== 0) return order;
    }
    return 0;
  });
}
