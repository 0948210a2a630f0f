import { reasonOfMember } from '../core/accounting/unknown-members.ts';
import {
  type DedupeKey,
  dedupeKeyText,
  type FirstOutcome,
  findFirst,
  type KnownKey,
  spentKey,
} from '../core/dedupe/dedupe.ts';
import { isStorableInstant } from '../core/event/storable.ts';
import type { ExchangeRates } from '../core/exchange-rate/exchange-rate.ts';
import { newId, newRecordId } from '../core/id.ts';
import type { Violation } from '../core/quarantine/quarantine.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import type { BatchRows } from './batch-rows.ts';
import { ConversationDecision } from './decide-conversation.ts';
import { EventDecision } from './decide-event.ts';
import { MetricDecision } from './decide-metric.ts';
import { SubjectDecision } from './decide-subject.ts';
import type { Item } from './items.ts';
import type { Outcome } from './outcome.ts';
import type { Subjects } from './read-batch.ts';
import type { Measured } from './read-metrics.ts';
import type { ResolvedCommand } from './resolve-subject.ts';
import { isReplayed, repeatsFirst, type Settled, settlesReplay } from './settled.ts';
import type { Command, EventPart, Prepared, Submission } from './submission.ts';
import type { WorkspaceMemory } from './workspace-memory.ts';

export interface Decision {
  readonly outcomes: Map<Submission, Outcome[]>;
  /** To be called once the rows are committed. */
  readonly remember: () => void;
}

export interface Situation extends Settled {
  /** Filled by deciding. */
  readonly rows: BatchRows;
  readonly workspace: Workspace;
  readonly memory: WorkspaceMemory;
  readonly now: number;
  readonly subjects: Subjects;
  readonly measured: Measured;
  readonly rates: ExchangeRates;
}

/**
 * Says what becomes of each submission, in order, and fills the rows with all that has to be written. No input or output: what it
 * needs of the database was read before, under the head lock. `decidedOne` is called after each submission: its events are final.
 */
export function decideBatch(
  { rows, workspace, memory, now, ...read }: Situation,
  batch: readonly (readonly Item[])[],
  decidedOne: () => void,
): Decision {
  const subjects = new SubjectDecision(rows, read.subjects, new Date(now));
  const conversations = new ConversationDecision(rows, workspace, memory, subjects, now);
  const money = { currency: workspace.currency, rates: read.rates, localDay: memory.localDay };
  const events = new EventDecision(rows, workspace, memory, money, now);
  const metrics = new MetricDecision(rows, workspace, read.measured, money, now);
  const deciders = { subjects, events, conversations, memory };
  const known = new Map(read.known);
  const replayed = new Set(read.replayed);
  const outcomes = new Map<Submission, Outcome[]>();
  for (const items of batch) {
    const submission = items[0]?.submission;
    if (!submission) continue;
    const key = submission.dedupe;
    const first = key && findFirst(key, known);
    const decided: Outcome[] = [];
    const decide = (item: Item): Outcome => {
      if (isReplayed(submission, replayed))
        return { kind: 'refused', reason: 'already-replayed', profileId: null };
      if (repeatsFirst(submission, first))
        return { kind: 'duplicate', eventId: first.eventId, first: first.outcome };
      if (item.prepared.kind === 'metric') return metrics.set(submission, item.prepared.setting);
      return decideItem(rows, item, item.prepared, deciders, decided[0], now);
    };
    for (const item of items) decided.push(decide(item));
    outcomes.set(submission, decided);
    accountFor(
      rows,
      submission,
      decided.filter((_, index) => isCounted(submission, items[index]!)),
    );
    if (key) spendKey(rows, known, submission, key, decided);
    if (submission.replayOf && settlesReplay(decided)) {
      rows.replayed.push(submission.replayOf.id);
      replayed.add(submission.replayOf.id);
    }
    decidedOne();
  }
  subjects.finish();
  return {
    outcomes,
    remember: () => {
      events.remember();
      conversations.remember();
    },
  };
}

interface Deciders {
  readonly subjects: SubjectDecision;
  readonly events: EventDecision;
  readonly conversations: ConversationDecision;
  readonly memory: WorkspaceMemory;
}

