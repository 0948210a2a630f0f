import { policiesByType } from '../settings/property-definitions.ts';

/** What each does is said by its name alone (docs/spec/contacthub.md A#106), and is ours (docs/dialects/contacthub.md). */
const descriptions: Readonly<Record<string, string>> = {
  OBJ_PRIORITY: 'The value that was written last.',
  OBJ_CONCATENATE: 'The values one behind the other, the one that was written first first.',
  ARRAY_UNION: 'The items of all lists, each once.',
  ARRAY_INTERSECTION: 'The items that all lists have.',
  MATH_SUM: 'The sum of the values.',
  MATH_AVG: 'The average of the values.',
  MATH_DIFF: 'The value that was written first less the others.',
  MATH_MIN: 'The smallest value.',
  MATH_MAX: 'The largest value.',
};

export interface MergePolicyDefinition {
  readonly id: string;
  readonly description: string;
  readonly supportedTypes: readonly string[];
}

/** In the order of the vendor's page. */
export const mergePolicyDefinitions: readonly MergePolicyDefinition[] = Object.entries(descriptions).map(
  ([id, description]) => ({
    id,
    description,
    supportedTypes: Object.entries(policiesByType)
      .filter(([, policies]) => policies.some((policy) => policy === id))
      .map(([type]) => type),
  }),
);
