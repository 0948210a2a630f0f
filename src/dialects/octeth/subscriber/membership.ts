import { isObject } from '../api/fields.ts';

type Values = Readonly<Record<string, unknown>>;

/**
 * What is known of a subscriber only because browsers have claimed the address. A keyed call writes over it as if it were not there:
 * else whoever reads a page could make the shop's own `subscriber.create` a duplicate, or settle how an address is spelt.
 */
const claimed = { claimed: true };

export function membershipPath(listId: string): string {
  return `lists.${listId}`;
}

/** A subscription that begins now, as an event or a call without more makes it. `receivedAt`: milliseconds since the epoch. */
export function newMembership(receivedAt: number, isClaimed = false): Record<string, unknown> {
  const SubscriptionDate = new Date(receivedAt).toISOString();
  return { Status: 'Subscribed', SubscriptionDate, Source: 'API', ...(isClaimed ? claimed : {}) };
}

/** The membership that a keyed call has made or written; undefined where there is none. */
export function keyedMembership(values: Values, listId: string): Record<string, unknown> | undefined {
  const membership = values[membershipPath(listId)];
  return isObject(membership) && membership.claimed !== true ? membership : undefined;
}

/** The address as a keyed call has first written it (docs/spec/octeth.md B5, C14); undefined where none has spoken of the subscriber. */
export function keyedAddress(values: Values): string | undefined {
  const { EmailAddress: address } = values;
  if (typeof address !== 'string') return undefined;
  const lists = Object.keys(values).flatMap((path) => /^lists\.([^.]+)$/.exec(path)?.[1] ?? []);
  const onlyClaimed = lists.length > 0 && lists.every((listId) => !keyedMembership(values, listId));
  return onlyClaimed ? undefined : address;
}
