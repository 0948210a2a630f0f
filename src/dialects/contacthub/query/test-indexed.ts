import { isNumber } from '../../../json/exact-number.ts';
import { indexedCharacters } from '../projection/derive-values.ts';
import type { Condition } from './condition.ts';
import type { AddParameter } from './plan-records-condition.ts';

/** What rows of numbers and texts can tell of. */
export type IndexedCondition = Extract<Condition, { kind: 'equals' | 'compares' }>;

/**
 * SQL of what a row `v` of customer_value or event_value has to be like for the condition to hold of its value. Undefined where the rows can't
 * tell: only numbers can be compared by them, and texts short enough that those that begin with what stands there are told from them.
 */
export function testIndexed(condition: IndexedCondition, add: AddParameter): string | undefined {
  const values =
    condition.kind === 'equals' ? condition.values : condition.comparisons.map(({ value }) => value);
  const areNumbers = values.every(isNumber);
  const areTexts = values.every((value) => typeof value === 'string' && value.length < indexedCharacters);
  if (values.length === 0 || (!areNumbers && !areTexts)) return undefined;
  const type = areNumbers ? 'numeric' : 'text';
  const column = areNumbers ? 'v.number' : 'v.text';
  const given = (value: (typeof values)[number]) => `${add(String(value))}::text::${type}`;
  return condition.kind === 'equals'
    ? condition.values.map((value) => `${column} = ${given(value)}`).join(' or ')
    : condition.comparisons.map(({ sign, value }) => `${column} ${sign} ${given(value)}`).join(' and ');
}
