import type { ConversationOrigin } from './conversation.ts';
import type { FactPosition } from './fact.ts';

/**
 * What is remembered of a lead between two facts, under this name (profile_state), of the profile that names its record: profiles that
 * links make one are one lead.
 */
export const leadStateName = 'conversations';

/** Of each of a lead's profiles by itself, so that undoing a link leaves its name as if it had never been: `LeadName`. */
export const leadNameState = 'lead-name';

/** JSON. */
export interface LeadName {
  /** When the message was sent that the profile has its name from; milliseconds since the epoch. */
  readonly at: number;
}

/** A lead's exchange with one app within one window. */
export interface Conversation {
  readonly id: string;
  readonly origin: ConversationOrigin;
  /** The vendor's id of the ad or post; null where it is not told, or there was no click. */
  readonly referralId: string | null;
  readonly clickId: string | null;
  /** Of its second message; null while there is one only. */
  readonly second: FactPosition | null;
  /** Milliseconds since the epoch, exclusive. */
  readonly expiresAt: number;
}

/** The conversation that a sale is attributed to; no ad where none began it. */
export interface SaleTarget {
  readonly sourceId: number;
  readonly adId: string | null;
  readonly conversationId: string;
}

/** What a lead was counted for, once and for all, with one app and ad. */
export interface Encounter {
  readonly sourceId: number;
  /** '': no ad. */
  readonly adId: string;
  readonly isEngaged: boolean;
  /** When the first event `converted` was; milliseconds since the epoch. */
  readonly convertedAt: number | null;
}

/** JSON. */
export interface LeadState {
  /** The newest fact. */
  readonly latest: FactPosition;
  /** The latest conversation with each app, the app of the newest message last. */
  readonly apps: readonly { readonly sourceId: number; readonly conversation: Conversation }[];
  readonly hasExternal: boolean;
  readonly encounters: readonly Encounter[];
  /** Ids of clicks. */
  readonly clicks: readonly string[];
  /** Of external events, for those that name one as their previous. */
  readonly targets: readonly { readonly id: string; readonly target: SaleTarget }[];
  /** True: there were more encounters, clicks or external events than are remembered. */
  readonly isPartial: boolean;
}

const rememberedEncounters = 100;
const rememberedClicks = 50;
const rememberedTargets = 20;

/** The state in a size that can be kept beside every lead. What is not remembered is looked up in the stored facts when it matters. */
export function forgetOldest(state: LeadState): LeadState {
  const { encounters, clicks, targets } = state;
  if (
    encounters.length <= rememberedEncounters &&
    clicks.length <= rememberedClicks &&
    targets.length <= rememberedTargets
  ) {
    return state;
  }
  return {
    ...state,
    encounters: encounters.slice(-rememberedEncounters),
    clicks: clicks.slice(-rememberedClicks),
    targets: targets.slice(-rememberedTargets),
    isPartial: true,
  };
}

export function emptyState(first: FactPosition): LeadState {
  return {
    latest: first,
    apps: [],
    hasExternal: false,
    encounters: [],
    clicks: [],
    targets: [],
    isPartial: false,
  };
}
