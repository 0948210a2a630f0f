/** Columns of customer_index that hold an attribute's text: they are compared, sorted by and looked into without reading the profile. */
export const attributeColumns: ReadonlyMap<string, string> = new Map([
  ['externalId', 'external_id'],
  ['base.contacts.email', 'email'],
  ['base.contacts.phone', 'phone'],
  ['base.contacts.mobilePhone', 'mobile_phone'],
  ['base.firstName', 'first_name'],
  ['base.lastName', 'last_name'],
  ['base.address.city', 'city'],
  ['base.address.country', 'country'],
  ['base.dob', 'dob'],
]);

/** All that holds something of a customer's. */
export const personalColumns: readonly string[] = [
  ...[...attributeColumns.values(), 'merged_values', 'terms'].map((column) => `customer_index.${column}`),
  'customer_value.text',
];

/** Those by which an index is in order. */
export const orderedColumns: ReadonlySet<string> = new Set([
  'updated_at',
  'registered_at',
  'email',
  'last_name',
  'first_name',
  'dob',
]);

/** The list whose items' members are found by, too. */
export const subscriptions = 'base.subscriptions';
export const subscriptionMembers: readonly string[] = ['id', 'name', 'type', 'kind', 'subscribed'];

/** Attributes whose values nobody looks up. */
export const unindexedAttributes: readonly string[] = [
  'extra',
  'base.pictureUrl',
  'base.credential.password',
  'sourceInfo.registeredBy',
  'sourceInfo.updatedBy',
];

/** What of a customer is no attribute. */
const systemValues = [
  'id',
  'intId',
  'nodeId',
  'version',
  'registeredAt',
  'updatedAt',
  'deleted',
  'sourceInfo',
];

/** Whether the values of an attribute stand in customer_index.terms. */
export function isTermed(attribute: string): boolean {
  return !unindexedAttributes.includes(attribute) && !systemValues.includes(attribute);
}

/** What keeps the terms of one node apart from another's. */
export const termSalt = (workspaceId: string, nodeId: string) =>
  `((${workspaceId}::bigint << 32) | ${nodeId})`;

/**
 * The number that stands in customer_index.terms for "this path has this value". Equal numbers have one text, however they were
 * written. Of 64 bits, so that two values of a node practically never share one.
 */
export function valueTerm(path: string, value: string, salt: string): string {
  const text = `case jsonb_typeof(${value}) when 'number' then trim_scale((${value})::numeric)::text else (${value})::text end`;
  return `hashtextextended(${path} || '=' || ${text}, ${salt})`;
}

/** Likewise for "this path has a value", where no column says so. */
export function knownTerm(path: string, salt: string): string {
  return `hashtextextended(${path}, ${salt})`;
}
