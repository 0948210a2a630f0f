import { listJobs, readJob } from '../../core/job/job-store.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { decodePosition, encodePosition } from '../../query/position.ts';
import { evenDeleted } from '../guards.ts';
import { badNext, noSuch } from '../refusals.ts';
import { WorkspaceParameters } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { presentJob } from './present.ts';
import { JobParameters, JobReply, JobsQuery, JobsReply, jobErrors } from './schemas.ts';

const path = '/workspaces/:workspace/jobs';

/** Long work, and how far it has come (docs/native-api.md). */
export const jobOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path,
    summary: 'Long work of a workspace, newest first: what runs, how far it has come, how it ended',
    guard: evenDeleted,
    checks: { path: WorkspaceParameters, query: JobsQuery },
    replies: { 200: JobsReply, ...jobErrors },
    handle: async ({ services, access, query }) => {
      const position = query.next === undefined ? undefined : decodePosition(query.next);
      if (query.next !== undefined && !position) throw badNext();
      const before = position ? { requestedAt: new Date(position.at), id: position.id } : null;
      const { limit, kind = null } = query;
      const jobs = await listJobs(services.database, access.workspace.id, before, limit, kind);
      const last = jobs.length === limit ? jobs.at(-1) : undefined;
      return { jobs: jobs.map(presentJob), next: last ? encodePosition(last.requestedAt, last.id) : null };
    },
  }),
  operation({
    method: 'GET',
    path: `${path}/:jobId`,
    summary: 'A job, and how far it has come',
    guard: evenDeleted,
    checks: { path: JobParameters },
    replies: { 200: JobReply, ...jobErrors },
    handle: async ({ services, access, path: { jobId } }) => {
      const job = await readJob(services.database, access.workspace.id, jobId);
      if (!job)
        throw noSuch(
          'params/jobId',
          'The workspace has no job of this id; those that ended long ago are gone.',
        );
      return presentJob(job);
    },
  }),
];
