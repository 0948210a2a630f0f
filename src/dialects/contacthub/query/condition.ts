import type { ExactNumber } from '../../../json/exact-number.ts';

/** What a record, or an event, has to be like. A value that is a list, or a member of a list's items, is like it if one of them is. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'is-known'; readonly path: string }
  /** True if one of the values is equal. */
  | { readonly kind: 'equals'; readonly path: string; readonly values: readonly ConditionValue[] }
  | { readonly kind: 'compares'; readonly path: string; readonly comparisons: readonly Comparison[] }
  /** True if the text holds these parts in this order. */
  | {
      readonly kind: 'holds';
      readonly path: string;
      readonly parts: readonly string[];
      readonly caseSensitive: boolean;
    }
  | DidCondition;

/** True of a record with such an event (docs/spec/contacthub.md, ruling 9). */
export interface DidCondition {
  readonly kind: 'did';
  /** Undefined: no event of this type was ever taken. */
  readonly typeId: number | undefined;
  /** What the event is like; null: whatever it is like. */
  readonly condition: Condition | null;
  /** When it was: a condition of nothing but the path `date`, with date-times; null: at any time. */
  readonly timeframe: Condition | null;
}

export interface Comparison {
  readonly sign: Sign;
  readonly value: ConditionValue;
}

export type ConditionValue = string | number | ExactNumber | boolean;
export type Sign = '<' | '<=' | '>' | '>=';

export const nobody: Condition = { kind: 'or', conditions: [] };
export const everybody: Condition = { kind: 'and', conditions: [] };

/** Whether a part of it asks for events. */
export function speaksOfEvents(condition: Condition): boolean {
  if (condition.kind === 'and' || condition.kind === 'or') return condition.conditions.some(speaksOfEvents);
  return condition.kind === 'not' ? speaksOfEvents(condition.condition) : condition.kind === 'did';
}

/** What all have to hold for the condition to. */
export function conjuncts(condition: Condition): readonly Condition[] {
  return condition.kind === 'and' ? condition.conditions.flatMap(conjuncts) : [condition];
}

/** The paths of everything that a condition looks at, of records. */
export function conditionPaths(condition: Condition): string[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.conditions.flatMap(conditionPaths);
    case 'not':
      return conditionPaths(condition.condition);
    case 'did':
      return [];
    default:
      return [condition.path];
  }
}
