import { newRecordId } from '../../../../core/id.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { type BatchRows, nameCampaign } from '../../../../ingest/batch-rows.ts';
import type { SubjectDecision } from '../../../../ingest/decide-subject.ts';
import type { EventPart } from '../../../../ingest/item.ts';
import type { Submission } from '../../../../ingest/submission.ts';
import type { WorkspaceMemory } from '../../../../ingest/workspace-memory.ts';
import { conversationRules } from '../../conversion/conversation-rules-store.ts';
import { touchpointOfClick } from '../click-touchpoint.ts';
import { type FactType, factOf, type LeadFact, type MessageDetail } from '../fact.ts';
import { forgetOldest, type LeadName, type LeadState, leadNameState, leadStateName } from '../lead-state.ts';
import { receiveFact } from '../receive-fact.ts';

/** An event that is a fact of its profile's conversations, as it is stored. */
export interface StoredFact {
  readonly type: FactType;
  readonly event: Pick<EventPart, 'sourceId' | 'occurredAt' | 'properties' | 'detail'>;
  readonly eventId: string;
  readonly seq: number;
  readonly profileId: string;
}

/** Takes stored facts of leads into their conversations, and notes the leads that have to be folded anew. */
export class ConversationDecision {
  readonly #rows: BatchRows;
  readonly #workspace: Workspace;
  readonly #memory: WorkspaceMemory;
  readonly #subjects: SubjectDecision;
  readonly #now: number;

  constructor(
    rows: BatchRows,
    workspace: Workspace,
    memory: WorkspaceMemory,
    subjects: SubjectDecision,
    now: number,
  ) {
    this.#rows = rows;
    this.#workspace = workspace;
    this.#memory = memory;
    this.#subjects = subjects;
    this.#now = now;
  }

  /** @param united leads that the fact's keys have made one: what was counted of each is counted anew for both together */
  receive(submission: Submission, stored: StoredFact, united: ReadonlySet<string>): void {
    const { type, event, profileId, ...row } = stored;
    const { conversations, touchpoints } = this.#rows;
    this.#noteName(stored);
    const { recordId: leadId, states } = this.#subjects.recordOf(profileId);
    for (const id of united) conversations.markLate(id);
    const fact = factOf({ type, profileId, ...row, ...event });
    if (!fact) return;
    this.#noteAd(fact);
    const received = conversations.isLate(leadId)
      ? 'late'
      : receiveFact(
          states.get(leadStateName) as LeadState | undefined,
          fact,
          this.#workspace.parts.get(conversationRules),
        );
    if (received === 'late') {
      conversations.markLate(leadId);
      return;
    }
    conversations.add(leadId, received);
    this.#subjects.remember(leadId, leadStateName, forgetOldest(received.state));
    if (received.click) touchpoints.push(touchpointOfClick(received.click, submission.receivedAt));
  }

  /** After the commit. */
  remember(): void {
    for (const key of this.#rows.clickedAds.keys()) this.#memory.ads.add(key);
  }

  /** When the profile was named last, so that a message that comes late does not bring back a name that was given up since. */
  #noteName({ event, profileId }: StoredFact): void {
    const { profile_name: name } = (event.detail ?? {}) as Partial<MessageDetail>;
    if (typeof name !== 'string') return;
    const known = this.#subjects.statesOf(profileId).get(leadNameState) as LeadName | undefined;
    const named: LeadName = { at: event.occurredAt };
    if (!known || known.at < named.at) this.#subjects.remember(profileId, leadNameState, named);
  }

  /** An ad that messages tell of is there for its events (docs/spec/signals.md C17), and a campaign of the app for its touchpoints. */
  #noteAd(fact: LeadFact): void {
    if (fact.kind !== 'message' || fact.referral?.origin !== 'ad') return;
    const adId = fact.referral.sourceId;
    if (adId === null) return;
    const { sourceId } = fact;
    const key = `${sourceId}/${adId}`;
    if (this.#memory.ads.has(key) || this.#rows.clickedAds.has(key)) return;
    this.#rows.clickedAds.set(key, adId);
    nameCampaign(this.#rows, { id: newRecordId(this.#now), sourceId, slug: adId, keyless: false });
  }
}
