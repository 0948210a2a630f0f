import type { ConversationEventType } from '../conversation/conversation-event.ts';

/** The event that a campaign's success is counted by (spec/signals.md ruling 1, B6). */
export interface CampaignConversion {
  /** The vendor's id; a text, since it can be larger than 2^53. */
  readonly campaignId: string;
  readonly type: ConversationEventType;
  /** Of `keyword` and `conversation`: the text that is looked for; of the choices, what was chosen. */
  readonly typeValue: string | null;
  /** 24 hex digits; where there is a value, that decides. */
  readonly typeId: string | null;
}

/** More than a client runs at a time; all of them are in each process's memory. */
export const maximumConversions = 10_000;

/** The types that are looked for in the text of messages. */
export const textTypes = ['keyword', 'conversation'] as const;

export type TextType = (typeof textTypes)[number];

export function isTextType(type: ConversationEventType): type is TextType {
  return (textTypes as readonly string[]).includes(type);
}