function decideItem(
  rows: BatchRows,
  item: Item,
  prepared: Exclude<Prepared, { kind: 'metric' }>,
  deciders: Deciders,
  firstItem: Outcome | undefined,
  now: number,
): Outcome {
  const { submission } = item;
  const { subjects, events } = deciders;
  if (prepared.kind === 'dropped') return { kind: 'dropped', reason: prepared.reason };
  if (prepared.kind === 'violation') {
    return quarantine(rows, item, prepared.type, prepared.occurredAt, prepared.violation, now);
  }
  const { resolved } = item;
  // A repeat within the batch of one that was refused.
  if (!resolved) return { kind: 'refused', reason: 'no-such-profile', profileId: null };
  if (resolved.kind === 'refused') return resolved;
  const refusing = subjects.findRefusing(prepared, resolved);
  if (refusing !== undefined) return { kind: 'refused', reason: 'already-there', profileId: refusing };
  const obstacle = prepared.event && events.findObstacle(submission, prepared.event);
  if (prepared.event && obstacle) {
    // The profiles are there for those that come behind, which have been resolved with them.
    subjects.decide(prepared, resolved, (prefix, changes) =>
      events.filterLockedProfile(submission, prefix, changes),
    );
    return quarantine(rows, item, null, prepared.event.occurredAt, obstacle, now);
  }
  return storeCommand(rows, item, prepared, resolved, deciders, firstItem, now);
}

function storeCommand(
  rows: BatchRows,
  { submission, text }: Item,
  command: Command,
  resolved: ResolvedCommand,
  { subjects, events, conversations, memory }: Deciders,
  firstItem: Outcome | undefined,
  now: number,
): Outcome {
  const resolution = subjects.decide(command, resolved, (prefix, changes) =>
    events.filterLockedProfile(submission, prefix, changes),
  );
  const { dialect, receivedAt } = submission;
  for (const [reason, total] of Object.entries(command.droppedAttributes ?? {})) {
    rows.tally.add(dialect, receivedAt, 'attribute-dropped', reason, total);
  }
  const { unknownMembers = [] } = command;
  for (const name of unknownMembers)
    rows.tally.add(dialect, receivedAt, 'attribute-dropped', reasonOfMember(name, memory.memberNames));
  const { cappedLinks, keptValues } = resolution;
  if (cappedLinks > 0) rows.tally.add(dialect, receivedAt, 'link-capped', '', cappedLinks);
  if (keptValues > 0) rows.tally.add(dialect, receivedAt, 'attribute-dropped', 'value-kept', keptValues);
  const profileIds = resolved.facets.map((facet) => facet.profileId);
  if (!command.event) {
    const created = resolved.facets.some((facet) => facet.created);
    const toldBy = firstItem?.kind === 'stored' ? firstItem.eventId : null;
    const touchpointId = storeTouchpoint(rows, submission, command, profileIds[0]!, toldBy, now);
    return { kind: 'saved', profileIds, created, ...(touchpointId && { touchpointId }) };
  }
  const completion = command.event.complete?.(resolution) ?? {};
  const event = {
    ...command.event,
    properties: completion.properties ?? command.event.properties,
    detail: withDropped(completion.detail ?? command.event.detail, unknownMembers),
  };
  const { profileId, nodeId } = resolved.facets[0]!;
  const stored = events.store(submission, event, profileId, nodeId, text);
  storeTouchpoint(rows, submission, command, profileId, stored.eventId, now);
  if (event.leadFact) {
    const { leadFact: type } = event;
    conversations.receive(submission, { type, event, ...stored, profileId }, resolution.united);
  }
  for (const derived of completion.derived ?? []) {
    if (events.isArchived(submission, derived)) continue;
    events.store(submission, derived, profileId, nodeId);
    rows.tally.add(dialect, receivedAt, 'derived');
  }
  for (const state of completion.states ?? []) {
    subjects.remember(profileIds[state.facet]!, state.name, state.value);
  }
  return { kind: 'stored', ...stored, profileId, answer: completion.answer };
}

/** Who looks at the event sees what of it is not kept. */
function withDropped(detail: EventPart['detail'], unknownMembers: readonly string[]): EventPart['detail'] {
  return unknownMembers.length > 0 ? { ...detail, dropped: unknownMembers } : detail;
}

