import { type Operation, operation } from '../../http/operation.ts';
import { countJobs, countPeople, countQuarantined } from '../../query/summary/read-summary.ts';
import { readDateTime, timeOf, timeOrNull } from '../date-times.ts';
import { inWorkspace } from '../guards.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { PeopleCountQuery, PeopleCountReply, SummaryReply } from './schemas.ts';

const day = 24 * 60 * 60 * 1000;

/** How a workspace stands. */
export const summaryOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path: '/workspaces/:workspace/summary',
    summary: 'What waits in quarantine, and how its jobs stand',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters },
    replies: { 200: SummaryReply, ...errors(404) },
    handle: async ({ services: { database }, access: { workspace } }) => {
      const [quarantined, jobs] = await Promise.all([
        countQuarantined(database, workspace.id),
        countJobs(database, workspace.id),
      ]);
      const { count, newestAt } = quarantined;
      return {
        quarantine: { waiting: count, newestAt: timeOrNull(newestAt) },
        jobs: {
          waiting: jobs.get('waiting') ?? 0,
          running: jobs.get('running') ?? 0,
          failed: jobs.get('failed') ?? 0,
        },
      };
    },
  }),
  operation({
    method: 'GET',
    path: '/workspaces/:workspace/people/count',
    summary: 'How many persons there are, and how many of them are new',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, query: PeopleCountQuery },
    replies: { 200: PeopleCountReply, ...errors(404) },
    handle: async ({ services, access, query }) => {
      const since = query.since ? readDateTime(query.since) : new Date(services.clock() - day);
      return { since: timeOf(since), ...(await countPeople(services.database, access.workspace.id, since)) };
    },
  }),
];
