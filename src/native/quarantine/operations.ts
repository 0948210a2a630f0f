import type { QuarantinedEvent, Violation } from '../../core/quarantine/quarantine.ts';
import { readQuarantined } from '../../core/quarantine/quarantine-store.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { RequestError } from '../../errors.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { committedOutcomes } from '../../ingest/request.ts';
import type { Submission } from '../../ingest/submission.ts';
import { decodePosition } from '../../query/position.ts';
import { readQuarantine } from '../../query/quarantine/read-quarantine.ts';
import { inWorkspace } from '../guards.ts';
import { badNext, noSuch } from '../refusals.ts';
import { ErrorReply, errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import {
  presentQuarantined,
  presentQuarantinedSummary,
  presentReplay,
  type ReplayedOutcome,
  stillBad,
} from './present.ts';
import {
  QuarantinedParameters,
  QuarantinedReply,
  QuarantineReply,
  quarantineQuery,
  ReplayReply,
} from './schemas.ts';

const path = '/workspaces/:workspace/quarantine';

export function quarantineOperations(
  dialects: readonly NativeDialect[],
): readonly Operation<NativeServices>[] {
  return [list(dialects), view, replay(dialects)];
}

function list(dialects: readonly NativeDialect[]) {
  return operation({
    method: 'GET',
    path,
    summary: 'List bad events, newest first',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, query: quarantineQuery(dialects) },
    replies: { 200: QuarantineReply, ...errors(404) },
    handle: async ({ services, access, query }) => {
      const { dialect, rule, since, until, replayed, limit, next: after } = query;
      if (after !== undefined && !decodePosition(after)) throw badNext();
      const wanted = { dialect, rule, since, until, replayed, limit, after };
      const page = await readQuarantine(services.database, access.workspace.id, wanted);
      return { events: page.events.map(presentQuarantinedSummary), next: page.next };
    },
  });
}

const view = operation({
  method: 'GET',
  path: `${path}/:quarantinedId`,
  summary: 'A bad event, whole, with what it broke',
  guard: inWorkspace,
  checks: { path: QuarantinedParameters },
  replies: { 200: QuarantinedReply, ...errors(404) },
  handle: async ({ services, access, path: { quarantinedId } }) =>
    presentQuarantined(await findQuarantined(services, access.workspace.id, quarantinedId)),
});

function replay(dialects: readonly NativeDialect[]) {
  return operation({
    method: 'POST',
    path: `${path}/:quarantinedId/replay`,
    summary: 'Send a bad event on its way again, under the rules as they are now',
    description:
      'Once: after a success a second replay is refused with 409. What still breaks a rule answers 422, and nothing has changed.',
    guard: inWorkspace,
    checks: { path: QuarantinedParameters },
    replies: { 200: ReplayReply, 422: ErrorReply, ...errors(404, 409, 422) },
    handle: async ({ services, access, path: { quarantinedId }, reply }) => {
      const { id } = access.workspace;
      const event = await findQuarantined(services, id, quarantinedId);
      if (event.replayedAt) throw alreadyReplayed();
      const result = await replayEvent(services, id, dialects, event);
      if (!('rule' in result)) return presentReplay(result);
      reply.code(422);
      return stillBad(result);
    },
  });
}

async function findQuarantined(
  services: NativeServices,
  workspaceId: WorkspaceId,
  id: string,
): Promise<QuarantinedEvent> {
  const event = await readQuarantined(services.database, workspaceId, id);
  if (!event) throw noSuch('params/quarantinedId', 'The workspace has no event of this id in quarantine.');
  return event;
}

/** What became of it, or the rule that it still breaks. @throws RequestError when another replay was quicker */
async function replayEvent(
  services: NativeServices,
  workspaceId: WorkspaceId,
  dialects: readonly NativeDialect[],
  event: QuarantinedEvent,
): Promise<ReplayedOutcome | Violation> {
  const submission = readAgain(dialects, event);
  if ('rule' in submission) return submission;
  const [outcome] = committedOutcomes(await services.ingest.submit(workspaceId, submission));
  if (!outcome) throw new Error('the event has no outcome');
  switch (outcome.kind) {
    case 'quarantined':
      return outcome.violation;
    case 'refused':
      if (outcome.reason === 'already-replayed') throw alreadyReplayed();
      return { rule: outcome.reason, path: null, detail: {} };
    case 'measured':
      throw new Error('what is replayed is an event');
    default:
      return outcome;
  }
}

/** The event as its dialect reads it now, or what keeps the dialect from reading it at all. */
function readAgain(dialects: readonly NativeDialect[], event: QuarantinedEvent): Submission | Violation {
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

function alreadyReplayed(): RequestError {
  return new RequestError('conflict', 'The event was replayed already: it is stored, and is replayed once.');
}
