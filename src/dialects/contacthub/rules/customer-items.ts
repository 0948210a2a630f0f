import type { AttributeChanges } from '../../../core/profile/attributes.ts';
import { isRecord } from '../../../core/value/text.ts';
import type { FlatCustomer } from './customer-attributes.ts';
import { type CurrentCustomer, changeCustomer, maximumItems } from './customer-write.ts';

/** The collections of a customer whose items have paths of their own. */
export type ItemList = 'educations' | 'likes' | 'jobs' | 'subscriptions';

export type Item = Readonly<Record<string, unknown>> & { readonly id: string };

/**
 * A write of one item. `create` and `replace` put an item in the place of the one that has its id, or, of subscriptions, what it says
 * over it (Create Customer: "missing properties will be maintained"); only `create` makes one that is not there.
 */
export type ItemWrite = { readonly list: ItemList } & (
  | { readonly kind: 'create' | 'replace'; readonly item: Item }
  | { readonly kind: 'remove'; readonly id: string }
);

export type ItemChange =
  | {
      readonly kind: 'changed';
      /** What the write says of the customer, as a whole write of it would. */
      readonly flat: FlatCustomer;
      readonly changes: AttributeChanges;
      /** As it is now; as it was, of one that is removed. */
      readonly item: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'not-there' | 'full' };

export function changeItem(customer: CurrentCustomer, write: ItemWrite): ItemChange {
  const path = `base.${write.list}`;
  const id = write.kind === 'remove' ? write.id : write.item.id;
  const known = itemsOf(customer.shown, write.list);
  const before = findItem(customer.shown, write.list, id);
  if (!before && write.kind !== 'create') return { kind: 'not-there' };
  if (!before && known.length >= maximumItems) return { kind: 'full' };
  const isRemoved = write.kind === 'remove';
  const given = isRemoved ? known.filter((item) => item !== before) : [write.item];
  const flat = { given: new Map([[path, given]]), cleared: [] };
  const changes = changeCustomer(customer, flat, isRemoved ? 'strict' : 'append');
  const item =
    (isRemoved ? undefined : findItem({ ...customer.shown, ...changes }, write.list, id)) ?? before;
  return { kind: 'changed', flat, changes, item: item ?? {} };
}

/** One item as the customer shows it. */
export function findItem(
  values: Readonly<Record<string, unknown>>,
  list: ItemList,
  id: string,
): Readonly<Record<string, unknown>> | undefined {
  return itemsOf(values, list)
    .filter(isRecord)
    .find((item) => item.id === id);
}

function itemsOf(values: Readonly<Record<string, unknown>>, list: ItemList): readonly unknown[] {
  const items = values[`base.${list}`];
  return Array.isArray(items) ? items : [];
}
