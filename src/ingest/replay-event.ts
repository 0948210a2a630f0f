import type { DialectName } from '../core/dialect-name.ts';
import type { QuarantinedEvent, Violation } from '../core/quarantine/quarantine.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';
import { RequestError } from '../errors.ts';
import type { Ingest } from './ingest.ts';
import type { Outcome } from './outcome.ts';
import { committedOutcomes } from './request.ts';
import type { Submission } from './submission.ts';

/** A dialect, as far as its bad events are replayed. */
export interface Replayer {
  readonly name: DialectName;
  /** Of an event in quarantine. @throws RequestError when it can't be read at all */
  readonly replay: (event: QuarantinedEvent) => Submission;
}

/** What becomes of a bad event that is replayed. */
export type ReplayOutcome =
  | Extract<Outcome, { kind: 'stored' | 'saved' | 'duplicate' | 'dropped' }>
  /** It breaks a rule still, and nothing has changed. */
  | { readonly kind: 'bad'; readonly violation: Violation }
  /** Another replay came before. */
  | { readonly kind: 'replayed' };

interface ReplayServices {
  readonly ingest: Ingest;
  readonly dialects: readonly Replayer[];
}

/** Sends a bad event on its way again, under the rules as they are now. @throws RequestError `overloaded`, `forbidden` */
export async function replayEvent(
  services: ReplayServices,
  workspaceId: WorkspaceId,
  event: QuarantinedEvent,
): Promise<ReplayOutcome> {
  if (event.replayedAt) return { kind: 'replayed' };
  const submission = readAgain(services.dialects, event);
  if ('rule' in submission) return { kind: 'bad', violation: submission };
  const answer = await services.ingest.submit(workspaceId, submission);
  return answer.kind === 'source-archived' ? stillShut : replayOutcomeOf(committedOutcomes(answer));
}

/**
 * What would become of bad events if they were replayed now, one behind the other; nothing is stored. In their order.
 * @throws RequestError `overloaded`, `forbidden`
 */
export async function tryReplays(
  { ingest, dialects }: ReplayServices,
  workspaceId: WorkspaceId,
  events: readonly QuarantinedEvent[],
): Promise<ReplayOutcome[]> {
  const read = events.map((event): ReplayOutcome | Submission => {
    if (event.replayedAt) return { kind: 'replayed' };
    const submission = readAgain(dialects, event);
    return 'rule' in submission ? { kind: 'bad', violation: submission } : submission;
  });
  const submissions = read.filter((one): one is Submission => !('kind' in one));
  const outcomes = submissions.length > 0 ? await ingest.tryOut(workspaceId, submissions) : undefined;
  return read.map((one) => {
    if ('kind' in one) return one;
    const outcome = outcomes?.get(one);
    return outcome ? replayOutcomeOf(outcome) : stillShut;
  });
}

/** What came in by a source stays in quarantine while that is archived. */
const stillShut: ReplayOutcome = {
  kind: 'bad',
  violation: { rule: 'source-archived', path: null, detail: {} },
};

function replayOutcomeOf([outcome]: readonly Outcome[]): ReplayOutcome {
  if (!outcome) throw new Error('the event has no outcome');
  switch (outcome.kind) {
    case 'quarantined':
      return { kind: 'bad', violation: outcome.violation };
    case 'refused':
      if (outcome.reason === 'already-replayed') return { kind: 'replayed' };
      return { kind: 'bad', violation: { rule: outcome.reason, path: null, detail: {} } };
    case 'measured':
      throw new Error('what is replayed is an event');
    default:
      return outcome;
  }
}

/** The event as its dialect reads it now, or what keeps the dialect from reading it at all. */
function readAgain(dialects: readonly Replayer[], event: QuarantinedEvent): Submission | Violation {
  const dialect = dialects.find(({ name }) => name === event.dialect);
  if (!dialect) return { rule: 'unknown-dialect', path: null, detail: {} };
  try {
    return {
      ...dialect.replay(event),
      receivedAt: event.receivedAt.getTime(),
      replayOf: { id: event.id },
    };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const { path = null } = error.details;
    return { rule: error.code, path, detail: { message: error.message } };
  }
}
