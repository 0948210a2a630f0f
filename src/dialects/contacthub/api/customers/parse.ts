import type { ConsentAuthor } from '../../../../core/consent/consent.ts';
import { findUnstorable } from '../../../../core/event/storable.ts';
import type { Node } from '../../../../core/node/node.ts';
import { isRecord } from '../../../../core/value/text.ts';
import { RequestError } from '../../../../errors.ts';
import type { Fault } from '../../../../ingest/item.ts';
import { type CustomerBodyKind, IMMUTABLE_CUSTOMER_KEYS } from '../../documents/customer.ts';
import { formatVendorDate, parseVendorDate } from '../../documents/dates.ts';
import { validateCustomer } from '../../documents/validate.ts';
import { type CustomerBody, type FlatCustomer, flattenCustomer } from '../../rules/customer-attributes.ts';
import type { ItemList } from '../../rules/customer-items.ts';
import { clearedPaths, mandatoryPathsOf, matchingPolicyOf, missingPaths } from '../../rules/customer-keys.ts';
import type { CollectionRule } from '../../rules/customer-write.ts';
import { repeats } from '../immutable.ts';

/** A checked write of a customer. */
export interface CustomerWrite {
  readonly kind: CustomerBodyKind;
  readonly body: CustomerBody;
  readonly flat: FlatCustomer;
  /** The values that are given, by attribute path. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly rule: CollectionRule;
  /** A session to bind in the same call. */
  readonly sessionValue: string | undefined;
  /** Who writes. */
  readonly author: ConsentAuthor;
}

/** docs/spec/contacthub.md F, for POST; for the other writes inferred. */
export function invalidCustomer(items: readonly Fault[]): RequestError {
  return new RequestError('invalid-request', 'source customer is not valid', { items: [...items] });
}

/** @throws RequestError `invalid-request` with the first thing that is wrong */
export function parseCustomer(
  kind: CustomerBodyKind,
  sent: unknown,
  query: { sessionId?: string; mode?: 'STRICT' },
  author: ConsentAuthor,
): CustomerWrite {
  const errors = validateCustomer(kind, sent);
  if (errors.length > 0) throw invalidCustomer(errors);
  const unstorable = findUnstorable(sent as CustomerBody);
  if (unstorable) throw invalidCustomer([{ path: unstorable.path, message: 'can not be stored' }]);
  const body = withVendorDates(sent as CustomerBody);
  const flat = flattenCustomer(body);
  return {
    kind,
    body,
    flat,
    values: Object.fromEntries(flat.given),
    rule: kind === 'create' ? 'append' : query.mode === 'STRICT' ? 'strict' : 'set',
    sessionValue: query.sessionId,
    author,
  };
}

/** What a node wants a whole customer to have (POST and PUT). @throws RequestError */
export function checkRequired({ values }: CustomerWrite, node: Node): void {
  const items = [
    ...missingItems('unique', missingPaths(values, matchingPolicyOf(node)?.paths ?? [])),
    ...missingItems('mandatory', missingPaths(values, mandatoryPathsOf(node))),
  ];
  if (items.length > 0) throw invalidCustomer(items);
}

/** A part of a customer must not take away what the node wants it to have (PATCH). @throws RequestError */
export function checkKept({ flat }: CustomerWrite, node: Node): void {
  const items = [
    ...missingItems('unique', clearedPaths(flat, matchingPolicyOf(node)?.paths ?? [])),
    ...missingItems('mandatory', clearedPaths(flat, mandatoryPathsOf(node))),
  ];
  if (items.length > 0) throw invalidCustomer(items);
}

function missingItems(what: 'unique' | 'mandatory', paths: readonly string[]): Fault[] {
  return paths.map((path) => ({
    path: `/${path.replaceAll('.', '/')}`,
    message: `${what} customer property is required`,
  }));
}

/**
 * Clients send back what they were shown: equal values are no change. PUT ignores `version` and `updatedAt`, which another's write
 * may have moved (Modify customer: "ignored and system generated"). @throws RequestError
 */
export function checkImmutable(
  kind: 'patch' | 'replace',
  { body }: CustomerWrite,
  shown: Readonly<Record<string, unknown>>,
  namedId: string,
): void {
  const items: Fault[] = [];
  for (const key of IMMUTABLE_CUSTOMER_KEYS) {
    const given = body[key] ?? null;
    if (given === null || (kind === 'replace' && (key === 'version' || key === 'updatedAt'))) continue;
    const current = key === 'id' && repeats(given, namedId) ? given : shown[key];
    if (!repeats(given, current)) items.push({ path: `/${key}`, message: 'is immutable' });
  }
  if (items.length > 0) throw invalidCustomer(items);
}

/** The members of items that are date-times. */
export const datedMembers = {
  likes: ['createdTime'],
  subscriptions: ['startDate', 'endDate', 'registeredAt', 'updatedAt'],
  educations: [],
  jobs: [],
} as const satisfies Readonly<Record<ItemList, readonly string[]>>;

const datedLists = Object.entries(datedMembers);

/** Date-times in the one form that replies have, so that equal instants are equal and texts sort by time. */
function withVendorDates(body: CustomerBody): CustomerBody {
  const { base, consents } = body;
  const dated: Record<string, unknown> = { ...body };
  if (isRecord(base)) {
    const datedBase: Record<string, unknown> = { ...base };
    for (const [list, members] of datedLists) {
      const items = base[list];
      if (Array.isArray(items)) datedBase[list] = items.map((item) => withDates(item, members));
    }
    dated.base = datedBase;
  }
  if (isRecord(consents) && isRecord(consents.disclaimer))
    dated.consents = { ...consents, disclaimer: withDates(consents.disclaimer, ['date']) };
  return dated;
}

export function withDates(
  item: Readonly<Record<string, unknown>>,
  members: readonly string[],
): Readonly<Record<string, unknown>> {
  const changed = { ...item };
  for (const name of members) {
    const value = item[name];
    const date = typeof value === 'string' ? parseVendorDate(value) : undefined;
    if (date) changed[name] = formatVendorDate(date);
  }
  return changed;
}
