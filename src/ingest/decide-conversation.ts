import { touchpointOfClick } from '../core/conversation/click-touchpoint.ts';
import { comparePositions, type FactType, factOf, type LeadFact } from '../core/conversation/fact.ts';
import { forgetOldest, type LeadState, leadStateName } from '../core/conversation/lead-state.ts';
import { receiveFact } from '../core/conversation/receive-fact.ts';
import { newRecordId } from '../core/id.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import type { BatchRows } from './batch-rows.ts';
import type { SubjectDecision } from './decide-subject.ts';
import type { EventPart, Resolution, Submission } from './submission.ts';
import type { WorkspaceMemory } from './workspace-memory.ts';

/** An event that is a fact of its profile's conversations, as it is stored. */
export interface StoredFact {
  readonly type: FactType;
  readonly event: Pick<EventPart, 'sourceId' | 'occurredAt' | 'properties' | 'detail'>;
  readonly eventId: string;
  readonly lead: Resolution['facets'][number];
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

  receive(submission: Submission, { type, event, eventId, lead }: StoredFact): void {
    const fact = factOf({ type, eventId, ...event });
    if (!fact) return;
    const { profileId, states } = lead;
    const state = states.get(leadStateName) as LeadState | undefined;
    this.#noteAd(fact);
    const { conversations, touchpoints } = this.#rows;
    const received = conversations.isLate(profileId)
      ? 'late'
      : receiveFact(state, fact, this.#workspace.conversationRules);
    if (received === 'late') {
      conversations.markLate(profileId);
      // The fold replaces the state; what the rest of the batch needs of it is whose name came last.
      if (state) this.#subjects.remember(profileId, leadStateName, withName(state, fact));
      return;
    }
    conversations.add(profileId, received);
    this.#subjects.remember(profileId, leadStateName, forgetOldest(received.state));
    if (received.click) touchpoints.push(touchpointOfClick(profileId, received.click, submission.receivedAt));
  }

  /** After the commit. */
  remember(): void {
    for (const key of this.#rows.clickedAds.keys()) this.#memory.ads.add(key);
  }

  /** An ad that messages tell of is there for its events (spec/signals.md C17), and a campaign of the app for its touchpoints. */
  #noteAd(fact: LeadFact): void {
    if (fact.kind !== 'message' || fact.referral?.origin !== 'ad') return;
    const adId = fact.referral.sourceId;
    if (adId === null) return;
    const { sourceId } = fact.position;
    const key = `${sourceId}/${adId}`;
    if (this.#memory.ads.has(key) || this.#rows.clickedAds.has(key)) return;
    this.#rows.clickedAds.set(key, adId);
    this.#rows.campaigns.push({ id: newRecordId(this.#now), sourceId, slug: adId });
  }
}

function withName(state: LeadState, fact: LeadFact): LeadState {
  if (fact.kind !== 'message' || !fact.isNamed) return state;
  const { position } = fact;
  return state.named && comparePositions(state.named, position) >= 0 ? state : { ...state, named: position };
}
