import { isRecord } from '../../../core/value/text.ts';
import { educationSchema, jobSchema, likeSchema, subscriptionSchema } from '../documents/base-properties.ts';
import type { JsonSchema } from '../documents/json-schema.ts';

/** Those of other contacts and of devices are shown as they were given: one client takes their types absent, but not null. */
const itemSchemas: Readonly<Record<string, JsonSchema>> = {
  'base.educations': educationSchema,
  'base.likes': likeSchema,
  'base.jobs': jobSchema,
  'base.subscriptions': subscriptionSchema,
};

/** `enable` is of versions that no page describes any more. An item without an id has none to be named by. */
const shownWhereGiven: ReadonlySet<string> = new Set(['id', 'enable']);

type Members = Readonly<Record<string, unknown>>;

/** By the path of a list, what an item of it is shown with where it says nothing: null, or an empty list. */
const absentMembers: ReadonlyMap<string, Members> = new Map(
  Object.entries(itemSchemas).map(([path, { properties = {} }]) => [
    path,
    Object.fromEntries(
      Object.entries(properties)
        .filter(([name]) => !shownWhereGiven.has(name))
        .map(([name, { type }]) => [name, type === 'array' ? [] : null]),
    ),
  ]),
);

/** An item of a list in its full form (docs/spec/contacthub.md B): clients read its members without looking whether they are there. */
export function wholeItem(path: string, item: Members): Members {
  const named = item.id === undefined ? {} : { id: item.id };
  return { ...named, ...absentMembers.get(path), ...item };
}

/** The items of a list in their full form. What is no object is as it is. */
export function wholeItems(path: string, items: unknown): unknown {
  if (!Array.isArray(items) || !absentMembers.has(path)) return items;
  return items.map((item) => (isRecord(item) ? wholeItem(path, item) : item));
}

/** An item without what says nothing: clients send back what they were shown, and that must be no change. */
export function bareItem(path: string, item: unknown): unknown {
  if (!absentMembers.has(path) || !isRecord(item)) return item;
  return Object.fromEntries(
    Object.entries(item).filter(
      ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
    ),
  );
}
