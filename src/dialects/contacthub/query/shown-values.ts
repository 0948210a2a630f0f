import { type Attributes, attributeValues } from '../../../core/profile/attributes.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { extendedSchemaOf } from '../rules/extended-properties.ts';
import { withoutHidden } from '../rules/hidden-properties.ts';
import { type MergeRule, mergeValues } from '../rules/merge-policies.ts';
import type { WrittenProfile } from '../rules/source-copies.ts';
import { rankedValues } from '../rules/source-priority.ts';
import type { ShownRecord } from './record.ts';

/**
 * The values of a record by the workspace's rules: of several profiles by its merge policies, of several sources by the node's order of
 * them, and without what is disabled. `shownAttributes` says the same in SQL.
 */
export function shownValues(
  { values, profiles, nodeId }: ShownRecord,
  workspace: Workspace,
): Readonly<Record<string, unknown>> {
  const overriding = overridingAttributes(profiles, workspace, nodeId);
  const isOverridden = Object.keys(overriding).length > 0;
  return withoutHidden(isOverridden ? { ...values, ...attributeValues(overriding) } : values, workspace);
}

/** What goes over the values that were written last to the profiles of one record. */
export function overridingAttributes(
  profiles: readonly WrittenProfile[],
  workspace: Workspace,
  nodeId: number,
): Attributes {
  const rules = extendedSchemaOf(workspace)?.mergeRules ?? noRules;
  const node = workspace.nodes.get(nodeId);
  return { ...mergeByRules(profiles, rules), ...(node ? rankedValues(profiles, node, rules) : {}) };
}

const noRules: ReadonlyMap<string, MergeRule> = new Map();

/** What the merge rules make of what profiles of one record have, the value written first first; nothing of a record of one profile. */
function mergeByRules(
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