/** A campaign that is named by its slug is made with it, unless there is one by then. */
function storeTouchpoint(
  rows: BatchRows,
  { dialect, receivedAt }: Submission,
  { touchpoint }: Command,
  profileId: string,
  eventId: string | null,
  now: number,
): string | undefined {
  if (!touchpoint) return undefined;
  const { campaign, sourceId } = touchpoint;
  if (campaign && 'slug' in campaign && sourceId !== null)
    rows.campaigns.push({ id: newRecordId(now), sourceId, slug: campaign.slug });
  const id = newId(now);
  rows.touchpoints.push({ ...touchpoint, id, profileId, dialect, receivedAt, eventId });
  return id;
}

function quarantine(
  rows: BatchRows,
  { submission, index }: Item,
  type: string | null,
  occurredAt: number,
  violation: Violation,
  now: number,
): Outcome {
  // Another attempt at a quarantined event that fails again leaves the row, and the counters, as they are.
  if (submission.replayOf) {
    return { kind: 'quarantined', quarantineId: submission.replayOf.id, violation };
  }
  const raw = submission.raw(index);
  const id = newRecordId(now);
  rows.quarantined.push({
    id,
    dialect: submission.dialect,
    type,
    rule: violation.rule,
    path: violation.path,
    detail: violation.detail,
    request: submission.request,
    raw: typeof raw === 'string' ? Buffer.from(raw) : raw,
    occurredAt: new Date(isStorableInstant(occurredAt) ? occurredAt : submission.receivedAt),
    receivedAt: new Date(submission.receivedAt),
    processedAt: new Date(now),
    replayedAt: null,
  });
  return { kind: 'quarantined', quarantineId: id, violation };
}

/** What comes along with an event without being one (the visit that a page view tells of) is none of those that were received. */
function isCounted({ carriesEvents }: Submission, { prepared }: Item): boolean {
  return !carriesEvents || prepared.kind !== 'command' || prepared.event !== undefined;
}

/**
 * A replay moves its count within the hour that the event was first received in. Of requests that carry no events only what is
 * quarantined is counted, as an event would be, so that the counter equals the rows.
 */
function accountFor(rows: BatchRows, submission: Submission, outcomes: readonly Outcome[]): void {
  const { dialect, receivedAt, replayOf } = submission;
  if (replayOf && !settlesReplay(outcomes)) return;
  for (const outcome of outcomes) {
    if (!submission.carriesEvents) {
      if (outcome.kind !== 'quarantined' && !replayOf) continue;
      rows.tally.add(dialect, receivedAt, 'received', '', replayOf ? -1 : 1);
      rows.tally.add(dialect, receivedAt, 'quarantined', '', replayOf ? -1 : 1);
      continue;
    }
    if (replayOf) {
      rows.tally.add(dialect, receivedAt, 'quarantined', '', -1);
    } else {
      rows.tally.add(dialect, receivedAt, 'received');
    }
    if (outcome.kind === 'dropped') rows.tally.add(dialect, receivedAt, 'dropped', outcome.reason);
    else if (outcome.kind === 'refused') rows.tally.add(dialect, receivedAt, 'dropped', outcome.reason);
    else if (outcome.kind !== 'saved' && outcome.kind !== 'measured')
      rows.tally.add(dialect, receivedAt, outcome.kind);
  }
}

function spendKey(
  rows: BatchRows,
  known: Map<string, KnownKey>,
  submission: Submission,
  key: DedupeKey,
  outcomes: readonly Outcome[],
): void {
  // A request of which anything was taken is answered for good.
  const first = outcomes.find((outcome) => outcome.kind !== 'refused');
  if (!first || first.kind === 'duplicate' || first.kind === 'measured') return;
  if (submission.replayOf && !settlesReplay(outcomes)) return;
  const eventId = idOf(first);
  const outcome: FirstOutcome = first.kind;
  const spent = spentKey(key, outcome);
  rows.spentKeys.push({ key: spent, eventId, outcome, firstAt: submission.receivedAt });
  known.set(dedupeKeyText(spent), { eventId, outcome });
}

/** What a repeat is told of. */
function idOf(outcome: Outcome): string | null {
  if (outcome.kind === 'stored') return outcome.eventId;
  if (outcome.kind === 'quarantined') return outcome.quarantineId;
  return (outcome.kind === 'saved' && outcome.touchpointId) || null;
}
