import type { Static } from 'typebox';
import type { DialectName } from '../../core/dialect-name.ts';
import { explainViolation, nameFault } from '../../core/quarantine/explain-violation.ts';
import type { QuarantinedEvent, Violation } from '../../core/quarantine/quarantine.ts';
import { type Explained, type Explainer, faultsFor, remedyFor } from '../../core/quarantine/remedy.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { RequestError } from '../../errors.ts';
import type { ReplayOutcome } from '../../ingest/replay-event.ts';
import { readJson } from '../../json/read-json.ts';
import type { QuarantineGroup } from '../../query/quarantine/read-groups.ts';
import type { QuarantinedSummary } from '../../query/quarantine/read-quarantine.ts';
import { timeOf, timeOrNull } from '../date-times.ts';
import type { ErrorReply } from '../schemas/common.ts';
import { locate } from './locate-fault.ts';
import type { GroupSchema, QuarantinedReply, QuarantinedSchema, ReplayReply, StillBad } from './schemas.ts';

/** By what bad events are explained: what the dialects know of theirs, and the event types that there are. */
export interface Explaining {
  readonly dialects: readonly { readonly name: DialectName; readonly explainer?: Explainer }[];
  readonly workspace: Pick<Workspace, 'eventTypes'>;
}

/** More places than these nobody mends one by one. */
const maximumFaults = 50;

export function presentQuarantinedSummary(event: QuarantinedSummary): Static<typeof QuarantinedSchema> {
  return {
    id: event.id,
    dialect: event.dialect,
    type: event.type,
    rule: event.rule,
    message: explainViolation(event),
    path: event.path,
    occurredAt: timeOf(event.occurredAt),
    receivedAt: timeOf(event.receivedAt),
    processedAt: timeOf(event.processedAt),
    replayedAt: timeOrNull(event.replayedAt),
    replayedAs: event.replayedAs,
  };
}

/** As an export of a person has it. */
export function presentQuarantined(event: QuarantinedEvent) {
  return {
    ...presentQuarantinedSummary(event),
    detail: event.detail,
    raw: Buffer.from(event.raw).toString(),
  };
}

export function presentExplained(
  event: QuarantinedEvent,
  explaining: Explaining,
): Static<typeof QuarantinedReply> {
  return { ...presentQuarantined(event), ...presentFaults(event, event, explaining) };
}

export function presentGroup(group: QuarantineGroup, explaining: Explaining): Static<typeof GroupSchema> {
  const { dialect, rule, type, events } = group;
  return {
    dialect,
    rule,
    type,
    events,
    firstAt: timeOf(group.firstAt),
    lastAt: timeOf(group.lastAt),
    message: nameFault(rule),
    remedy: presentRemedy({ dialect, rule, type, path: null, detail: {} }, explaining),
  };
}

function presentRemedy(event: Explained, explaining: Explaining): Static<typeof QuarantinedReply>['remedy'] {
  const { text, change, type, field, setting } = remedyFor(event, explainerOf(event, explaining));
  const known = type === null ? undefined : explaining.workspace.eventTypes.byName(event.dialect, type);
  return { text, change, type, typeId: known?.publicId ?? null, field, setting };
}

function presentFaults(
  explained: Explained,
  { raw }: Pick<QuarantinedEvent, 'raw'>,
  explaining: Explaining,
): Pick<Static<typeof QuarantinedReply>, 'faults' | 'remedy'> {
  const document = readSent(raw);
  const faults = faultsFor(explained, explainerOf(explained, explaining)).slice(0, maximumFaults);
  return {
    faults: faults.map(({ path, message }) => ({ ...locate(document, path), message })),
    remedy: presentRemedy(explained, explaining),
  };
}

function explainerOf({ dialect }: Explained, { dialects }: Explaining): Explainer | undefined {
  return dialects.find(({ name }) => name === dialect)?.explainer;
}

/** What can't be read has no places. */
function readSent(raw: Uint8Array): unknown {
  try {
    return readJson(new TextDecoder().decode(raw));
  } catch {
    return undefined;
  }
}

/** What became, or would become, of an event that is none any more. */
export type Done = Exclude<ReplayOutcome, { kind: 'bad' | 'replayed' }>;

export function presentReplay(outcome: Done): Static<typeof ReplayReply> {
  const none = { dryRun: false, eventId: null, seq: null, profileId: null, reason: null, stillBad: null };
  switch (outcome.kind) {
    case 'stored':
      return {
        ...none,
        outcome: 'stored',
        eventId: outcome.eventId,
        seq: outcome.seq,
        profileId: outcome.profileId,
      };
    case 'saved':
      return { ...none, outcome: 'saved', profileId: outcome.profileIds[0] ?? null };
    case 'duplicate':
      return { ...none, outcome: 'duplicate', eventId: outcome.eventId };
    case 'dropped':
      return { ...none, outcome: 'dropped', reason: outcome.reason };
  }
}

/** A dry run gives no seq and makes no profile, so that none is told. */
export function presentTrial(
  outcome: Exclude<ReplayOutcome, { kind: 'replayed' }>,
  event: QuarantinedEvent,
  explaining: Explaining,
): Static<typeof ReplayReply> {
  if (outcome.kind !== 'bad') return { ...presentReplay(outcome), dryRun: true, seq: null, profileId: null };
  return {
    dryRun: true,
    outcome: 'bad',
    eventId: null,
    seq: null,
    profileId: null,
    reason: null,
    stillBad: presentStillBad(outcome.violation, event, explaining),
  };
}

function presentStillBad(
  violation: Violation,
  event: QuarantinedEvent,
  explaining: Explaining,
): Static<typeof StillBad> {
  const explained = { ...violation, dialect: event.dialect, type: event.type };
  return {
    rule: violation.rule,
    path: violation.path,
    message: explainViolation(violation),
    ...presentFaults(explained, event, explaining),
  };
}

export function stillBad({ rule, path, detail }: Violation): Static<typeof ErrorReply> {
  const error = new RequestError(
    'invalid-request',
    `The event still breaks a rule. ${explainViolation({ rule, path })}`,
  );
  return { error: { code: error.code, message: error.message, violation: { rule, path, detail } } };
}
