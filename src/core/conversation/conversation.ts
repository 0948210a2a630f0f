import { createHash } from 'node:crypto';

/** How a conversation began: by a click on an ad, from a post, or without either. */
export type ConversationOrigin = 'ad' | 'post' | 'standalone';

/** The click that brought a lead to write, as its first message tells. */
export interface Referral {
  readonly origin: 'ad' | 'post';
  /** The vendor's id of the ad or post; null where it is not told. */
  readonly sourceId: string | null;
  /** Of this one click; null for ads in WhatsApp's status. */
  readonly clickId: string | null;
}

/** An incoming message, as far as the rules of conversations look at it. */
export interface LeadMessage {
  readonly id: string;
  readonly appId: string;
  /** The lead's number, digits without `+`. */
  readonly phone: string;
  /** When it was sent; milliseconds since the epoch. */
  readonly sentAt: number;
  readonly referral: Referral | null;
  /** The button or list entry that the lead chose. */
  readonly choice: { readonly type: ChoiceType; readonly value: string | null } | null;
}

export type ChoiceType = 'button' | 'button_reply' | 'list' | 'list_reply';

/** The types that need no configuration (spec/signals.md B3). */
export const automaticEventTypes = [
  'button',
  'button_reply',
  'conversation',
  'engagement',
  'list',
  'list_reply',
] as const;

export interface AutomaticEvent {
  readonly type: (typeof automaticEventTypes)[number];
  /** What was chosen; null for `conversation` and `engagement`. */
  readonly value: string | null;
}

/** A lead's exchange with one app within one window. */
export interface Conversation {
  readonly id: string;
  readonly origin: ConversationOrigin;
  readonly sourceId: string | null;
  readonly clickId: string | null;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  /** Exclusive. */
  readonly expiresAt: number;
  /** Messages of the lead in it. */
  readonly messages: number;
}

/** What is remembered of a lead and an app between two messages. JSON. */
export interface ConversationState {
  /** Of the message sent last, which need not be the one that came last. */
  readonly lastSentAt: number;
  /** The latest ones, in the order in which they were opened. */
  readonly conversations: readonly Conversation[];
}

export interface ReceivedMessage {
  readonly state: ConversationState;
  /** The one that the message belongs to. */
  readonly conversation: Conversation;
  readonly events: readonly AutomaticEvent[];
}

/** spec/signals.md B4, ruling 5: unless the workspace says otherwise. */
export const defaultConversationHours = 24;

/** For messages that come late: older than these are not looked for. */
const rememberedConversations = 8;

/**
 * Takes a message into the conversations of its lead and app (spec/signals.md B3, B4, rulings 4 and 5). A click opens a
 * conversation, the last click wins; another message joins the one that is open at the time it was sent, or opens a standalone
 * one. The window runs from the opening message. The first and the second message of a conversation are events of their own.
 *
 * The place of a message is found by when it was sent, so one that comes late changes nothing about those that were sent later,
 * but for a standalone conversation that would not have begun: that one becomes part of the late message's. Which events a
 * message raised when it came is not taken back.
 */
export function receiveMessage(
  state: ConversationState | undefined,
  message: LeadMessage,
  windowMilliseconds: number,
): ReceivedMessage {
  const conversations = [...(state?.conversations ?? [])];
  const place = conversations.findLastIndex((known) => known.openedAt <= message.sentAt);
  const current = conversations[place];
  const joins = current !== undefined && continues(current, message);
  let conversation: Conversation;
  if (joins) {
    conversation = { ...current, messages: current.messages + 1 };
    conversations[place] = conversation;
  } else {
    const opened = openConversation(message, windowMilliseconds);
    const next = conversations[place + 1];
    const absorbed = next && wouldNotHaveBegun(next, opened) ? next.messages : 0;
    conversation = { ...opened, messages: opened.messages + absorbed };
    conversations.splice(place + 1, absorbed > 0 ? 1 : 0, conversation);
  }
  return {
    state: {
      lastSentAt: Math.max(state?.lastSentAt ?? message.sentAt, message.sentAt),
      conversations: conversations.slice(-rememberedConversations),
    },
    conversation,
    events: automaticEvents(message, joins ? conversation.messages : 1),
  };
}

/** A click that is told of twice is one click; another one, or the same ad clicked again, begins anew. */
function continues(current: Conversation, { referral, sentAt }: LeadMessage): boolean {
  if (sentAt >= current.expiresAt) return false;
  if (!referral) return true;
  return (
    referral.clickId !== null &&
    referral.clickId === current.clickId &&
    referral.origin === current.origin &&
    referral.sourceId === current.sourceId
  );
}

/** `next` was opened later, and by no click: had the messages come in order, it would be part of this one. */
function wouldNotHaveBegun(next: Conversation, opened: Conversation): boolean {
  return next.origin === 'standalone' && next.openedAt < opened.expiresAt;
}

function openConversation(message: LeadMessage, windowMilliseconds: number): Conversation {
  const { referral, sentAt } = message;
  return {
    id: conversationId(message),
    origin: referral?.origin ?? 'standalone',
    sourceId: referral?.sourceId ?? null,
    clickId: referral?.clickId ?? null,
    openedAt: sentAt,
    expiresAt: sentAt + windowMilliseconds,
    messages: 1,
  };
}

function automaticEvents({ choice }: LeadMessage, ordinal: number): AutomaticEvent[] {
  const events: AutomaticEvent[] = [];
  if (ordinal === 1) events.push({ type: 'conversation', value: null });
  if (ordinal === 2) events.push({ type: 'engagement', value: null });
  if (choice) events.push(choice);
  return events;
}

/** Made of the opening message, so that rebuilding conversations from stored messages gives the same ids. */
function conversationId({ appId, phone, id }: LeadMessage): string {
  return shortHash('conversation', appId, phone, id);
}

/** spec/signals.md ruling 4: 24 hex digits, the same for the same app, type and value. */
export function eventTypeId(appId: string, type: string, value: string | null): string {
  return value === null ? shortHash('type', appId, type) : shortHash('type', appId, type, value);
}

function shortHash(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}
