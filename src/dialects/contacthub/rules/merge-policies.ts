import { readDouble } from '../../../json/exact-number.ts';
import type { MergePolicy } from '../settings/property-definitions.ts';
import { canonicalJson } from './canonical-json.ts';

/** How values of one extended property become one, and what type they have. */
export interface MergeRule {
  readonly policy: MergePolicy;
  readonly isInteger: boolean;
}

/**
 * What several values of a property come to, the oldest first. A value that is cleared is none; what a policy can't do with the values,
 * which an older schema may have let in, is as by priority: the newest counts.
 */
export function mergeValues({ policy, isInteger }: MergeRule, values: readonly unknown[]): unknown {
  const given = values.filter((value) => value !== undefined && value !== null);
  const newest = given.at(-1) ?? null;
  if (given.length < 2) return newest;
  if (policy === 'OBJ_PRIORITY') return newest;
  if (policy === 'OBJ_CONCATENATE') return concatenate(given) ?? newest;
  if (policy === 'ARRAY_UNION' || policy === 'ARRAY_INTERSECTION')
    return given.every(Array.isArray) ? mergeLists(policy, given) : newest;
  const numbers = given.flatMap((value) => readDouble(value) ?? []);
  if (numbers.length < given.length) return newest;
  const merged = calculate(policy, numbers);
  return isInteger ? Math.round(merged) : merged;
}

/** Texts and lists behind each other; the digits of whole numbers likewise. */
function concatenate(values: readonly unknown[]): unknown {
  if (values.every(Array.isArray)) return values.flat();
  if (values.every((value) => typeof value === 'string')) return values.join('');
  const digits = values.map((value) => (Number.isSafeInteger(value) ? String(value) : ''));
  const number = Number(digits.join(''));
  return digits.every((text) => text !== '') && Number.isSafeInteger(number) ? number : undefined;
}

function mergeLists(policy: 'ARRAY_UNION' | 'ARRAY_INTERSECTION', lists: readonly (readonly unknown[])[]) {
  const keyed = lists.map((list) => new Map(list.map((item) => [canonicalJson(item), item])));
  const [first = new Map<string, unknown>(), ...others] = keyed;
  if (policy === 'ARRAY_UNION') return [...new Map(keyed.flatMap((map) => [...map])).values()];
  return [...first].filter(([key]) => others.every((map) => map.has(key))).map(([, item]) => item);
}

type Calculation = Extract<MergePolicy, `MATH_${string}`>;

function calculate(policy: Calculation, numbers: readonly number[]): number {
  const sum = numbers.reduce((total, number) => total + number, 0);
  switch (policy) {
    case 'MATH_SUM':
      return sum;
    case 'MATH_AVG':
      return sum / numbers.length;
    case 'MATH_DIFF':
      return numbers.reduce((left, number) => left - number);
    case 'MATH_MIN':
      return Math.min(...numbers);
    case 'MATH_MAX':
      return Math.max(...numbers);
  }
}
