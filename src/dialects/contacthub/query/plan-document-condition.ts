import type { Condition } from './condition.ts';

/** A condition as PostgreSQL takes it: an expression of SQL/JSON path over a document, and the values that it names. */
export interface PlannedCondition {
  readonly expression: string;
  readonly variables: Record<string, unknown>;
}

/** Where in the document a path leads. */
export type Location =
  /** An expression of SQL/JSON path. */
  | { readonly expression: string }
  /** A part that is made of all members of the document whose names begin with this; each has its value as the first of a list. */
  | { readonly prefix: string };

/**
 * Plans a condition of a document. Every part of it is `exists(…)`, which is true or false and never unknown, so that its negation is
 * exact. All values go as variables but the patterns of `like_regex`, which takes only literals: JSON text is one.
 */
export function planDocumentCondition(
  condition: Condition,
  locate: (path: string) => Location,
): PlannedCondition {
  const variables: Record<string, unknown> = {};
  const variable = (value: unknown): string => {
    const name = `v${Object.keys(variables).length}`;
    variables[name] = value;
    return `$${name}`;
  };
  const accessor = (path: string): string => {
    const location = locate(path);
    return 'expression' in location ? location.expression : pathTo(location.prefix);
  };
  const planKnown = (path: string): string => {
    const location = locate(path);
    if ('expression' in location) return `exists(${accessor(path)} ? (@ != null))`;
    return `exists($.keyvalue() ? (@.key starts with ${JSON.stringify(location.prefix)} && @.value[0] != null))`;
  };
  const plan = (part: Condition): string => {
    switch (part.kind) {
      case 'and':
      case 'or': {
        const parts = part.conditions.map((one) => `(${plan(one)})`);
        if (parts.length === 0) return part.kind === 'and' ? 'exists($)' : '!(exists($))';
        return parts.join(part.kind === 'and' ? ' && ' : ' || ');
      }
      case 'not':
        return `!(${plan(part.condition)})`;
      case 'is-known':
        return planKnown(part.path);
      case 'equals':
        return `exists(${accessor(part.path)} ? (@ == ${variable(part.values)}[*]))`;
      case 'compares': {
        const parts = part.comparisons.map(({ sign, value }) => `@ ${sign} ${variable(value)}`);
        return `exists(${accessor(part.path)} ? (${parts.join(' && ')}))`;
      }
      case 'holds': {
        const pattern = part.parts.map(escapePattern).join('.*');
        const flags = part.caseSensitive ? 's' : 'is';
        return `exists(${accessor(part.path)} ? (@ like_regex ${JSON.stringify(pattern)} flag "${flags}"))`;
      }
      case 'did':
        throw new Error('no document tells of the events of a record');
    }
  };
  return { expression: plan(condition), variables };
}

/** The expression of a member, of a member of that, and so on. */
export function pathTo(...names: readonly string[]): string {
  return `$${names.map((name) => `.${JSON.stringify(name)}`).join('')}`;
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}
