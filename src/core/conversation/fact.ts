import { isRecord } from '../field-type/text.ts';
import type { Referral } from './conversation.ts';
import { type MessageContent, readContent } from './read-content.ts';

/** The types of Signals' stored events. What the vendor calls an event follows from them. */
export const factTypes = ['message', 'external_event'] as const;

export type FactType = (typeof factTypes)[number];

/**
 * The place of a fact among those of its lead. WhatsApp tells the time in seconds, so facts of one time are frequent: they go by
 * what they are, then by the vendor's id, then by their app, so that it makes no difference in which order they came in.
 */
export interface FactPosition {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** 0: a message, 1: an external event. */
  readonly rank: 0 | 1;
  readonly id: string;
  /** The app's source; 0: none. */
  readonly sourceId: number;
}

/** An incoming message of a lead. */
export interface MessageFact extends Omit<MessageContent, 'isFromLead'> {
  readonly kind: 'message';
  readonly position: FactPosition;
  /** Of the stored event. */
  readonly eventId: string;
  /** The vendor's id of the app. */
  readonly appId: string;
  /** The lead's number, digits without `+`. */
  readonly phone: string;
  /** True when the lead's name came with it. */
  readonly isNamed: boolean;
}

/** Something that happened outside the conversation, for example a sale (spec/signals.md B9). */
export interface ExternalFact {
  readonly kind: 'external';
  /** Its id is the stored event's. */
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
  readonly phone: string;
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

function messageOf({ eventId, sourceId, occurredAt, properties, detail }: FactRow): MessageFact | null {
  const { isFromLead, ...content } = readContent(properties);
  if (!isFromLead || sourceId === null || !isRecord(detail)) return null;
  const { id, app_id: appId, phone, profile_name: name } = detail as Partial<MessageDetail>;
  if (typeof id !== 'string' || typeof appId !== 'string' || typeof phone !== 'string') return null;
  return {
    kind: 'message',
    position: { at: occurredAt, rank: 0, id, sourceId },
    eventId,
    appId,
    phone,
    isNamed: typeof name === 'string',
    ...content,
  };
}

function externalOf({ eventId, sourceId, occurredAt, properties }: FactRow): ExternalFact {
  const { revenue, currency, previous_external_event_id: previousId } = properties;
  return {
    kind: 'external',
    position: { at: occurredAt, rank: 1, id: eventId, sourceId: sourceId ?? 0 },
    eventId,
    sourceId,
    previousId: typeof previousId === 'string' ? previousId : null,
    revenue:
      typeof revenue === 'number' && typeof currency === 'string' ? { amount: revenue, currency } : null,
  };
}

/** Negative: `a` comes first. Texts go by their bytes, as the database's collation "C" has them. */
export function comparePositions(a: FactPosition, b: FactPosition): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.id !== b.id) return Buffer.compare(Buffer.from(a.id), Buffer.from(b.id));
  return a.sourceId - b.sourceId;
}

/** A click that is told of twice is one click; one without an id is another each time. */
export function isSameClick(a: Referral, b: Referral): boolean {
  return a.clickId !== null && a.clickId === b.clickId && a.origin === b.origin && a.sourceId === b.sourceId;
}
