import type { Key } from '../../../../core/identity/identity.ts';
import { normalizePhone } from '../../../../core/value/normal-form.ts';
import { findSource, type Workspace } from '../../../../core/workspace/workspace.ts';
import type { EventItem, KeyedSubject, Prepared } from '../../../../ingest/item.ts';
import type { MessageDetail } from '../../conversation/fact.ts';
import { type LeadName, leadNameState, leadStateName } from '../../conversation/lead-state.ts';
import { conversationsInBatch } from '../../conversation/projection/decide-conversation.ts';
import { readAppSettings } from '../../settings.ts';
import {
  type BadMessage,
  type DeliveredMessage,
  type ParsedMessage,
  parseMessage,
  type Sender,
} from '../parse.ts';

/** The type that every incoming message is stored under. The vendor's wire knows only the events that it raises. */
const messageType = 'message';
/** What is kept of a bad one is a delivery of it alone. */
const places = { occurredAt: '/messages/0/timestamp', properties: '/messages/0' } as const;

/** What the engine is told of one message of an app. */
export function prepareMessage(
  delivered: DeliveredMessage,
  appId: string,
  workspace: Workspace,
  receivedAt: number,
): Prepared {
  const app = findSource(workspace, 'signals', 'app', appId);
  // docs/spec/signals.md C11: acknowledged and counted, not tracked.
  if (!app || readAppSettings(app.settings).ctwaTracking === false)
    return { kind: 'dropped', reason: 'tracking-off' };
  const message = parseMessage(delivered);
  if ('rule' in message) return toViolation(message, receivedAt);
  return {
    kind: 'event',
    nodeId: app.nodeId,
    ...senderOf(message),
    ...(message.isNameMended && { droppedAttributes: { 'name-mended': 1 } }),
    places,
    event: {
      type: messageType,
      typeVersion: null,
      occurredAt: message.sentAt,
      sourceId: app.id,
      context: null,
      properties: message.content,
      detail: { ...detailOf(message, appId) },
      metrics: [],
      projections: [conversationsInBatch],
    },
  };
}

function toViolation({ rule, path }: BadMessage, receivedAt: number): Prepared {
  const violation = { rule, path: `${places.properties}${path}`, detail: {} };
  return { kind: 'violation', type: messageType, occurredAt: receivedAt, violation };
}

function detailOf({ id, sender, profileName }: ParsedMessage, appId: string): MessageDetail {
  return { id, app_id: appId, phone: sender.phone, user_id: sender.userId, profile_name: profileName };
}

/**
 * By what a lead is found: its number, its user id, or both, which are then the same lead's. A number that the numbering plans don't
 * know is a key all the same: WhatsApp vouches for it.
 */
function leadKeys({ phone, userId }: Sender): Key[] {
  const keys: Key[] = [];
  if (phone !== null) keys.push({ kind: 'phone', value: normalizePhone(`+${phone}`, []) ?? `+${phone}` });
  if (userId !== null) keys.push({ kind: 'whatsappUser', value: userId });
  return keys;
}

/** The lead that a message or an external event is of. What found one profile each before makes them one record, by a link. */
export function leadOf(sender: Sender): KeyedSubject {
  return {
    keys: leadKeys(sender),
    contacts: [],
    anonymous: false,
    expects: 'any',
    unitesKeys: true,
    states: [leadStateName, leadNameState],
  };
}

/** The lead of a message, and what the message says of it. */
function senderOf({ sender, sentAt, profileName }: ParsedMessage): Pick<EventItem, 'subject' | 'write'> {
  const { userId, waId } = sender;
  return {
    subject: leadOf(sender),
    write: ({ states }) => {
      const named = states.get(leadNameState) as LeadName | undefined;
      return {
        ...(waId !== null ? { waId } : {}),
        ...(userId !== null ? { userId } : {}),
        // A message that comes late may carry the name that the lead has given up since.
        ...(profileName !== null && (!named || named.at <= sentAt) ? { name: profileName } : {}),
      };
    },
  };
}
