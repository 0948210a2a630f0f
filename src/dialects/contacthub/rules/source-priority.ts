import type { Node } from '../../../core/node/node.ts';
import { type Attributes, mergeAttributes } from '../../../core/profile/attributes.ts';
import { isRecord } from '../../../core/value/text.ts';
import { canonicalJson } from './canonical-json.ts';
import { matchingPolicyOf } from './customer-keys.ts';
import { shapeOf } from './customer-shape.ts';
import type { MergeRule } from './merge-policies.ts';
import { copiesOfProfiles, hasCopies, type WrittenProfile } from './source-copies.ts';

/** The sources of a node's order, the first one's values before all others'. */
export function rankedSourcesOf({ settings }: Node): readonly string[] {
  return (settings.sourcePriority ?? []).map((id) => id.toLowerCase());
}

/** Whether the order of its node's sources may show another value of a profile than the one written last. */
export function hasRankedSources({ attributes }: WrittenProfile, node: Node | undefined): boolean {
  return node !== undefined && rankedSourcesOf(node).length > 0 && hasCopies(attributes);
}

/**
 * Where the order of a node's sources shows another value of a record than the one written last: that value. Of single values of `base`,
 * of `extra` and of extended properties; not of collections, which hold what all have said, nor of properties whose merge policy
 * calculates, nor of consents, whose last word counts whoever says it. Unique properties are as they were written last, since a
 * customer is found by what it shows.
 */
export function rankedValues(
  profiles: readonly WrittenProfile[],
  node: Node,
  mergeRules: ReadonlyMap<string, MergeRule>,
): Attributes {
  const ranked: Attributes = {};
  const sources = rankedSourcesOf(node);
  if (sources.length === 0) return ranked;
  const copies = copiesOfProfiles(profiles);
  // What one source alone has said is in no question.
  if (copies.size < 2) return ranked;
  const said = sources.flatMap((id) => {
    const copy = copies.get(id);
    return copy ? [copy.values] : [];
  });
  const unique = new Set(matchingPolicyOf(node)?.paths);
  const last = mergeAttributes(profiles.map(({ attributes }) => attributes));
  for (const path of new Set(said.flatMap((values) => Object.keys(values)))) {
    if (unique.has(path) || !isSingle(path, mergeRules.get(path))) continue;
    const [shown = null, seq = 0] = last[path] ?? [];
    const wanted = chooseValue(
      said.map((values) => values[path]),
      shown,
    );
    if (!Array.isArray(wanted) && canonicalJson(wanted) !== canonicalJson(shown))
      ranked[path] = [wanted, seq];
  }
  return ranked;
}

function isSingle(path: string, rule: MergeRule | undefined): boolean {
  if (rule && rule.policy !== 'OBJ_PRIORITY') return false;
  const isRanked = path === 'extra' || path.startsWith('base.') || path.startsWith('extended.');
  return isRanked && shapeOf(path) === 'value';
}

/** The first value that is given; of an object, the members that it does not say are those of the next. */
function chooseValue(values: readonly unknown[], shown: unknown): unknown {
  const given = values.filter((value) => value !== undefined && value !== null);
  const [first = shown] = given;
  if (!isRecord(first)) return first;
  const members = [shown, ...given.toReversed()].flatMap((value) =>
    isRecord(value) ? Object.entries(value) : [],
  );
  return Object.fromEntries(members);
}
