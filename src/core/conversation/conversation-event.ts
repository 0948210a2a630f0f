import { type Conversation, type ConversationOrigin, eventTypeId, type LeadMessage } from './conversation.ts';

/** Every type of event that the vendor's wire knows (spec/signals.md 0). A stored `message` is none of them. */
export const conversationEventTypes = [
  'button',
  'button_reply',
  'conversation',
  'converted',
  'engagement',
  'keyword',
  'link',
  'list',
  'list_reply',
] as const;

export type ConversationEventType = (typeof conversationEventTypes)[number];

export function isConversationEventType(text: string): text is ConversationEventType {
  return (conversationEventTypes as readonly string[]).includes(text);
}

/** To what a message is attributed; the detail of every stored message, and part of each event's. */
export interface Attribution {
  readonly id: string;
  readonly app_id: string;
  readonly ad_id: string | null;
  readonly campaign_id: string | null;
  readonly phone: string;
  readonly conversation_id: string;
  /** RFC 3339, UTC. */
  readonly conversation_expire_time: string;
  readonly source_id: string | null;
  readonly ctwa_clid: string | null;
  readonly origin: ConversationOrigin;
}

/** The detail of an event that a message gave rise to: what the wire's Event is made of (spec/signals.md A3). */
export interface ConversationEventDetail extends Attribution {
  readonly type_id: string;
  readonly type_value: string | null;
}

/** An ad's click attributes to the ad; a post's keeps the post as the source only (spec/signals.md C18). */
export function attribute(message: LeadMessage, conversation: Conversation): Attribution {
  return {
    id: message.id,
    app_id: message.appId,
    ad_id: conversation.origin === 'ad' ? conversation.sourceId : null,
    campaign_id: null,
    phone: message.phone,
    conversation_id: conversation.id,
    conversation_expire_time: new Date(conversation.expiresAt).toISOString(),
    source_id: conversation.sourceId,
    ctwa_clid: conversation.clickId,
    origin: conversation.origin,
  };
}

export function eventDetail(
  attribution: Attribution,
  type: ConversationEventType,
  value: string | null,
): ConversationEventDetail {
  return { ...attribution, type_id: eventTypeId(attribution.app_id, type, value), type_value: value };
}
