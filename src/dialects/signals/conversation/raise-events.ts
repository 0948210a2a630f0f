import { type ConversationEventType, isTextType } from './conversation-event.ts';
import { eventTypeId } from './event-type-id.ts';
import type { MessageFact } from './fact.ts';
import { matchesText } from './match-text.ts';
import type { ConversationRules, Conversion, TextRule } from './rules.ts';

/** An event that a message raises; `value`: its type_value. */
export interface RaisedEvent {
  readonly type: ConversationEventType;
  readonly value: string | null;
  /** True: the workspace's text rules ask for it. */
  readonly isConfigured: boolean;
}

/**
 * The events of a message, each type and value once (docs/spec/signals.md B3, rulings 1 and 5).
 * @param ordinal 1 for the first message of its conversation, 2 for the second; what comes after need not be told apart
 * @param adId the ad that the conversation is attributed to
 */
export function raiseEvents(
  message: MessageFact,
  ordinal: number,
  adId: string | null,
  rules: ConversationRules,
): RaisedEvent[] {
  const events: RaisedEvent[] = [];
  const raise = (type: ConversationEventType, value: string | null, isConfigured: boolean) => {
    if (!events.some((event) => event.type === type && event.value === value))
      events.push({ type, value, isConfigured });
  };
  if (ordinal === 1) raise('conversation', null, false);
  if (ordinal === 2) raise('engagement', null, false);
  if (message.choice) raise(message.choice.type, message.choice.value, false);
  const campaignId = adId === null ? undefined : rules.campaignOfAd.get(adId);
  const conversion = campaignId === undefined ? undefined : rules.conversions.get(campaignId);
  for (const { type, value } of matchingRules(message, adId, campaignId, rules)) raise(type, value, true);
  if (conversion) {
    const text = textOfConversion(conversion);
    if (text !== null && message.text !== null && matchesText(text.value, message.text))
      raise(text.type, text.value, true);
    const converting = events.find((event) => converts(conversion, event, message.appId));
    if (converting) raise('converted', converting.value, false);
  }
  return events;
}

function matchingRules(
  { text, position }: MessageFact,
  adId: string | null,
  campaignId: string | undefined,
  { textRules }: ConversationRules,
): TextRule[] {
  if (text === null) return [];
  return textRules.filter(
    (rule) =>
      (rule.adId === null || rule.adId === adId) &&
      (rule.campaignId === null || rule.campaignId === campaignId) &&
      // B8: an archived group keeps what came before.
      (rule.archivedAt === null || position.at < rule.archivedAt) &&
      matchesText(rule.value, text),
  );
}

/** Ruling 1: such a conversion is a text that is looked for itself. */
function textOfConversion({ type, typeValue }: Conversion): Pick<TextRule, 'type' | 'value'> | null {
  return isTextType(type) && typeValue !== null ? { type, value: typeValue } : null;
}

function converts(conversion: Conversion, event: RaisedEvent, appId: string): boolean {
  if (conversion.type === 'converted') return event.isConfigured;
  if (event.type !== conversion.type) return false;
  if (conversion.typeId !== null && conversion.typeId !== eventTypeId(appId, event.type, event.value))
    return false;
  if (conversion.typeValue !== null) return event.value === conversion.typeValue;
  return conversion.typeId !== null || event.type !== 'conversation' || event.value === null;
}
