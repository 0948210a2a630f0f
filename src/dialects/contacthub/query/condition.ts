import type { ExactNumber } from '../../../json/exact-number.ts';
import { locate } from '../rules/customer-shape.ts';

/** What a record has to be like. A value that is a list, or a member of a list's items, is like it if one of them is. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'is-known'; readonly path: string }
  /** True if one of the values is equal. */
  | { readonly kind: 'equals'; readonly path: string; readonly values: readonly ConditionValue[] }
  | {
      readonly kind: 'compares';
      readonly path: string;
      readonly comparisons: readonly { readonly sign: Sign; readonly value: ConditionValue }[];
    }
  /** True if the text holds these parts in this order. */
  | {
      readonly kind: 'holds';
      readonly path: string;
      readonly parts: readonly string[];
      readonly caseSensitive: boolean;
    };

export type ConditionValue = string | number | ExactNumber | boolean;
export type Sign = '<' | '<=' | '>' | '>=';

/** A condition as PostgreSQL takes it: an expression of SQL/JSON path over `{path: [value, …]}`, and the values that it names. */
export interface PlannedCondition {
  readonly expression: string;
  readonly variables: Record<string, unknown>;
}

/**
 * Plans a condition. Every part of it is `exists(…)`, which is true or false and never unknown, so that its negation is exact. All
 * values go as variables but the patterns of `like_regex`, which takes only literals: JSON text is one.
 */
export function planCondition(condition: Condition): PlannedCondition {
  const variables: Record<string, unknown> = {};
  const variable = (value: unknown): string => {
    const name = `v${Object.keys(variables).length}`;
    variables[name] = value;
    return `$${name}`;
  };
  return { expression: plan(condition, variable), variables };
}

/** The paths of everything that a condition looks at. */
export function conditionPaths(condition: Condition): string[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.conditions.flatMap(conditionPaths);
    case 'not':
      return conditionPaths(condition.condition);
    default:
      return [condition.path];
  }
}

function plan(condition: Condition, variable: (value: unknown) => string): string {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const parts = condition.conditions.map((part) => `(${plan(part, variable)})`);
      if (parts.length === 0) return condition.kind === 'and' ? 'exists($)' : '!(exists($))';
      return parts.join(condition.kind === 'and' ? ' && ' : ' || ');
    }
    case 'not':
      return `!(${plan(condition.condition, variable)})`;
    case 'is-known':
      return planKnown(condition.path);
    case 'equals':
      return `exists(${accessor(condition.path)} ? (@ == ${variable(condition.values)}[*]))`;
    case 'compares': {
      const parts = condition.comparisons.map(({ sign, value }) => `@ ${sign} ${variable(value)}`);
      return `exists(${accessor(condition.path)} ? (${parts.join(' && ')}))`;
    }
    case 'holds': {
      const pattern = condition.parts.map(escapePattern).join('.*');
      const flags = condition.caseSensitive ? 's' : 'is';
      return `exists(${accessor(condition.path)} ? (@ like_regex ${JSON.stringify(pattern)} flag "${flags}"))`;
    }
  }
}

function planKnown(path: string): string {
  const place = locate(path);
  if (place.kind === 'attribute') return `exists(${accessor(path)} ? (@ != null))`;
  return `exists($.keyvalue() ? (@.key starts with ${JSON.stringify(place.prefix)} && @.value[0] != null))`;
}

function accessor(path: string): string {
  const place = locate(path);
  const [attribute, members] = place.kind === 'attribute' ? [place.path, place.members] : [place.prefix, []];
  return `$.${JSON.stringify(attribute)}[0]${members.map((name) => `.${JSON.stringify(name)}`).join('')}`;
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}
