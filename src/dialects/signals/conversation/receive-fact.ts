import type { ConversationEventType } from './conversation-event.ts';
import { type DayMeasure, utcDayOf } from './day-measures.ts';
import { eventTypeId, shortHash } from './event-type-id.ts';
import { comparePositions, type ExternalFact, isSameClick, type LeadFact, type MessageFact } from './fact.ts';
import {
  type Conversation,
  type Encounter,
  emptyState,
  type LeadState,
  type SaleTarget,
} from './lead-state.ts';
import { raiseEvents } from './raise-events.ts';
import type { ConversationRules } from './rules.ts';

/** An event as the vendor's wire knows it (docs/spec/signals.md A3). */
export interface ConversationEvent {
  readonly sourceId: number;
  /** Milliseconds since the epoch. */
  readonly occurredAt: number;
  /** Of the stored message; its events are numbered from 0. */
  readonly eventId: string;
  readonly ordinal: number;
  readonly messageId: string;
  /** The message's place among those of its second. */
  readonly rank: number;
  readonly seq: number;
  readonly phone: string | null;
  readonly type: ConversationEventType;
  readonly typeId: string;
  readonly typeValue: string | null;
  readonly adId: string | null;
  readonly conversation: Conversation;
}

export interface Sale {
  readonly eventId: string;
  readonly occurredAt: number;
  readonly sourceId: number | null;
  readonly target: SaleTarget | null;
  readonly amount: number;
  readonly currency: string;
}

/** A click on an ad or a post, told of for the first time to one of the lead's profiles. */
export interface Click {
  /** 24 hex digits, the same for the same profile and click. */
  readonly id: string;
  readonly profileId: string;
  readonly origin: 'ad' | 'post';
  readonly referralId: string | null;
  readonly clickId: string | null;
  readonly at: number;
  readonly sourceId: number;
  readonly eventId: string;
}

export interface Received {
  readonly state: LeadState;
  readonly events: readonly ConversationEvent[];
  readonly sale: Sale | null;
  readonly click: Click | null;
  readonly measures: readonly DayMeasure[];
}

/**
 * Takes a fact of a lead (docs/spec/signals.md B3, B4, B9). `late`: it stands before others that it would change, or its meaning depends
 * on what the state no longer holds; then the lead has to be folded anew from all its facts. Facts in order, from no state at all, are
 * never late. What comes of a lead's facts therefore depends on the facts alone, whichever order they came in.
 */
export function receiveFact(
  state: LeadState | undefined,
  fact: LeadFact,
  rules: ConversationRules,
): Received | 'late' {
  const known = state ?? emptyState(fact.position);
  const isNewest = !state || comparePositions(state.latest, fact.position) < 0;
  if (fact.kind === 'external') return isNewest ? receiveExternal(known, fact) : 'late';
  return isNewest ? appendMessage(known, fact, rules) : insertMessage(known, fact, rules);
}

/**
 * A click opens a conversation, the last click wins; another message joins the one that is open, or opens a standalone one. The
 * window runs from the opening message. The first and the second message of a conversation are events of their own.
 */
function appendMessage(state: LeadState, message: MessageFact, rules: ConversationRules): Received | 'late' {
  const { sourceId } = message;
  const known = state.apps.find((app) => app.sourceId === sourceId)?.conversation;
  const joins = known !== undefined && continues(known, message);
  const conversation = joins
    ? { ...known, second: known.second ?? message.position }
    : openConversation(message, rules.windowMilliseconds);
  const ordinal = !joins ? 1 : known.second === null ? 2 : 3;
  const click = newClick(state, message);
  if (click === 'late') return 'late';
  const counted = count(state, message, conversation, ordinal, rules);
  if (counted === 'late') return 'late';
  return {
    ...counted,
    sale: null,
    click,
    state: {
      ...state,
      latest: message.position,
      apps: [...state.apps.filter((app) => app.sourceId !== sourceId), { sourceId, conversation }],
      clicks: click ? [...state.clicks, click.id] : state.clicks,
      encounters: counted.encounters,
    },
  };
}

