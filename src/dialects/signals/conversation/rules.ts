import Type from 'typebox';
import type { ConversationEventType, TextType } from './conversation-event.ts';

/** The main conversion of a campaign (docs/spec/signals.md B6, ruling 1). */
export interface Conversion {
  /** The vendor's id; a text, since it can be larger than 2^53. */
  readonly campaignId: string;
  /** `converted`: any event that a text rule of the campaign raises. */
  readonly type: ConversationEventType;
  /** Of `keyword` and `conversation`: the text that is looked for. Of a choice: what was chosen. null: any, and of `conversation` the automatic one. */
  readonly typeValue: string | null;
  /** The event's type by its id; null: not asked for. */
  readonly typeId: string | null;
  readonly createdAt: Date;
}

/** What a message's text is looked through for: an event group (docs/spec/signals.md B8, ruling 2). */
export interface TextRule {
  readonly type: TextType;
  readonly value: string;
  /** null: in every conversation, by whichever ad. */
  readonly adId: string | null;
  /** null: of whichever campaign. */
  readonly campaignId: string | null;
  /** Milliseconds since the epoch: messages sent at or after it raise nothing. null: it is active. */
  readonly archivedAt: number | null;
  readonly groupId: string;
}

/** What a workspace has set for the events that its leads' messages raise. Part of the configuration's version. */
export interface ConversationRules {
  /** How long a conversation is open, from its first message. */
  readonly windowMilliseconds: number;
  /** By campaign. */
  readonly conversions: ReadonlyMap<string, Conversion>;
  readonly textRules: readonly TextRule[];
  /** The campaign of each ad whose campaign is known. */
  readonly campaignOfAd: ReadonlyMap<string, string>;
}

const hour = 60 * 60 * 1000;

/** docs/spec/signals.md B4, ruling 5: unless the workspace says otherwise. */
const defaultConversationHours = 24;
/** Thirty days: Meta's own window of a click is three. */
const maximumConversationHours = 720;

export const ConversationHours = Type.Number({ exclusiveMinimum: 0, maximum: maximumConversationHours });

/** Of the dialect's settings, in milliseconds. */
export function windowOf(settings: Readonly<Record<string, unknown>> | undefined): number {
  const hours = settings?.conversationHours;
  return (isConversationHours(hours) ? hours : defaultConversationHours) * hour;
}

function isConversationHours(hours: unknown): hours is number {
  return typeof hours === 'number' && hours > 0 && hours <= maximumConversationHours;
}
