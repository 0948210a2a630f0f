import { isRecord } from '../../../core/value/text.ts';
import type { Referral } from './conversation.ts';
import { type MessageContent, readContent } from './read-content.ts';

/** The types of Signals' stored events. What the vendor calls an event follows from them. */
export const factTypes = ['message', 'external_event'] as const;

export type FactType = (typeof factTypes)[number];

export function isFactType(name: string): name is FactType {
  return factTypes.some((type) => type === name);
}

/**
 * The place of a fact among those of its lead. WhatsApp tells the time in seconds, so facts of one time are frequent: what tells of a
 * click comes first, then they go as they were received (docs/spec/signals.md ruling 11). The vendor's ids are random and say nothing.
 */
export interface FactPosition {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** 0: a message that tells of a click, 1: another message, 2: an external event. */
  readonly rank: 0 | 1 | 2;
  /** Of the stored event: the order in which the workspace took them, within a delivery that of the array. */
  readonly seq: number;
}

/** An incoming message of a lead. */
export interface MessageFact extends Omit<MessageContent, 'isFromLead'> {
  readonly kind: 'message';
  readonly position: FactPosition;
  /** Of the stored event. */
  readonly eventId: string;
  /** The profile that the event is stored on: one of the lead's. */
  readonly profileId: string;
  /** The vendor's id of the message. */
  readonly messageId: string;
  /** The app's source. */
  readonly sourceId: number;
  /** The vendor's id of the app. */
  readonly appId: string;
  /** The number that it came from, digits without `+`; null where WhatsApp told the lead's user id alone. */
  readonly phone: string | null;
  /** The lead's business-scoped user id; null where it was not told. */
  readonly userId: string | null;
}

/** Something that happened outside the conversation, for example a sale (docs/spec/signals.md B9). */
export interface ExternalFact {
  readonly kind: 'external';
  readonly position: FactPosition;
  readonly eventId: string;
  /** The app that the caller named. */
  readonly sourceId: number | null;
  /** An external event whose conversation this one belongs to. */
  readonly previousId: string | null;
  /** ISO 4217. */
  readonly revenue: { readonly amount: number; readonly currency: string } | null;
}

export type LeadFact = MessageFact | ExternalFact;

/** The detail of a stored `message`. */
export interface MessageDetail {
  readonly id: string;
  readonly app_id: string;
  readonly phone: string | null;
  /** Messages that were stored before there were such ids have none. */
  readonly user_id?: string | null;
  readonly profile_name: string | null;
}

/** The properties of a stored `external_event` that the rules look at. Its source is the app that was named, or null. */
export interface ExternalEventProperties {
  readonly action: string;
  readonly revenue?: number;
  readonly currency?: string;
  readonly previous_external_event_id?: string;
}

/** A stored event, or one on its way. */
export interface FactRow {
  readonly type: FactType;
  readonly eventId: string;
  readonly profileId: string;
  readonly seq: number;
  readonly sourceId: number | null;
  /** Milliseconds since the epoch. */
  readonly occurredAt: number;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly detail: Readonly<Record<string, unknown>> | null;
}

/** The fact that a stored event is; null for one that says nothing about the lead's conversations. */
export function factOf(row: FactRow): LeadFact | null {
  return row.type === 'message' ? messageOf(row) : externalOf(row);
}

function messageOf(row: FactRow): MessageFact | null {
  const { eventId, profileId, seq, sourceId, occurredAt, properties, detail } = row;
  const { isFromLead, ...content } = readContent(properties);
  if (!isFromLead || sourceId === null || !isRecord(detail)) return null;
  const {
    id: messageId,
    app_id: appId,
    phone = null,
    user_id: userId = null,
  } = detail as Partial<MessageDetail>;
  if (typeof messageId !== 'string' || typeof appId !== 'string') return null;
  return {
    kind: 'message',
    position: { at: occurredAt, rank: content.referral ? 0 : 1, seq },
    eventId,
    profileId,
    messageId,
    sourceId,
    appId,
    phone,
    userId,
    ...content,
  };
}

function externalOf({ eventId, seq, sourceId, occurredAt, properties }: FactRow): ExternalFact {
  const { revenue, currency, previous_external_event_id: previousId } = properties;
  return {
    kind: 'external',
    position: { at: occurredAt, rank: 2, seq },
    eventId,
    sourceId,
    previousId: typeof previousId === 'string' ? previousId : null,
    revenue:
      typeof revenue === 'number' && typeof currency === 'string' ? { amount: revenue, currency } : null,
  };
}

/** Negative: `a` comes first. */
export function comparePositions(a: FactPosition, b: FactPosition): number {
  return a.at - b.at || a.rank - b.rank || a.seq - b.seq;
}

/** A click that is told of twice is one click; one without an id is another each time. */
export function isSameClick(a: Referral, b: Referral): boolean {
  return (
    a.clickId !== null && a.clickId === b.clickId && a.origin === b.origin && a.referralId === b.referralId
  );
}
