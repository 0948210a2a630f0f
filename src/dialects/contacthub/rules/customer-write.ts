import type { AttributeChanges } from '../../../core/profile/attributes.ts';
import { isRecord } from '../../../core/value/text.ts';
import { canonicalJson } from './canonical-json.ts';
import type { FlatCustomer } from './customer-attributes.ts';
import { customerDefaults } from './customer-shape.ts';
import { bareItem } from './list-items.ts';
import { type MergeRule, mergeValues } from './merge-policies.ts';

/**
 * What becomes of collections. `append`: the given items are added to those that are there (POST). `set`: they replace them (PATCH
 * and PUT), but for subscriptions, which are merged by id. `strict`: they replace them, subscriptions too.
 */
export type CollectionRule = 'append' | 'set' | 'strict';

const subscriptions = 'base.subscriptions';
/** Appending would let a collection grow for ever; beyond this, items that are new are not taken. */
export const maximumItems = 1000;

/** A customer as it is: what is shown of its record, and what the profile that is written to has by itself. */
export interface CurrentCustomer {
  readonly shown: Readonly<Record<string, unknown>>;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * What a write changes of a customer: what is different afterwards in what is shown, or in the profile alone, so that the write is
 * still there when the record's profiles are parted. Collections are changed as they are shown. By `append`, a property that has a
 * merge rule becomes what the rule makes of the profile's own value and the given one.
 */
export function changeCustomer(
  { shown, values }: CurrentCustomer,
  { given, cleared, kept }: FlatCustomer,
  rule: CollectionRule,
  mergeRules: ReadonlyMap<string, MergeRule> = noRules,
): AttributeChanges {
  const changes: AttributeChanges = Object.create(null);
  const isIn = (current: CurrentCustomer['shown'], path: string, wanted: unknown) =>
    isSame(current[path] ?? absentValue(path, wanted), wanted);
  const isThere = (path: string, wanted: unknown) =>
    isIn(shown, path, wanted) && (values === shown || isIn(values, path, wanted));
  for (const path of Object.keys(shown)) {
    if (kept?.has(path) || !cleared.some((prefix) => path.startsWith(prefix))) continue;
    const empty = Array.isArray(shown[path]) ? [] : null;
    if (!isSame(shown[path], empty) || (values[path] !== undefined && !isSame(values[path], empty)))
      changes[path] = empty;
  }
  for (const [path, value] of given) {
    if (kept?.has(path)) continue;
    const mergeRule = rule === 'append' && value !== null ? mergeRules.get(path) : undefined;
    if (mergeRule) {
      const merged = withinLimit(mergeValues(mergeRule, [values[path], value]));
      if (!isSame(values[path], merged)) changes[path] = merged;
      continue;
    }
    const changed = changeValue(path, shown[path], value, rule);
    if (!isThere(path, changed)) changes[path] = changed;
  }
  return changes;
}

const noRules: ReadonlyMap<string, MergeRule> = new Map();

function withinLimit(value: unknown): unknown {
  return Array.isArray(value) ? value.slice(0, maximumItems) : value;
}

/** What a customer is shown with where nothing was written. */
function absentValue(path: string, changed: unknown): unknown {
  return customerDefaults[path] ?? (Array.isArray(changed) ? [] : null);
}

/** What a value becomes by another one of the same attribute, as by a POST of it. */
export function appendValue(path: string, current: unknown, value: unknown): unknown {
  return changeValue(path, current, value, 'append');
}

function changeValue(path: string, current: unknown, value: unknown, rule: CollectionRule): unknown {
  if (Array.isArray(value)) {
    const known = Array.isArray(current) ? current : [];
    const bare = (item: unknown) => bareItem(path, item);
    if (path === subscriptions && rule !== 'strict') return mergeById(known, value).map(bare);
    return distinctItems((rule === 'append' ? [...known, ...value] : value).map(bare));
  }
  return isRecord(value) && isRecord(current) ? { ...current, ...value } : value;
}

/** Of items with the same id the last one counts, in the place of the first; equal items without one are one. */
function distinctItems(items: readonly unknown[]): unknown[] {
  const distinct = new Map<string, unknown>();
  for (const item of items) {
    const key = itemKey(item);
    if (distinct.size < maximumItems || distinct.has(key)) distinct.set(key, item);
  }
  return [...distinct.values()];
}

/** What an item does not say stays as the one with its id has it (Create Customer: "missing properties will be maintained"). */
function mergeById(known: readonly unknown[], given: readonly unknown[]): unknown[] {
  const merged = new Map(known.map((item) => [itemKey(item), item]));
  for (const item of given) {
    const key = itemKey(item);
    const before = merged.get(key);
    if (isRecord(before) && isRecord(item)) merged.set(key, { ...before, ...item });
    else if (merged.size < maximumItems) merged.set(key, item);
  }
  return [...merged.values()];
}

function itemKey(item: unknown): string {
  const id = isRecord(item) ? item.id : undefined;
  return id === undefined || id === null ? canonicalJson(item) : `id ${String(id)}`;
}

/** The database does not keep the order of keys. What is neither a list nor an object is the same only as itself. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return false;
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return false;
  return canonicalJson(a) === canonicalJson(b);
}
