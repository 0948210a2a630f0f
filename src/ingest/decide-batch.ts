import { type BatchRows, nameCampaign } from '../change/rows.ts';
import { reasonOfMember } from '../core/accounting/unknown-members.ts';
import type { ConsentChange } from '../core/consent/consent.ts';
import {
  type DedupeKey,
  dedupeKeyText,
  type FirstOutcome,
  findFirst,
  type KnownKey,
  spentKey,
} from '../core/dedupe/dedupe.ts';
import type { ExchangeRates } from '../core/exchange-rate/exchange-rate.ts';
import { newId, newRecordId } from '../core/id.ts';
import type { AttributeChanges } from '../core/profile/attributes.ts';
import { type ReplayedAs, replayedAs, type Violation } from '../core/quarantine/quarantine.ts';
import { isStorableInstant } from '../core/value/instant.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import type { Batch, BatchProjection, InBatchProjection } from '../projections/projection.ts';
import { EventDecision } from './decide-event.ts';
import { MetricDecision } from './decide-metric.ts';
import { SubjectDecision, type SubjectOutcome } from './decide-subject.ts';
import { type Erased, erasedReason } from './erased.ts';
import type { Completion, EditItem, EventItem, EventPart } from './item.ts';
import type { Outcome } from './outcome.ts';
import type { QueuedItem } from './queued.ts';
import type { Measured } from './read-metrics.ts';
import type { Subjects } from './read-subjects.ts';
import { profilesOf, type ResolvedItem } from './resolve-subject.ts';
import { isReplayed, repeatsFirst, type Settled, settlesReplay } from './settled.ts';
import type { Submission } from './submission.ts';
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
  readonly erased: Erased;
}

/**
 * Says what becomes of each submission, in order, and fills the rows with all that has to be written. No input or output: what it
 * needs of the database was read before, as it stands under the head lock. `decidedOne` is called after each submission: the rows
 * of events, and of profiles that were made, are final.
 */
export function decideBatch(
  { rows, workspace, memory, now, ...read }: Situation,
  batch: readonly (readonly QueuedItem[])[],
  decidedOne: () => void,
): Decision {
  const subjects = new SubjectDecision(rows, read.subjects, new Date(now));
  const money = { currency: workspace.currency, rates: read.rates, localDay: memory.localDay };
  const events = new EventDecision(rows, workspace, memory, money, now);
  const metrics = new MetricDecision(rows, workspace, read.measured, money, now);
  const deciding = { rows, workspace, now, subjects, events, memory, erased: read.erased };
  const known = new Map(read.known);
  const replayed = new Set(read.replayed);
  const outcomes = new Map<Submission, Outcome[]>();
  for (const items of batch) {
    const submission = items[0]?.submission;
    if (!submission) continue;
    const key = submission.dedupe;
    const first = key && findFirst(key, known);
    const decided: Outcome[] = [];
    const decide = (item: QueuedItem): Outcome => {
      if (isReplayed(submission, replayed))
        return { kind: 'refused', reason: 'already-replayed', profileId: null };
      if (repeatsFirst(submission, first))
        return { kind: 'duplicate', eventId: first.eventId, first: first.outcome };
      if (item.prepared.kind === 'metric') return metrics.set(submission, item.prepared);
      return decideItem(deciding, item, decided[0]);
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
      rows.replayed.push({ id: submission.replayOf.id, as: replayedAsOf(decided) });
      replayed.add(submission.replayOf.id);
    }
    subjects.makeRowsAhead();
    decidedOne();
  }
  subjects.finish();
  return {
    outcomes,
    remember: () => {
      events.remember();
      for (const projection of rows.projected.values()) projection.remember();
    },
  };
}

/** What deciding an item goes by. */
interface Deciding {
  readonly rows: BatchRows;
  readonly workspace: Workspace;
  readonly now: number;
  readonly subjects: SubjectDecision;
  readonly events: EventDecision;
  readonly memory: WorkspaceMemory;
  readonly erased: Erased;
}

