import type { Static } from 'typebox';
import { explainViolation } from '../../core/quarantine/explain-violation.ts';
import type { QuarantinedEvent, Violation } from '../../core/quarantine/quarantine.ts';
import { RequestError } from '../../errors.ts';
import type { Outcome } from '../../ingest/outcome.ts';
import type { QuarantinedSummary } from '../../query/quarantine/read-quarantine.ts';
import { timeOf, timeOrNull } from '../date-times.ts';
import type { ErrorReply } from '../schemas/common.ts';
import type { QuarantinedReply, QuarantinedSchema, ReplayReply } from './schemas.ts';

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
  };
}

export function presentQuarantined(event: QuarantinedEvent): Static<typeof QuarantinedReply> {
  return {
    ...presentQuarantinedSummary(event),
    detail: event.detail,
    raw: Buffer.from(event.raw).toString(),
  };
}

/** What can become of an event that is replayed, but that it breaks a rule again. */
export type ReplayedOutcome = Extract<Outcome, { kind: 'stored' | 'saved' | 'duplicate' | 'dropped' }>;

export function presentReplay(outcome: ReplayedOutcome): Static<typeof ReplayReply> {
  const none = { eventId: null, seq: null, profileId: null, reason: null };
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

export function stillBad({ rule, path, detail }: Violation): Static<typeof ErrorReply> {
  const error = new RequestError(
    'invalid-request',
    `The event still breaks a rule. ${explainViolation({ rule, path })}`,
  );
  return { error: { code: error.code, message: error.message, violation: { rule, path, detail } } };
}
