import type { ConversationEventType } from '../conversation/conversation-event.ts';
import { foldText } from '../conversation/match-text.ts';

/**
 * An event that is looked for and counted in the messages to all numbers of the client, whichever app it was set up by
 * (docs/spec/signals.md ruling 2, B8).
 */
export interface EventGroup {
  /** 24 hex digits. */
  readonly id: string;
  readonly type: ConversationEventType;
  /** Of `keyword` and `conversation`: the text that is looked for. Of the others: what was chosen; null: any. */
  readonly typeValue: string | null;
  /** null: whichever. */
  readonly adId: string | null;
  /** null: whichever. */
  readonly campaignId: string | null;
  /** Messages sent from then on are not counted; null: it is active. */
  readonly archivedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type GroupFacts = Pick<EventGroup, 'type' | 'typeValue' | 'adId' | 'campaignId'>;

export const groupStatuses = ['active', 'archived'] as const;

export type GroupStatus = (typeof groupStatuses)[number];

/** A message is looked through for each active one. */
export const maximumActiveGroups = 1000;
/** Archived ones are kept, since messages of their time may be counted again. */
export const maximumGroups = 10_000;

export function statusOf({ archivedAt }: EventGroup): GroupStatus {
  return archivedAt === null ? 'active' : 'archived';
}

/** Whether two groups look for the same. */
export function isSameGroup(a: GroupFacts, b: GroupFacts): boolean {
  const foldedOf = ({ typeValue }: GroupFacts) => (typeValue === null ? null : foldText(typeValue));
  return (
    a.type === b.type &&
    a.adId === b.adId &&
    a.campaignId === b.campaignId &&
    (a.typeValue === b.typeValue || foldedOf(a) === foldedOf(b))
  );
}