/** `firstItem`: what became of the submission's first one. */
function decideItem(deciding: Deciding, item: QueuedItem, firstItem: Outcome | undefined): Outcome {
  const { prepared, resolved, submission } = item;
  switch (prepared.kind) {
    case 'dropped':
      return { kind: 'dropped', reason: prepared.reason };
    case 'violation':
      if (deciding.erased.violations.has(item)) return { kind: 'dropped', reason: erasedReason };
      return quarantine(deciding, item, prepared.type, prepared.occurredAt, prepared.violation);
    case 'metric':
      throw new Error('a metric is no item of a profile');
  }
  // A repeat within the batch of one that was refused.
  if (!resolved) return { kind: 'refused', reason: 'no-such-profile', profileId: null };
  if (resolved.kind === 'erased') return { kind: 'dropped', reason: erasedReason };
  if (resolved.kind === 'refused') return resolved;
  if (prepared.kind === 'edit') return decideEdit(deciding, submission, prepared, resolved, firstItem);
  const reason = deciding.subjects.withhold(prepared, resolved);
  if (reason !== undefined) {
    deciding.subjects.refuse(resolved);
    return { kind: 'dropped', reason };
  }
  const obstacle = deciding.events.findObstacle(submission, prepared.event);
  if (!obstacle) return decideEvent(deciding, item, prepared, resolved);
  // The profiles are there for those that come behind, which have been resolved with them.
  decideProfiles(deciding, submission, prepared, resolved, {});
  const { type, occurredAt } = prepared.event;
  return quarantine(deciding, item, type, occurredAt, { ...obstacle, path: prepared.places?.type ?? null });
}

function decideEdit(
  deciding: Deciding,
  submission: Submission,
  item: EditItem,
  resolved: ResolvedItem,
  firstItem: Outcome | undefined,
): Outcome {
  const { profileId } = resolved.subject;
  const edit = deciding.subjects.edit(item, resolved);
  if (edit.kind === 'refused') {
    deciding.subjects.refuse(resolved);
    const { reason, faults = [] } = edit;
    return { kind: 'refused', reason, profileId, faults };
  }
  decideProfiles(deciding, submission, item, resolved, edit.changes);
  logConsents(deciding, resolved, edit.consents);
  const profiles = profilesOf(resolved);
  const toldBy = firstItem?.kind === 'stored' ? firstItem.eventId : null;
  const touchpointId = storeTouchpoint(deciding, submission, item, profileId, toldBy);
  const record = item.edit && deciding.subjects.knownOf(profileId);
  return {
    kind: 'saved',
    profileIds: profiles.map((profile) => profile.profileId),
    created: profiles.some((profile) => profile.created),
    ...(touchpointId && { touchpointId }),
    ...(edit.answer && { answer: edit.answer }),
    ...(record && { record }),
  };
}

function logConsents(
  { rows }: Deciding,
  { subject }: ResolvedItem,
  changes: readonly ConsentChange[] = [],
): void {
  const { profileId, nodeId } = subject;
  for (const change of changes)
    rows.consents.push({ ...change, id: ++rows.head.lastConsentId, profileId, nodeId });
}

function decideEvent(
  deciding: Deciding,
  { submission, text }: QueuedItem,
  item: EventItem,
  resolved: ResolvedItem,
): Outcome {
  const { rows, subjects, events } = deciding;
  const { dialect, receivedAt } = submission;
  const resolution = decideProfiles(deciding, submission, item, resolved, {});
  const completion = item.event.complete?.(resolution) ?? {};
  const event = eventAsCompleted(item, completion);
  const { profileId, nodeId } = resolved.subject;
  const stored = events.store(submission, event, profileId, nodeId, text);
  storeTouchpoint(deciding, submission, item, profileId, stored.eventId);
  const { united } = resolution;
  for (const projection of event.projections ?? [])
    projectionOf(deciding, projection).took({ ...event, ...stored, profileId, nodeId, receivedAt, united });
  for (const derived of completion.derived ?? []) {
    if (events.isArchived(submission, derived)) continue;
    events.store(submission, derived, profileId, nodeId);
    rows.tally.add(dialect, receivedAt, 'derived');
  }
  for (const state of completion.states ?? []) subjects.remember(state.profileId, state.name, state.value);
  return { kind: 'stored', ...stored, profileId, answer: completion.answer };
}

/** What a projection makes of the batch, begun with the first of its events. */
function projectionOf(
  { rows, workspace, now, subjects, memory }: Deciding,
  projection: InBatchProjection,
): BatchProjection {
  return rows.projected.getOrInsertComputed(projection, () => {
    const batch: Batch = {
      workspace,
      now,
      memory: memory.projected.getOrInsertComputed(projection.name, () => new Set()),
      localDay: memory.localDay,
      profiles: subjects,
      addTouchpoint: (touchpoint) => rows.touchpoints.push(touchpoint),
    };
    return projection.begin(batch);
  });
}

