import {
  automaticEventTypes,
  type ConversationState,
  defaultConversationHours,
  receiveMessage,
} from '../../core/conversation/conversation.ts';
import { attribute, eventDetail } from '../../core/conversation/conversation-event.ts';
import { normalizePhone } from '../../core/field-type/normal-form.ts';
import { findSource, type Workspace } from '../../core/workspace/workspace.ts';
import type { Completion, EventPart, Facet, Prepared } from '../../ingest/submission.ts';
import { type BadMessage, type DeliveredMessage, type ParsedMessage, parseMessage } from './parse.ts';

const hour = 60 * 60 * 1000;

/** The type that every incoming message is stored under, beside the events it raises; the vendor's wire does not know it. */
const messageType = 'message';

/** What the engine is told of one message of an app. */
export function prepareMessage(
  delivered: DeliveredMessage,
  appId: string,
  workspace: Workspace,
  receivedAt: number,
): Prepared {
  const app = findSource(workspace, 'signals', 'app', appId);
  // spec/signals.md C11: acknowledged and counted, not tracked.
  if (!app || app.settings.ctwaTracking === false) return { kind: 'dropped', reason: 'tracking-off' };
  const message = parseMessage(delivered);
  if ('rule' in message) return toViolation(message, receivedAt);
  const stateName = `conversation:${appId}`;
  return {
    kind: 'command',
    nodeId: app.nodeId,
    facets: [leadFacet(message, stateName)],
    event: {
      ...eventOf(message, app.id),
      type: messageType,
      properties: { ...message.content },
      detail: { id: message.id, app_id: appId, phone: message.phone, profile_name: message.profileName },
      ...(message.isFromLead ? raisesEvents(message, appId, app.id, stateName, windowOf(workspace)) : {}),
    },
  };
}

function toViolation({ rule, path }: BadMessage, receivedAt: number): Prepared {
  const violation = { rule, path: `/messages/0${path}`, detail: {} };
  return { kind: 'violation', type: messageType, occurredAt: receivedAt, violation };
}

/** The lead, by its number. A number that the numbering plans don't know is a key all the same: WhatsApp vouches for it. */
function leadFacet(message: ParsedMessage, stateName: string): Facet {
  const number = `+${message.phone}`;
  return {
    keys: [{ kind: 'phone', value: normalizePhone(number, []) ?? number }],
    contacts: [],
    anonymous: false,
    create: true,
    states: [stateName],
    write: (_values, states) => {
      const state = states.get(stateName) as ConversationState | undefined;
      // A message that comes late may carry the name that the lead has given up since.
      if (state && state.lastSentAt > message.sentAt) return {};
      return {
        waId: message.waId,
        ...(message.profileName === null ? {} : { name: message.profileName }),
      };
    },
  };
}

function eventOf(message: ParsedMessage, sourceId: number) {
  return { typeVersion: null, occurredAt: message.sentAt, sourceId, context: null, metrics: [] };
}

/** Once the lead's conversations are known: to what the message is attributed, and the events that it gives rise to. */
function raisesEvents(
  message: ParsedMessage,
  appId: string,
  sourceId: number,
  stateName: string,
  windowMilliseconds: number,
): Pick<EventPart, 'complete' | 'derivedTypes'> {
  const complete: EventPart['complete'] = (resolution): Completion => {
    const known = resolution.facets[0]?.states.get(stateName) as ConversationState | undefined;
    const leadMessage = { ...message, appId };
    const { state, conversation, events } = receiveMessage(known, leadMessage, windowMilliseconds);
    const attribution = attribute(leadMessage, conversation);
    return {
      detail: { ...attribution, profile_name: message.profileName },
      derived: events.map(({ type, value }) => ({
        ...eventOf(message, sourceId),
        type,
        properties: value === null ? {} : { type_value: value },
        detail: { ...eventDetail(attribution, type, value) },
      })),
      states: [{ facet: 0, name: stateName, value: state }],
    };
  };
  return { complete, derivedTypes: automaticEventTypes };
}

/** spec/signals.md B4: a setting. */
function windowOf(workspace: Workspace): number {
  const hours = workspace.settings.dialects.signals?.conversationHours;
  return (typeof hours === 'number' && hours > 0 ? hours : defaultConversationHours) * hour;
}
