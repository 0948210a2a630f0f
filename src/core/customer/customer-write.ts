import type { AttributeChanges } from '../profile/attributes.ts';
import type { FlatCustomer } from './customer-attributes.ts';
import { customerDefaults } from './customer-shape.ts';

/**
 * What becomes of collections. `append`: the given items are added to those that are there (POST). `set`: they replace them (PATCH
 * and PUT), but for subscriptions, which are merged by id. `strict`: they replace them, subscriptions too.
 */
export type CollectionRule = 'append' | 'set' | 'strict';

const subscriptions = 'base.subscriptions';
/** Appending would let a collection grow for ever; beyond this, items that are new are not taken. */
export const maximumItems = 1000;

/** What a write changes of a customer: only what is different afterwards. */
export function changeCustomer(
  current: Readonly<Record<string, unknown>>,
  { given, cleared }: FlatCustomer,
  rule: CollectionRule,
): AttributeChanges {
  const changes: AttributeChanges = Object.create(null);
  for (const path of Object.keys(current)) {
    if (!cleared.some((prefix) => path.startsWith(prefix))) continue;
    const empty = Array.isArray(current[path]) ? [] : null;
    if (!isSame(current[path], empty)) changes[path] = empty;
  }
  for (const [path, value] of given) {
    const changed = changeValue(path, current[path], value, rule);
    if (!isSame(current[path] ?? absentValue(path, changed), changed)) changes[path] = changed;
  }
  return changes;
}

/** What a customer is shown with where nothing was written. */
function absentValue(path: string, changed: unknown): unknown {
  return customerDefaults[path] ?? (Array.isArray(changed) ? [] : null);
}

function changeValue(path: string, current: unknown, value: unknown, rule: CollectionRule): unknown {
  if (Array.isArray(value)) {
    const known = Array.isArray(current) ? current : [];
    if (path === subscriptions && rule !== 'strict') return mergeById(known, value);
    return distinctItems(rule === 'append' ? [...known, ...value] : value);
  }
  return isObject(value) && isObject(current) ? { ...current, ...value } : value;
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
    if (isObject(before) && isObject(item)) merged.set(key, { ...before, ...item });
    else if (merged.size < maximumItems) merged.set(key, item);
  }
  return [...merged.values()];
}

function itemKey(item: unknown): string {
  const id = isObject(item) ? item.id : undefined;
  return id === undefined || id === null ? canonicalJson(item) : `id ${String(id)}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The database does not keep the order of keys. */
function isSame(a: unknown, b: unknown): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b);
}

/** JSON with the keys of every object in order. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    isObject(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : member,
  );
}
