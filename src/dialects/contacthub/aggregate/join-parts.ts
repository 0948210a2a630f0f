import { type Attributes, mergeAttributes } from '../../../core/profile/attributes.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { ShownRecord } from '../query/record.ts';
import { overridingAttributes } from '../query/shown-values.ts';
import { appendValue } from '../rules/customer-write.ts';
import { extendedSchemaOf } from '../rules/extended-properties.ts';
import { hiddenPaths } from '../rules/hidden-properties.ts';
import { type MergeRule, mergeValues } from '../rules/merge-policies.ts';

const firstCounts: ReadonlySet<string> = new Set(['sourceInfo.registeredBy']);
/** What each source has said of an entry customer stands with that one. */
const ofEntriesAlone = 'sources.';

/**
 * What a customer of an aggregate shows: of each attribute what its parts show becomes one, that written first first, as by POST: lists are
 * united, subscriptions merged by id, extended properties by their merge policies, and of anything else the value written last counts.
 * A value that is cleared is none: one shop's customer without a phone says nothing of the number that another shop has.
 */
export function joinParts(parts: readonly ShownRecord[], workspace: Workspace): Attributes {
  const { mergeRules = noRules } = extendedSchemaOf(workspace) ?? {};
  const hidden = hiddenPaths(workspace);
  const written = parts.map((part) => shownOf(part, workspace));
  const joined: Attributes = {};
  for (const path of new Set(written.flatMap((attributes) => Object.keys(attributes)))) {
    if (path.startsWith(ofEntriesAlone) || hidden.has(path)) continue;
    const entries = written
      .flatMap((attributes) => (attributes[path] ? [attributes[path]] : []))
      .filter(([value]) => value !== null)
      .sort(([, one], [, other]) => one - other);
    const last = entries.at(-1);
    if (!last) continue;
    const values = entries.map(([value]) => value);
    joined[path] = [joinValues(path, values, mergeRules.get(path)), last[1]];
  }
  return joined;
}

/** With the seqs of the writes, as `shownValues` has the values. */
function shownOf({ profiles, nodeId }: ShownRecord, workspace: Workspace): Attributes {
  const written = mergeAttributes(profiles.map(({ attributes }) => attributes));
  return { ...written, ...overridingAttributes(profiles, workspace, nodeId) };
}

function joinValues(path: string, values: readonly unknown[], rule: MergeRule | undefined): unknown {
  if (values.length === 1 || firstCounts.has(path)) return values[0];
  if (rule) return mergeValues(rule, values);
  return values.reduce((current, value) => appendValue(path, current, value));
}

const noRules: ReadonlyMap<string, MergeRule> = new Map();
