import { findUnstorable, isStorableText } from '../../../core/event/storable.ts';
import type { Key } from '../../../core/identity/identity.ts';
import type { AttributeChanges } from '../../../core/profile/attributes.ts';
import { emailKey, normalizePhone } from '../../../core/value/normal-form.ts';
import { defaultNode, type Workspace } from '../../../core/workspace/workspace.ts';
import type { KeyedSubject, Prepared } from '../../../ingest/item.ts';
import { identifyingAttributesOf } from '../settings.ts';
import { cutLongText, isTooLong, maximumNameLength, type UserIds } from './parse.ts';
import type { EventRequest } from './parse-event.ts';
import type { UserRequest } from './parse-user.ts';

const reservedPrefix = 'we_';

/** What the engine is told of an event. */
export function prepareEvent(request: EventRequest, workspace: Workspace, receivedAt: number): Prepared {
  const { user, eventName, eventTime = receivedAt, eventTimeText, eventData } = request;
  if (eventName.startsWith(reservedPrefix)) return { kind: 'dropped', reason: 'reserved-event' };
  if (!user.id.isWellFormed()) return unstorableId(user, eventName, eventTime);
  const { kept, dropped } = keepAttributes(eventData);
  const hasOffset = eventTimeText !== undefined && !/(Z|[+-]00:?00)$/.test(eventTimeText);
  return {
    kind: 'event',
    nodeId: defaultNode(workspace, 'webengage').id,
    subject: userSubject(user, contactsOf(identifying(workspace, eventData), user, workspace)),
    droppedAttributes: dropped,
    unknownMembers: request.unknownMembers,
    event: {
      type: eventName,
      typeVersion: null,
      occurredAt: eventTime,
      sourceId: null,
      context: null,
      properties: kept,
      detail: hasOffset ? { eventTime: eventTimeText } : null,
      metrics: [],
      locksAttributes: true,
    },
  };
}

/** What the engine is told of a user: absent values stay as they are. */
export function prepareUser(request: UserRequest, workspace: Workspace, receivedAt: number): Prepared {
  const { user, values, cutValues } = request;
  if (!user.id.isWellFormed()) return unstorableId(user, null, receivedAt);
  const { kept, dropped } = keepAttributes(request.attributes);
  // There is no event that would be checked for it.
  const found = findUnstorable(values) ?? findUnstorable(kept);
  if (found) {
    const violation = { rule: found.rule, path: found.path, detail: {} };
    return { kind: 'violation', type: null, occurredAt: receivedAt, violation };
  }
  if (cutValues > 0) dropped['string-cut'] = (dropped['string-cut'] ?? 0) + cutValues;
  const changes: AttributeChanges = { ...values };
  for (const name of Object.keys(kept)) changes[`attributes.${name}`] = kept[name];
  return {
    kind: 'edit',
    nodeId: defaultNode(workspace, 'webengage').id,
    subject: userSubject(user, contactsOf(values, user, workspace)),
    edit: () => ({ kind: 'edited', changes }),
    lockedPrefix: 'attributes.',
    droppedAttributes: dropped,
    unknownMembers: request.unknownMembers,
  };
}

/** Lone surrogates are all written as U+FFFD: ids that differ only in them would become one. */
function unstorableId({ kind }: UserIds, type: string | null, occurredAt: number): Prepared {
  const path = kind === 'user' ? '/userId' : '/anonymousId';
  return {
    kind: 'violation',
    type: type !== null && isStorableText(type) ? type : null,
    occurredAt,
    violation: { rule: 'text-not-storable', path, detail: {} },
  };
}

/** Both ids in one call never merge: with a userId, the anonymousId is not even looked at (ruling 4, C11). */
function userSubject(user: UserIds, contacts: readonly Key[]): KeyedSubject {
  return {
    keys: [{ kind: user.kind, value: user.id }],
    contacts,
    anonymous: user.kind === 'anonymous',
    expects: 'any',
  };
}

/** E-mail and phone by which the user is the same person as somebody elsewhere. A userId that is an e-mail address counts as one. */
function contactsOf(values: Record<string, unknown>, user: UserIds, workspace: Workspace): Key[] {
  const contacts: Key[] = [];
  const emailText = typeof values.email === 'string' ? values.email : user.kind === 'user' ? user.id : '';
  const email = emailText.includes('@') ? emailKey(emailText) : undefined;
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
  return Object.fromEntries(identifyingAttributesOf(workspace).map((name) => [name, eventData[name]]));
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
    else if (typeof value === 'string' && isTooLong(value)) {
      count('string-cut');
      kept[name] = cutLongText(value);
    } else kept[name] = value;
  }
  return { kept, dropped };
}
