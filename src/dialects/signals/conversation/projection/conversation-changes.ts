import type { WorkspaceId } from '../../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../../store/queryable.ts';
import type { DayMeasure } from '../day-measures.ts';
import type { ConversationEvent, Received, Sale } from '../receive-fact.ts';
import { addConversationDays } from './conversation-deltas.ts';
import { insertConversationEvents, insertConversationSales, type LeadRow } from './conversation-rows.ts';

/** What a batch adds to the events, sales and counts of leads, and which leads have to be folded anew instead. */
export class ConversationChanges {
  readonly #received = new Map<string, Pick<Received, 'events' | 'sale' | 'measures'>[]>();
  readonly #late = new Set<string>();

  add(leadId: string, received: Received): void {
    this.#received.getOrInsertComputed(leadId, () => []).push(received);
  }

  /** What the batch has added for the lead is left to the fold. */
  markLate(leadId: string): void {
    this.#late.add(leadId);
    this.#received.delete(leadId);
  }

  isLate(leadId: string): boolean {
    return this.#late.has(leadId);
  }

  get late(): string[] {
    return [...this.#late];
  }

  get events(): LeadRow<ConversationEvent>[] {
    const events: LeadRow<ConversationEvent>[] = [];
    for (const [leadId, received] of this.#received)
      for (const one of received) for (const event of one.events) events.push({ ...event, leadId });
    return events;
  }

  get sales(): LeadRow<Sale>[] {
    const sales: LeadRow<Sale>[] = [];
    for (const [leadId, received] of this.#received)
      for (const { sale } of received) if (sale) sales.push({ ...sale, leadId });
    return sales;
  }

  get measures(): DayMeasure[] {
    return [...this.#received.values()].flatMap((received) => received.flatMap((one) => one.measures));
  }
}

/** Sends what the batch adds, a statement a kind; nothing for a batch without leads. */
export function applyConversationChanges(
  connection: Queryable,
  workspaceId: WorkspaceId,
  changes: ConversationChanges,
): Promise<void>[] {
  const { events, sales, measures } = changes;
  const sent: Promise<void>[] = [];
  if (events.length > 0) sent.push(insertConversationEvents(connection, workspaceId, events));
  if (sales.length > 0) sent.push(insertConversationSales(connection, workspaceId, sales));
  if (measures.length > 0) sent.push(addConversationDays(connection, workspaceId, measures));
  return sent;
}
