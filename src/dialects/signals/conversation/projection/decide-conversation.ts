import type {
  Batch,
  BatchProjection,
  InBatchProjection,
  TakenEvent,
} from '../../../../projections/projection.ts';
import type { Queryable } from '../../../../store/queryable.ts';
import { insertStubAds } from '../../advertising/ad-store.ts';
import { conversationRules } from '../../conversion/conversation-rules-store.ts';
import { touchpointOfClick } from '../click-touchpoint.ts';
import { factOf, isFactType, type LeadFact, type MessageDetail } from '../fact.ts';
import { forgetOldest, type LeadName, type LeadState, leadNameState, leadStateName } from '../lead-state.ts';
import { receiveFact } from '../receive-fact.ts';
import { applyConversationChanges, ConversationChanges } from './conversation-changes.ts';
import { foldLeadsAnew } from './fold-leads.ts';

/**
 * Conversations, as the batch that stores their facts keeps them up. The subject of such an event has to ask for the states
 * `leadStateName` and `leadNameState`.
 */
export const conversationsInBatch: InBatchProjection = {
  name: 'conversations',
  seesProfiles: true,
  begin: (batch) => new ConversationDecision(batch),
};

/** Takes stored facts of leads into their conversations, and notes the leads that have to be folded anew. */
class ConversationDecision implements BatchProjection {
  readonly #batch: Batch;
  readonly #changes = new ConversationChanges();
  /** Ads that were clicked on and are not known to be there. */
  readonly #clickedAds = new Set<string>();

  constructor(batch: Batch) {
    this.#batch = batch;
  }

  /** What was counted of leads that the fact's keys have made one is counted anew for both together. */
  took(event: TakenEvent): void {
    const { type, profileId, receivedAt, united } = event;
    const { profiles, workspace } = this.#batch;
    if (!isFactType(type)) return;
    this.#noteName(event);
    const { recordId: leadId, states } = profiles.recordOf(profileId);
    for (const id of united) this.#changes.markLate(id);
    const fact = factOf({ ...event, type });
    if (!fact) return;
    this.#noteAd(fact);
    const received = this.#changes.isLate(leadId)
      ? 'late'
      : receiveFact(
          states.get(leadStateName) as LeadState | undefined,
          fact,
          workspace.parts.get(conversationRules),
        );
    if (received === 'late') {
      this.#changes.markLate(leadId);
      return;
    }
    this.#changes.add(leadId, received);
    profiles.remember(leadId, leadStateName, forgetOldest(received.state));
    if (received.click) this.#batch.addTouchpoint(touchpointOfClick(received.click, receivedAt));
  }

  write(tx: Queryable): Promise<unknown>[] {
    const { workspace, now } = this.#batch;
    const sent: Promise<unknown>[] = applyConversationChanges(tx, workspace.id, this.#changes);
    if (this.#clickedAds.size > 0)
      sent.push(insertStubAds(tx, workspace.id, [...this.#clickedAds], new Date(now)));
    return sent;
  }

  async settle(tx: Queryable): Promise<void> {
    const { late } = this.#changes;
    if (late.length === 0) return;
    const { workspace, now } = this.#batch;
    await foldLeadsAnew({ connection: tx, workspace, now }, late);
  }

  /** The ads that are there now need not be written again. */
  remember(): void {
    for (const adId of this.#clickedAds) this.#batch.memory.add(adId);
  }

  /** When the profile was named last, so that a message that comes late does not bring back a name that was given up since. */
  #noteName({ detail, occurredAt, profileId }: TakenEvent): void {
    const { profiles } = this.#batch;
    const { profile_name: name } = (detail ?? {}) as Partial<MessageDetail>;
    if (typeof name !== 'string') return;
    const known = profiles.statesOf(profileId).get(leadNameState) as LeadName | undefined;
    const named: LeadName = { at: occurredAt };
    if (!known || known.at < named.at) profiles.remember(profileId, leadNameState, named);
  }

  /** An ad that messages tell of is there for its events (docs/spec/signals.md C17). */
  #noteAd(fact: LeadFact): void {
    if (fact.kind !== 'message' || fact.referral?.origin !== 'ad') return;
    const adId = fact.referral.referralId;
    if (adId !== null && !this.#batch.memory.has(adId)) this.#clickedAds.add(adId);
  }
}
