import type { ConversationEventType } from './conversation-event.ts';

/**
 * What is counted by app, ad and UTC day:
 *
 * - an event type: its events, by type id and value
 * - session: conversations that were opened; standalone-session: those of them that no click began
 * - standalone-event: events of conversations that no click began
 * - lead: leads whose first conversation with this app and ad it was; so a sum over days counts each once
 * - engaged: leads with their first event `engagement` with this app and ad
 * - converted-lead: leads with their first event `converted` with this app and ad
 * - sale: external events with a revenue, and the sum of it; the value is the currency
 */
export type DayMeasureName =
  | ConversationEventType
  | 'session'
  | 'standalone-session'
  | 'standalone-event'
  | 'lead'
  | 'engaged'
  | 'converted-lead'
  | 'sale';

/** One more of a measure. */
export interface DayMeasure {
  /** 0: no app. */
  readonly sourceId: number;
  /** '': no ad. */
  readonly adId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly measure: DayMeasureName;
  readonly typeId: string;
  readonly typeValue: string;
  /** Of a sale. */
  readonly amount: number;
}

/**
 * The date that stands for all days together, each measure's sum over them: figures of a thousand ads over their whole past are read
 * off a thousandth of the rows.
 */
export const allDays = '-infinity';

/** YYYY-MM-DD, in UTC. */
export function utcDayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
