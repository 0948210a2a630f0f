import { isIP } from 'node:net';
import { cutText } from '../../../../core/cut-text.ts';
import type { Source } from '../../../../core/source/source.ts';
import { emailKey } from '../../../../core/value/normal-form.ts';
import { stripMarks } from '../../../../core/value/text.ts';
import { findSource, type Workspace } from '../../../../core/workspace/workspace.ts';
import type { CustomField } from '../../custom-field/custom-field.ts';
import { fieldsOfList } from '../../custom-field/custom-field.ts';
import {
  type CustomFieldValue,
  isEmptyValue,
  isValidValue,
  readFieldValue,
} from '../../custom-field/field-value.ts';
import { type createSubscriberErrors, SubscriberError } from '../../errors.ts';
import { type Fields, isObject, isYes, parseListId, readText } from '../fields.ts';
import { parseLocalTime } from '../local-time.ts';

export const statuses = ['Opt-In Pending', 'Subscribed', 'Opt-Out Pending', 'Unsubscribed'] as const;
const bounceTypes = ['Not Bounced', 'Soft', 'Hard'] as const;
const sources = ['CSVImport', 'API', 'Webhook', 'Manual', 'Other', 'Unknown'] as const;
/** The vendor cuts it, too. */
const maximumSourceRefLength = 64;

/** What a call says of a membership; only what it says is written over one that is there. Times as ISO 8601 in UTC. */
export interface MembershipWrite {
  readonly Status?: (typeof statuses)[number];
  readonly SubscriptionDate?: string;
  readonly SubscriptionIP?: string;
  readonly OptInDate?: string;
  readonly UnsubscriptionDate?: string;
  readonly UnsubscriptionIP?: string;
  readonly BounceType?: (typeof bounceTypes)[number];
  readonly Source?: (typeof sources)[number];
  readonly SourceRef?: string;
}

export interface NewSubscriber {
  readonly list: Source;
  readonly email: { readonly written: string; readonly normal: string };
  readonly membership: MembershipWrite;
  readonly values: ReadonlyMap<CustomField, CustomFieldValue>;
  readonly updateIfDuplicate: boolean;
  readonly updateIfUnsubscribed: boolean;
  /** Values of unique fields that somebody else has refuse the call. */
  readonly enforcesUnique: boolean;
}

type Code = keyof typeof createSubscriberErrors;

/**
 * Reads a new subscriber, checked in the order of the vendor's codes, but for those that only the store can tell (20, 21, 27).
 * @throws SubscriberError
 */
export function parseNewSubscriber(fields: Fields, workspace: Workspace): NewSubscriber {
  if (fields.text('listid') === undefined) throw new SubscriberError(1);
  const written = stripMarks(fields.text('emailaddress') ?? '');
  if (written === '') throw new SubscriberError(2);
  const normal = emailKey(written);
  if (normal === undefined) throw new SubscriberError(3);
  const listId = parseListId(fields.get('listid'));
  const list = listId === undefined ? undefined : findSource(workspace, 'octeth', 'list', listId);
  if (!list) throw new SubscriberError(4);
  const membership = readMembership(fields, workspace.timezone);
  const values = readCustomFields(fields, workspace, list);
  const enforcesUnique = isYes(fields, 'enforcerequiredfields');
  if (enforcesUnique) enforceRules(workspace, list, values);
  return {
    list,
    email: { written, normal },
    membership,
    values,
    updateIfDuplicate: isYes(fields, 'updateifduplicate'),
    updateIfUnsubscribed: isYes(fields, 'updateifunsubscribed'),
    enforcesUnique,
  };
}

function readMembership(fields: Fields, timezone: string): MembershipWrite {
  const bounceType = readOneOf(fields, 'bouncetype', bounceTypes, 5);
  const status = readOneOf(fields, 'status', statuses, 6);
  const isComing = status === 'Subscribed' || status === 'Opt-In Pending';
  const isLeaving = status === 'Unsubscribed' || status === 'Opt-Out Pending';
  const membership = {
    BounceType: bounceType,
    Status: status,
    SubscriptionDate: readTime(fields, 'subscriptiondate', timezone, 7, isComing ? 8 : undefined),
    SubscriptionIP: readAddress(fields, 'subscriptionip', 10, isComing ? 9 : undefined),
    UnsubscriptionDate: readTime(fields, 'unsubscriptiondate', timezone, 13, isLeaving ? 11 : undefined),
    UnsubscriptionIP: readAddress(fields, 'unsubscriptionip', 14, isLeaving ? 12 : undefined),
    OptInDate: readTime(fields, 'optindate', timezone, 16),
    Source: readSource(fields),
    SourceRef: cutText(readText(fields, 'sourceref', 10_000) ?? '', maximumSourceRefLength) || undefined,
  };
  return Object.fromEntries(Object.entries(membership).filter(([, value]) => value !== undefined));
}

function readOneOf<Value extends string>(
  fields: Fields,
  name: string,
  values: readonly Value[],
  code: Code,
): Value | undefined {
  const text = fields.text(name)?.toLowerCase();
  if (text === undefined) return undefined;
  const value = values.find((known) => known.toLowerCase() === text);
  if (value === undefined) throw new SubscriberError(code);
  return value;
}

function readTime(
  fields: Fields,
  name: string,
  timezone: string,
  invalid: Code,
  missing?: Code,
): string | undefined {
  const text = fields.text(name);
  if (text === undefined && missing !== undefined) throw new SubscriberError(missing);
  if (text === undefined) return undefined;
  const time = parseLocalTime(text, timezone);
  if (!time) throw new SubscriberError(invalid);
  return time.toISOString();
}

function readAddress(fields: Fields, name: string, invalid: Code, missing?: Code): string | undefined {
  const text = fields.text(name);
  if (text === undefined && missing !== undefined) throw new SubscriberError(missing);
  if (text !== undefined && isIP(text) === 0) throw new SubscriberError(invalid);
  return text;
}

/** The vendor takes what it does not know for Unknown. */
function readSource(fields: Fields): MembershipWrite['Source'] {
  const text = fields.text('source')?.toLowerCase();
  if (text === undefined) return undefined;
  return sources.find((known) => known.toLowerCase() === text) ?? 'Unknown';
}

/** `CustomFields` by id; each has to be the list's or a global one. */
function readCustomFields(
  fields: Fields,
  workspace: Workspace,
  list: Source,
): Map<CustomField, CustomFieldValue> {
  const given = fields.get('customfields') ?? {};
  const values = new Map<CustomField, CustomFieldValue>();
  if (given === '' || (Array.isArray(given) && given.length === 0)) return values;
  if (!isObject(given)) throw new SubscriberError(17);
  const byId = new Map(fieldsOfList(workspace, list).map((field) => [String(field.id), field]));
  for (const id of Object.keys(given)) {
    const field = byId.get(id);
    const value = field && readFieldValue(given[id]);
    if (!field || value === undefined) throw new SubscriberError(17);
    values.set(field, value);
  }
  return values;
}

/** EnforceRequiredFields: each value's own rules first, then what was left out and has no default (the vendor's precedence). */
function enforceRules(
  workspace: Workspace,
  list: Source,
  values: ReadonlyMap<CustomField, CustomFieldValue>,
): void {
  for (const [field, value] of values) {
    if (field.isRequired && isEmptyValue(value)) throw new SubscriberError(26);
    if (!isValidValue(field, value)) throw new SubscriberError(28);
  }
  const missing = fieldsOfList(workspace, list).some(
    (field) =>
      field.isRequired && !values.has(field) && (field.sourceId === null || field.defaultValue === ''),
  );
  if (missing) throw new SubscriberError(26);
}
