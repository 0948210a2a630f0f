import { normalizeEmail, normalizePhone } from '../../core/field-type/normal-form.ts';
import type { Key } from '../../core/identity/identity.ts';
import type { AttributeChanges } from '../../core/profile/attributes.ts';
import { defaultNode, type Workspace } from '../../core/workspace/workspace.ts';
import { RequestError } from '../../errors.ts';
import type { Command, Facet, Prepared } from '../../ingest/submission.ts';

/** spec/webengage.md B4, C1: 49 characters pass, 50 do not. */
const maximumNameLength = 49;
/** Ruling 1. */
const maximumStringLength = 999;
const maximumIdLength = 100;
/** Table A: items of a bulk call. */
export const maximumBulkItems = 25;
const reservedPrefix = 'we_';

const timePattern = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(Z|[+-]\d{2}:?\d{2})$/;

export interface UserIds {
  readonly kind: 'user' | 'anonymous';
  readonly id: string;
}

export interface EventRequest {
  readonly user: UserIds;
  readonly eventName: string;
  /** Milliseconds since the epoch; undefined: the time of receipt. */
  readonly eventTime: number | undefined;
  readonly eventTimeText: string | undefined;
  readonly eventData: Record<string, unknown>;
}

export interface UserRequest {
  readonly user: UserIds;
  readonly values: AttributeChanges;
  readonly attributes: Record<string, unknown>;
}

/** @throws RequestError `invalid-request`: what is wrong with the envelope, in the vendor's words where they are known */
export function parseEvent(body: unknown): EventRequest {
  const event = objectOf(body, 'The body');
  const user = parseUserIds(event);
  const { eventName } = event;
  if (typeof eventName !== 'string' || eventName.trim() === '') throw invalid('eventName cannot be empty.');
  if (eventName.length > maximumNameLength) throw invalid('eventName must be less than 50 characters long.');
  const eventTime = parseTime(event.eventTime, 'eventTime');
  return {
    user,
    eventName,
    eventTime,
    eventTimeText: eventTime === undefined ? undefined : String(event.eventTime),
    eventData: parseData(event.eventData),
  };
}

/** @throws RequestError `invalid-request` */
export function parseUser(body: unknown): UserRequest {
  const user = objectOf(body, 'The body');
  return {
    user: parseUserIds(user),
    values: parseUserValues(user),
    attributes:
      user.attributes === undefined || user.attributes === null
        ? {}
        : objectOf(user.attributes, 'attributes'),
  };
}

/** The items of a bulk call. One bad item refuses the whole call, since the reply has no place to say so (C5). */
export function parseBulk<Item>(
  body: unknown,
  list: 'events' | 'users',
  parse: (item: unknown) => Item,
): Item[] {
  const items = objectOf(body, 'The body')[list];
  if (!Array.isArray(items) || items.length === 0)
    throw invalid(`${list} must be a list of 1 to ${maximumBulkItems} items.`);
  if (items.length > maximumBulkItems)
    throw invalid(`${list} must not hold more than ${maximumBulkItems} items.`);
  return items.map((item: unknown, index) => {
    try {
      return parse(item);
    } catch (error) {
      throw error instanceof RequestError ? invalid(`${list}[${index}]: ${error.message}`) : error;
    }
  });
}

/** What the engine is told of an event. */
export function prepareEvent(request: EventRequest, workspace: Workspace, receivedAt: number): Prepared {
  if (request.eventName.startsWith(reservedPrefix)) return { kind: 'dropped', reason: 'reserved-event' };
  const { kept, dropped } = keepAttributes(request.eventData);
  const hasOffset = request.eventTimeText !== undefined && !/(Z|[+-]00:?00)$/.test(request.eventTimeText);
  return {
    kind: 'command',
    nodeId: defaultNode(workspace, 'webengage').id,
    facets: [
      userFacet(request.user, contactsOf(identifying(workspace, request.eventData), request.user, workspace)),
    ],
    droppedAttributes: dropped,
    event: {
      type: request.eventName,
      typeVersion: null,
      occurredAt: request.eventTime ?? receivedAt,
      sourceId: null,
      context: null,
      properties: kept,
      detail: hasOffset ? { eventTime: request.eventTimeText } : null,
      metrics: [],
      locksAttributes: true,
    },
  };
}

/** What the engine is told of a user: absent values stay as they are. */
export function prepareUser(request: UserRequest, workspace: Workspace): Command {
  const { kept, dropped } = keepAttributes(request.attributes);
  const changes: AttributeChanges = { ...request.values };
  for (const name of Object.keys(kept)) changes[`attributes.${name}`] = kept[name];
  const contacts = contactsOf(request.values, request.user, workspace);
  return {
    kind: 'command',
    nodeId: defaultNode(workspace, 'webengage').id,
    facets: [
      {
        ...userFacet(request.user, contacts),
        write: () => changes,
        lockedPrefix: 'attributes.',
      },
    ],
    droppedAttributes: dropped,
  };
}

/** Both ids in one call never merge: with a userId, the anonymousId is not even looked at (ruling 4, C11). */
function userFacet(user: UserIds, contacts: readonly Key[]): Facet {
  return {
    keys: [{ kind: user.kind, value: user.id }],
    contacts,
    anonymous: user.kind === 'anonymous',
    create: true,
  };
}

