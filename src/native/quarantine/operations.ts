import { readJob, requestJob } from '../../core/job/job-store.ts';
import type { QuarantinedEvent, QuarantineScope } from '../../core/quarantine/quarantine.ts';
import { readQuarantined } from '../../core/quarantine/quarantine-store.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { RequestError } from '../../errors.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { replayEvent, tryReplays } from '../../ingest/replay-event.ts';
import { replayRequest } from '../../jobs/replay-quarantine.ts';
import { decodePosition } from '../../query/position.ts';
import { readQuarantineGroups } from '../../query/quarantine/read-groups.ts';
import { readQuarantine } from '../../query/quarantine/read-quarantine.ts';
import { inWorkspace } from '../guards.ts';
import { presentJob } from '../jobs/present.ts';
import { JobReply } from '../jobs/schemas.ts';
import { badNext, noSuch } from '../refusals.ts';
import { ErrorReply, errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import {
  presentExplained,
  presentGroup,
  presentQuarantinedSummary,
  presentReplay,
  presentTrial,
  stillBad,
} from './present.ts';
import {
  GroupsReply,
  groupsQuery,
  QuarantinedParameters,
  QuarantinedReply,
  QuarantineReply,
  quarantineQuery,
  ReplayBody,
  ReplayReply,
  replayManyBody,
} from './schemas.ts';

const path = '/workspaces/:workspace/quarantine';

export function quarantineOperations(
  dialects: readonly NativeDialect[],
): readonly Operation<NativeServices>[] {
  return [list(dialects), groups(dialects), view(dialects), replay(dialects), replayMany(dialects)];
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
      const { since, until, replayed, limit, next: after } = query;
      if (after !== undefined && !decodePosition(after)) throw badNext();
      const wanted = { scope: scopeOf(query), since, until, replayed, limit, after };
      const page = await readQuarantine(services.database, access.workspace.id, wanted);
      return { events: page.events.map(presentQuarantinedSummary), next: page.next };
    },
  });
}

function groups(dialects: readonly NativeDialect[]) {
  return operation({
    method: 'GET',
    path: `${path}/groups`,
    summary: 'Bad events that wait, counted by API, rule and event type, with what to do about them',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, query: groupsQuery(dialects) },
    replies: { 200: GroupsReply, ...errors(404) },
    handle: async ({ services: { database }, access: { workspace }, query }) => {
      const found = await readQuarantineGroups(database, workspace.id, scopeOf(query), query.limit);
      return { ...found, groups: found.groups.map((group) => presentGroup(group, { dialects, workspace })) };
    },
  });
}

/** An empty type: none is known. */
function scopeOf({ dialect, rule, type }: QuarantineScope): QuarantineScope {
  return { dialect, rule, type: type === '' ? null : type };
}

function view(dialects: readonly NativeDialect[]) {
  return operation({
    method: 'GET',
    path: `${path}/:quarantinedId`,
    summary: 'A bad event, whole, with what it broke, where, and what to do about it',
    guard: inWorkspace,
    checks: { path: QuarantinedParameters },
    replies: { 200: QuarantinedReply, ...errors(404) },
    handle: async ({ services, access: { workspace }, path: { quarantinedId } }) => {
      const event = await findQuarantined(services, workspace.id, quarantinedId);
      return presentExplained(event, { dialects, workspace });
    },
  });
}

function replay(dialects: readonly NativeDialect[]) {
  return operation({
    method: 'POST',
    path: `${path}/:quarantinedId/replay`,
    summary: 'Send a bad event on its way again, under the rules as they are now',
    description:
      'Once: after a success a second replay is refused with 409. What still breaks a rule answers 422, and nothing has changed. With dryRun nothing is stored; the answer says what would become of it, also where it would still be bad.',
    guard: inWorkspace,
    checks: { path: QuarantinedParameters, body: ReplayBody },
    example: { dryRun: true },
    replies: { 200: ReplayReply, 422: ErrorReply, ...errors(404, 409, 422) },
    handle: async ({ services, access, path: { quarantinedId }, body, reply }) => {
      const { id } = access.workspace;
      const event = await findQuarantined(services, id, quarantinedId);
      const { ingest } = services;
      if (body?.dryRun === true) {
        const [trial] = await tryReplays({ ingest, dialects }, id, [event]);
        if (!trial) throw new Error('what was tried has no outcome');
        if (trial.kind === 'replayed') throw alreadyReplayed();
        return presentTrial(trial, event, { dialects, workspace: access.workspace });
      }
      const outcome = await replayEvent({ ingest, dialects }, id, event);
      if (outcome.kind === 'replayed') throw alreadyReplayed();
      if (outcome.kind !== 'bad') return presentReplay(outcome);
      reply.code(422);
      return stillBad(outcome.violation);
    },
  });
}

function replayMany(dialects: readonly NativeDialect[]) {
  return operation({
    method: 'POST',
    path: `${path}/replay`,
    summary: 'Send the bad events of a group, or all, on their way again',
    description:
      'It is a job, `replay-quarantine`, whose `progress` counts the events that wait by now, and those of them that are bad still (`failed`); its `result` counts by what became of them (docs/native-api.md). One of the same group that is under way is answered as it is.',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, body: replayManyBody(dialects) },
    example: { dialect: 'webengage', dryRun: true },
    replies: { 202: JobReply, ...errors(404) },
    handle: async ({ services, access: { workspace, credential }, body, reply }) => {
      const request = replayRequest(scopeOf(body ?? {}), body?.dryRun ?? false, credential.name);
      const id = await requestJob(services.database, workspace.id, request, new Date(services.clock()));
      const job = await readJob(services.database, workspace.id, id);
      if (!job) throw new Error('the job that was asked for is not there');
      void services.jobs.look();
      reply.code(202);
      return presentJob(job);
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

function alreadyReplayed(): RequestError {
  return new RequestError('conflict', 'The event was replayed already: it is stored, and is replayed once.');
}
