import type { ConversationEventType } from '../conversation/conversation-event.ts';
import type { SourceEvent } from '../conversation/query/source-events.ts';
import { presentInstant, presentTime } from './present-time.ts';

/** docs/spec/signals.md 0: the only acknowledgement there is. It promises storage, so it is sent after the commit. */
export const success = { success: true as const };

/** In the order of the vendor's sample, which is the export's order of columns, too (C13). */
export const eventColumns = [
  'id',
  'app_id',
  'ad_id',
  'campaign_id',
  'phone',
  'type',
  'type_id',
  'type_value',
  'date',
  'conversation_id',
  'conversation_expire_time',
  'source_id',
] as const;

export type WireEvent = Record<(typeof eventColumns)[number], string | null>;

export function presentEvent(event: SourceEvent, appId: string): WireEvent {
  return {
    id: event.messageId,
    app_id: appId,
    ad_id: event.adId,
    campaign_id: event.campaignId,
    phone: event.phone,
    type: event.type,
    type_id: event.typeId,
    type_value: event.typeValue,
    date: presentInstant(event.occurredAt),
    conversation_id: event.conversationId,
    conversation_expire_time: presentTime(event.expiresAt),
    source_id: event.referralSourceId,
  };
}

const typeNames: Record<ConversationEventType, string> = {
  button: 'Button',
  button_reply: 'Button reply',
  conversation: 'Conversation',
  converted: 'Converted',
  engagement: 'Engagement',
  keyword: 'Keyword',
  link: 'Link',
  list: 'List',
  list_reply: 'List reply',
};

export function presentEventType(type: ConversationEventType): {
  name: string;
  value: ConversationEventType;
} {
  return { name: typeNames[type], value: type };
}