/** E-mail and phone by which the user is the same person as somebody elsewhere. A userId that is an e-mail address counts as one. */
function contactsOf(values: Record<string, unknown>, user: UserIds, workspace: Workspace): Key[] {
  const contacts: Key[] = [];
  const emailText = typeof values.email === 'string' ? values.email : user.kind === 'user' ? user.id : '';
  const email = emailText.includes('@') ? normalizeEmail(emailText) : undefined;
  if (email) contacts.push({ kind: 'email', value: email });
  const phone =
    typeof values.phone === 'string'
      ? normalizePhone(values.phone, workspace.settings.phoneCountries)
      : undefined;
  if (phone) contacts.push({ kind: 'phone', value: phone });
  return contacts;
}

/**
 * Attributes of events that say who the user is. Off unless the workspace names them: an e-mail in a custom event may as well be a
 * friend's.
 */
function identifying(workspace: Workspace, eventData: Record<string, unknown>): Record<string, unknown> {
  const named = workspace.settings.dialects.webengage?.identifyingAttributes;
  if (!Array.isArray(named)) return {};
  const found: Record<string, unknown> = {};
  for (const name of named) if (name === 'email' || name === 'phone') found[name] = eventData[name];
  return found;
}

/** Drops names that are too long or reserved, and cuts strings (B4 to B6, ruling 1); says how many of each. */
function keepAttributes(attributes: Record<string, unknown>): {
  kept: Record<string, unknown>;
  dropped: Record<string, number>;
} {
  const kept: Record<string, unknown> = Object.create(null);
  const dropped: Record<string, number> = {};
  const count = (reason: string) => {
    dropped[reason] = (dropped[reason] ?? 0) + 1;
  };
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (name.length > maximumNameLength) count('name-too-long');
    else if (name.startsWith(reservedPrefix)) count('reserved-name');
    else if (typeof value === 'string' && value.length > maximumStringLength) {
      count('string-cut');
      kept[name] = value.slice(0, maximumStringLength).toWellFormed();
    } else kept[name] = value;
  }
  return { kept, dropped };
}

/** B2, C4: at least one, as text; numbers are taken for texts. */
function parseUserIds(body: Record<string, unknown>): UserIds {
  const userId = parseId(body.userId, 'userId');
  if (userId !== undefined) return { kind: 'user', id: userId };
  const anonymousId = parseId(body.anonymousId, 'anonymousId');
  if (anonymousId !== undefined) return { kind: 'anonymous', id: anonymousId };
  throw invalid('Error: userId and anonymousId cannot be empty.');
}

function parseId(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' && typeof value !== 'number') throw invalid(`${name} must be a string.`);
  const id = String(value).trim();
  if (id === '') return undefined;
  if (id.length > maximumIdLength) throw invalid(`${name} must not be longer than 100 characters.`);
  return id;
}

/** C6. */
function parseTime(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const match = typeof value === 'string' ? timePattern.exec(value.slice(0, 40)) : null;
  const time = match
    ? Date.parse(match[1]! + match[2]!.replace(/^([+-]\d{2}):?(\d{2})$/, '$1:$2'))
    : Number.NaN;
  if (Number.isNaN(time)) throw invalid(`${name} must be in ISO format yyyy-MM-ddTHH:mm:ss±hhmm.`);
  return time;
}

/** C9: the page's table calls it a string, its examples are objects. */
function parseData(value: unknown): Record<string, unknown> {
  if (value === undefined || value === null || value === '') return {};
  if (typeof value !== 'string') return objectOf(value, 'eventData');
  try {
    return objectOf(JSON.parse(value), 'eventData');
  } catch {
    throw invalid('eventData must be a JSON object.');
  }
}

const textFields = [
  'firstName',
  'lastName',
  'email',
  'phone',
  'company',
  'hashedEmail',
  'hashedPhone',
  'postalCode',
  'country',
  'city',
  'locality',
  'region',
] as const;
const optInFields = ['emailOptIn', 'smsOptIn', 'whatsappOptIn', 'rcsOptIn'] as const;

/** A2. Empty texts count as not given: some clients always send every key. */
function parseUserValues(user: Record<string, unknown>): AttributeChanges {
  const values: AttributeChanges = {};
  for (const name of textFields) {
    const value = user[name];
    if (value === undefined || value === null || value === '') continue;
    if (typeof value !== 'string' && typeof value !== 'number') throw invalid(`${name} must be a string.`);
    values[name] = String(value).slice(0, maximumStringLength).toWellFormed();
  }
  for (const name of optInFields) {
    const value = user[name];
    if (value === undefined || value === null || value === '') continue;
    if (typeof value !== 'boolean') throw invalid(`${name} must be true or false.`);
    values[name] = value;
  }
  const { gender } = user;
  if (gender !== undefined && gender !== null && gender !== '') {
    if (gender !== 'male' && gender !== 'female' && gender !== 'other')
      throw invalid('gender must be male, female or other.');
    values.gender = gender;
  }
  const birthDate = parseTime(user.birthDate, 'birthDate');
  if (birthDate !== undefined) values.birthDate = new Date(birthDate).toISOString();
  return values;
}

function objectOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(`${what} must be a JSON object.`);
  return value as Record<string, unknown>;
}

function invalid(message: string): RequestError {
  return new RequestError('invalid-request', message);
}