/**
 * Of the messages that come late, those are taken without looking back that leave all others as they are: the third and later ones
 * of the conversation that is still the latest. Most are, since several messages often carry the same second.
 */
function insertMessage(state: LeadState, message: MessageFact, rules: ConversationRules): Received | 'late' {
  const { position, sourceId } = message;
  const conversation = state.apps.find((app) => app.sourceId === sourceId)?.conversation;
  const fits =
    conversation?.second &&
    comparePositions(conversation.second, position) < 0 &&
    continues(conversation, message) &&
    // Which app an external event belongs to may follow from who wrote last.
    (!state.hasExternal || state.apps.length === 1);
  if (!fits) return 'late';
  const counted = count(state, message, conversation, 3, rules);
  if (counted === 'late') return 'late';
  return {
    ...counted,
    sale: null,
    click: null,
    state: {
      ...state,
      encounters: counted.encounters,
    },
  };
}

/** docs/spec/signals.md B9: of the lead's last conversation, unless an app or an earlier external event is named. */
function receiveExternal(state: LeadState, fact: ExternalFact): Received | 'late' {
  const { position, eventId, sourceId, previousId, revenue } = fact;
  const pinned = state.targets.find(({ id }) => id === previousId)?.target;
  if (previousId !== null && !pinned && state.isPartial) return 'late';
  const target = pinned ?? lastTarget(state, sourceId);
  const saleSource = target?.sourceId ?? sourceId;
  const sale: Sale | null = revenue && {
    eventId,
    occurredAt: position.at,
    sourceId: saleSource,
    target,
    ...revenue,
  };
  const measure: DayMeasure | null = revenue && {
    sourceId: saleSource ?? 0,
    adId: target?.adId ?? '',
    at: position.at,
    measure: 'sale',
    typeId: '',
    typeValue: revenue.currency,
    amount: revenue.amount,
  };
  return {
    events: [],
    sale,
    click: null,
    measures: measure ? [measure] : [],
    state: {
      ...state,
      latest: position,
      hasExternal: true,
      targets: target ? [...state.targets, { id: eventId, target }] : state.targets,
    },
  };
}

function lastTarget({ apps }: LeadState, sourceId: number | null): SaleTarget | null {
  const app = apps.findLast((known) => sourceId === null || known.sourceId === sourceId);
  if (!app) return null;
  return {
    sourceId: app.sourceId,
    adId: adOf(app.conversation),
    conversationId: app.conversation.id,
  };
}

function continues(conversation: Conversation, { referral, position }: MessageFact): boolean {
  if (position.at >= conversation.expiresAt) return false;
  if (!referral) return true;
  const { origin, referralId, clickId } = conversation;
  return origin !== 'standalone' && isSameClick({ origin, referralId, clickId }, referral);
}

function openConversation(message: MessageFact, windowMilliseconds: number): Conversation {
  const { appId, phone, userId, messageId, position, referral } = message;
  return {
    // Made of the opening message, so that folding anew gives the same ids.
    id: shortHash('conversation', appId, phone ?? userId ?? '', messageId),
    origin: referral?.origin ?? 'standalone',
    referralId: referral?.referralId ?? null,
    clickId: referral?.clickId ?? null,
    second: null,
    expiresAt: position.at + windowMilliseconds,
  };
}

/** An ad's click attributes to the ad; a post's keeps the post as the source only (docs/spec/signals.md C18). */
function adOf({ origin, referralId }: Conversation): string | null {
  return origin === 'ad' ? referralId : null;
}

