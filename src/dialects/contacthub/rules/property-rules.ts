import type { MergePolicy, PropertyDefinitions } from '../settings/property-definitions.ts';
import type { MergeRule } from './merge-policies.ts';

/** What is disabled is not taken. */
export function enabledOf(definitions: PropertyDefinitions): PropertyDefinitions {
  return Object.fromEntries(Object.entries(definitions).filter(([, { enabled = true }]) => enabled));
}

/** Of those that are enabled and have a policy, by name. */
export function mergeRulesOf(definitions: PropertyDefinitions): Map<string, MergeRule> {
  return new Map(
    Object.entries(enabledOf(definitions)).flatMap(([name, { type, mergePolicy }]): [string, MergeRule][] =>
      mergePolicy === undefined
        ? []
        : [[name, { policy: mergePolicy as MergePolicy, isInteger: type === 'integer' }]],
    ),
  );
}
