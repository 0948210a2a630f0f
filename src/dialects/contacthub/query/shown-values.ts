import { type Attributes, attributeValues } from '../../../core/profile/attributes.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { extendedSchemaOf } from '../rules/extended-properties.ts';
import { type MergeRule, mergeValues } from '../rules/merge-policies.ts';
import type { ShownRecord } from './record.ts';

/**
 * The values of a record, extended properties by the workspace's schema: of several profiles by its merge policies, and without those
 * that are disabled. `shownAttributes` says the same in SQL.
 */
export function shownValues(
  { values, profiles }: ShownRecord,
  workspace: Workspace,
): Readonly<Record<string, unknown>> {
  const schema = extendedSchemaOf(workspace);
  if (!schema) return values;
  const merged = attributeValues(mergeByRules(profiles, schema.mergeRules));
  return withoutDisabled({ ...values, ...merged }, workspace);
}

/** Values without the extended properties that the workspace's schema disables: they are stored, and shown nowhere. */
export function withoutDisabled(
  values: Readonly<Record<string, unknown>>,
  workspace: Workspace,
): Readonly<Record<string, unknown>> {
  const { disabled } = extendedSchemaOf(workspace) ?? {};
  if (!disabled || disabled.size === 0) return values;
  return Object.fromEntries(Object.entries(values).filter(([path]) => !disabled.has(path)));
}

/** What the merge rules make of what profiles of one record have, the value written first first; nothing of a record of one profile. */
export function mergeByRules(
  profiles: readonly { readonly attributes: Attributes }[],
  mergeRules: ReadonlyMap<string, MergeRule>,
): Attributes {
  const merged: Attributes = {};
  for (const [path, rule] of profiles.length > 1 ? mergeRules : []) {
    const written = profiles.flatMap(({ attributes }) => (attributes[path] ? [attributes[path]] : []));
    const inOrder = written.sort(([, one], [, other]) => one - other);
    const last = inOrder.at(-1);
    const value = mergeValues(
      rule,
      inOrder.map(([one]) => one),
    );
    if (last) merged[path] = [value, last[1]];
  }
  return merged;
}