/** Of the profile and not of the lead: whichever are one lead, and were, each has the clicks that its own messages tell of. */
function newClick(state: LeadState, message: MessageFact): Click | null | 'late' {
  const { referral, position, messageId, sourceId, eventId, profileId } = message;
  if (!referral) return null;
  const { origin, referralId, clickId } = referral;
  const identity = clickId === null ? ['message', messageId] : ['click', origin, referralId ?? '', clickId];
  const id = shortHash('click', profileId, shortHash(String(sourceId), ...identity));
  if (state.clicks.includes(id)) return null;
  if (state.isPartial) return 'late';
  return { id, profileId, origin, referralId, clickId, at: position.at, sourceId, eventId };
}

/** The events of a message in its conversation, and what they add to the days. */
function count(
  state: LeadState,
  message: MessageFact,
  conversation: Conversation,
  ordinal: number,
  rules: ConversationRules,
): { events: ConversationEvent[]; measures: DayMeasure[]; encounters: LeadState['encounters'] } | 'late' {
  const { at, rank, seq } = message.position;
  const { sourceId, messageId, eventId, phone, appId } = message;
  const adId = adOf(conversation);
  const raised = raiseEvents(message, ordinal, adId, rules);
  const events = raised.map(({ type, value }, index) => ({
    sourceId,
    occurredAt: at,
    eventId,
    ordinal: index,
    messageId,
    rank,
    seq,
    phone,
    type,
    typeId: eventTypeId(appId, type, value),
    typeValue: value,
    adId,
    conversation,
  }));
  const met = meet(state, events, sourceId, adId ?? '', at);
  if (met === 'late') return 'late';
  const place = { sourceId, adId: adId ?? '', at, amount: 0 };
  const measures: DayMeasure[] = met.firsts.map((measure) => ({
    ...place,
    measure,
    typeId: '',
    typeValue: '',
  }));
  const isStandalone = conversation.origin === 'standalone';
  for (const event of events) {
    const { type, typeId, typeValue } = event;
    measures.push({ ...place, measure: type, typeId, typeValue: typeValue ?? '' });
    if (isStandalone) measures.push({ ...place, measure: 'standalone-event', typeId: '', typeValue: '' });
  }
  if (ordinal === 1) {
    measures.push({ ...place, measure: 'session', typeId: '', typeValue: '' });
    if (isStandalone) measures.push({ ...place, measure: 'standalone-session', typeId: '', typeValue: '' });
  }
  return { events, measures, encounters: met.encounters };
}

/** What the lead is counted for with this app and ad for the first time. */
function meet(
  state: LeadState,
  events: readonly ConversationEvent[],
  sourceId: number,
  adId: string,
  at: number,
): { encounters: LeadState['encounters']; firsts: ('lead' | 'engaged' | 'converted-lead')[] } | 'late' {
  const { encounters } = state;
  const isEngaging = events.some(({ type }) => type === 'engagement');
  const isConverting = events.some(({ type }) => type === 'converted');
  const known = encounters.find((one) => one.sourceId === sourceId && one.adId === adId);
  if (!known && state.isPartial) return 'late';
  if (known && !(isEngaging && !known.isEngaged) && !isConverting) return { encounters, firsts: [] };
  const convertedAt = known?.convertedAt ?? null;
  const firsts: ('lead' | 'engaged' | 'converted-lead')[] = known ? [] : ['lead'];
  if (isEngaging && !known?.isEngaged) firsts.push('engaged');
  if (isConverting && convertedAt === null) firsts.push('converted-lead');
  // It was counted on the day of an event that is not the first after all.
  if (isConverting && convertedAt !== null && at < convertedAt && utcDayOf(at) !== utcDayOf(convertedAt))
    return 'late';
  const encounter: Encounter = {
    sourceId,
    adId,
    isEngaged: isEngaging || (known?.isEngaged ?? false),
    convertedAt: isConverting ? Math.min(at, convertedAt ?? at) : convertedAt,
  };
  const others = known ? encounters.filter((one) => one !== known) : encounters;
  return { encounters: [...others, encounter], firsts };
}