/** What the item makes of its profiles, and what of it is counted as not done. */
function decideProfiles(
  { rows, subjects, events, memory }: Deciding,
  submission: Submission,
  item: EventItem | EditItem,
  resolved: ResolvedItem,
  changes: AttributeChanges,
): SubjectOutcome {
  const decided = subjects.decide(item, resolved, changes, (prefix, wanted) =>
    events.filterLockedProfile(submission, prefix, wanted),
  );
  const { dialect, receivedAt } = submission;
  if (item.droppedAttributes)
    for (const [reason, total] of Object.entries(item.droppedAttributes))
      rows.tally.add(dialect, receivedAt, 'attribute-dropped', reason, total);
  for (const name of item.unknownMembers ?? [])
    rows.tally.add(dialect, receivedAt, 'attribute-dropped', reasonOfMember(name, memory.memberNames));
  const { cappedLinks, keptValues } = decided;
  if (cappedLinks > 0) rows.tally.add(dialect, receivedAt, 'link-capped', '', cappedLinks);
  if (keptValues > 0) rows.tally.add(dialect, receivedAt, 'attribute-dropped', 'value-kept', keptValues);
  return decided;
}

/** Most events are stored as they came. */
function eventAsCompleted(
  { event, unknownMembers = [] }: EventItem,
  { properties, detail }: Completion,
): EventPart {
  if (!properties && !detail && unknownMembers.length === 0) return event;
  return {
    ...event,
    properties: properties ?? event.properties,
    detail: withDropped(detail ?? event.detail, unknownMembers),
  };
}

/** Who looks at the event sees what of it is not kept. */
function withDropped(detail: EventPart['detail'], unknownMembers: readonly string[]): EventPart['detail'] {
  return unknownMembers.length > 0 ? { ...detail, dropped: unknownMembers } : detail;
}

/** A campaign that is named by its slug is made with it, unless there is one by then. */
function storeTouchpoint(
  { rows, now }: Deciding,
  { dialect, receivedAt, keyless = false }: Submission,
  { touchpoint }: EventItem | EditItem,
  profileId: string,
  eventId: string | null,
): string | undefined {
  if (!touchpoint) return undefined;
  const { campaign, sourceId } = touchpoint;
  if (campaign && 'slug' in campaign && sourceId !== null)
    nameCampaign(rows, { id: newRecordId(now), sourceId, slug: campaign.slug, keyless });
  const id = newId(now);
  rows.touchpoints.push({ ...touchpoint, id, profileId, dialect, receivedAt, eventId });
  return id;
}

function quarantine(
  { rows, now }: Deciding,
  { submission, index }: QueuedItem,
  type: string | null,
  occurredAt: number,
  violation: Violation,
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
    replayedAs: null,
  });
  return { kind: 'quarantined', quarantineId: id, violation };
}

/** What comes along with an event without being one (the visit that a page view tells of) is none of those that were received. */
function isCounted({ carriesEvents }: Submission, { prepared }: QueuedItem): boolean {
  return !carriesEvents || prepared.kind !== 'edit';
}

/**
 * A replay moves its count within the hour that the event was first received in. Of requests that carry no events only what is
 * quarantined is counted, as an event would be, so that the counter equals the rows.
 */
function accountFor(rows: BatchRows, submission: Submission, outcomes: readonly Outcome[]): void {
  const { dialect, receivedAt, replayOf } = submission;
  if (replayOf && !settlesReplay(outcomes)) return;
  // Most are, of requests of many: each kind is counted at once.
  const stored = outcomes.filter(({ kind }) => kind === 'stored').length;
  if (submission.carriesEvents && !replayOf)
    rows.tally.add(dialect, receivedAt, 'received', '', outcomes.length);
  if (submission.carriesEvents && stored > 0) rows.tally.add(dialect, receivedAt, 'stored', '', stored);
  for (const outcome of outcomes) {
    if (!submission.carriesEvents) {
      if (outcome.kind !== 'quarantined' && !replayOf) continue;
      rows.tally.add(dialect, receivedAt, 'received', '', replayOf ? -1 : 1);
      rows.tally.add(dialect, receivedAt, 'quarantined', '', replayOf ? -1 : 1);
      continue;
    }
    if (replayOf) rows.tally.add(dialect, receivedAt, 'quarantined', '', -1);
    if (outcome.kind === 'dropped') rows.tally.add(dialect, receivedAt, 'dropped', outcome.reason);
    else if (outcome.kind === 'refused') rows.tally.add(dialect, receivedAt, 'dropped', outcome.reason);
    else if (outcome.kind !== 'saved' && outcome.kind !== 'measured' && outcome.kind !== 'stored')
      rows.tally.add(dialect, receivedAt, outcome.kind);
  }
}

/** Of a replay that is settled; what came along with its event is not asked. */
function replayedAsOf([outcome]: readonly Outcome[]): ReplayedAs {
  const as = replayedAs.find((one) => one === outcome?.kind);
  if (as === undefined) throw new Error('what is replayed is an event');
  return as;
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
