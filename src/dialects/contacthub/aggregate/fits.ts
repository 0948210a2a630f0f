import { isRecord } from '../../../core/value/text.ts';
import { isNumber, readDouble } from '../../../json/exact-number.ts';
import type { Comparison, Condition, ConditionValue } from '../query/condition.ts';
import { locate } from '../rules/customer-shape.ts';

/**
 * Whether a condition holds for a customer of these values, by attribute path: as a search for customers says by SQL
 * (query/plan-records-condition.ts), for who has them at hand. A condition of events holds for nobody.
 */
export function fits(condition: Condition, values: Readonly<Record<string, unknown>>): boolean {
  const some = (path: string, test: (value: unknown) => boolean) => valuesAt(values, path).some(test);
  switch (condition.kind) {
    case 'and':
      return condition.conditions.every((part) => fits(part, values));
    case 'or':
      return condition.conditions.some((part) => fits(part, values));
    case 'not':
      return !fits(condition.condition, values);
    case 'is-known':
      return some(condition.path, (value) => value !== null && value !== undefined);
    case 'equals':
      return some(condition.path, (value) => condition.values.some((wanted) => isEqual(value, wanted)));
    case 'compares':
      return some(condition.path, (value) => condition.comparisons.every((one) => isOnSide(value, one)));
    case 'holds':
      return some(condition.path, (value) => holdsParts(value, condition.parts, condition.caseSensitive));
    case 'did':
      return false;
  }
}

/** What stands at a path, an item of a list for each. Of a part with several attributes, what each of them holds. */
function valuesAt(values: Readonly<Record<string, unknown>>, path: string): unknown[] {
  const place = locate(path);
  if (place.kind === 'attribute') return membersAt(values[place.path], place.members);
  const paths = Object.keys(values).filter((name) => name.startsWith(place.prefix));
  return paths.flatMap((name) => membersAt(values[name], []));
}

function membersAt(value: unknown, names: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => membersAt(item, names));
  const [name, ...rest] = names;
  if (name === undefined) return [value];
  return isRecord(value) && Object.hasOwn(value, name) ? membersAt(value[name], rest) : [];
}

function isEqual(value: unknown, wanted: ConditionValue): boolean {
  if (isNumber(value)) return isNumber(wanted) && String(value) === String(wanted);
  return value === wanted;
}

function isOnSide(value: unknown, { sign, value: bound }: Comparison): boolean {
  const order = compare(value, bound);
  if (order === undefined) return false;
  switch (sign) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

/** Texts in the order of their code points, which the database sorts by; undefined of what has no order. */
function compare(value: unknown, bound: ConditionValue): number | undefined {
  if (typeof value === 'string' && typeof bound === 'string')
    return Buffer.compare(Buffer.from(value), Buffer.from(bound));
  const [one, other] = [readDouble(value), readDouble(bound)];
  return one === undefined || other === undefined ? undefined : one - other;
}

function holdsParts(value: unknown, parts: readonly string[], caseSensitive: boolean): boolean {
  if (typeof value !== 'string') return false;
  const fold = (text: string) => (caseSensitive ? text : text.toLowerCase());
  const text = fold(value);
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(fold(part), from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}
