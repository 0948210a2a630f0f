import { readJob } from '../../core/job/job-store.ts';
import type { RetentionCounts } from '../../core/retention/retention-slice.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { dryRunRetention } from '../../jobs/dry-run-retention.ts';
import { noRetention } from '../../jobs/plan-retention.ts';
import { requestRetention, retentionCountsOf } from '../../jobs/retention-job.ts';
import { finishJob } from '../finish-job.ts';
import { inWorkspace } from '../guards.ts';
import { presentJob } from '../jobs/present.ts';
import { JobReply } from '../jobs/schemas.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import { RetentionBody, retentionReply } from './schemas.ts';

/** Of a dry run, up to 10,000 events, so that the answer comes within a few seconds. */
const slicesPerCall = 40;

/** What is due is anonymized or deleted once a day by itself; here at once (docs/retention.md). */
export function retentionOperations(
  dialects: readonly NativeDialect[],
): readonly Operation<NativeServices>[] {
  return [
    operation({
      method: 'POST',
      path: '/workspaces/:workspace/retention',
      summary: 'Anonymize and delete what is due by the workspace’s retention policies',
      description:
        'It is a job, done in slices beside the events that come in, and goes on by itself; the answer comes when all is done. One that is under way is waited for. With `wait` false the answer is the job (202), or 200 with nothing done where there is no policy.',
      guard: inWorkspace,
      checks: { path: WorkspaceParameters, body: RetentionBody },
      example: { dryRun: true },
      replies: { 200: retentionReply(dialects), 202: JobReply, ...errors(404) },
      handle: async ({ services, access, body, reply }) => {
        const workspaceId = access.workspace.id;
        if (body?.dryRun !== true) {
          const id = await requestRetention({ ...services, dialects }, workspaceId, access.credential.name);
          if (id !== undefined && body?.wait === false) {
            void services.jobs.look();
            const job = await readJob(services.database, workspaceId, id);
            if (!job) throw new Error(`the job ${id} was asked for and is not there`);
            reply.code(202);
            return presentJob(job);
          }
          const counts =
            id === undefined
              ? noRetention(dialects)
              : retentionCountsOf(await finishJob(services, workspaceId, id));
          return { dryRun: false, more: false, ...presentCounts(dialects, counts) };
        }
        const { jobDatabase: database, workspaces, clock } = services;
        const options = { now: clock(), slices: slicesPerCall };
        const dry = await dryRunRetention({ database, workspaces, dialects }, workspaceId, options);
        return { dryRun: true, more: dry.more, ...presentCounts(dialects, dry.counts) };
      },
    }),
  ];
}

/** By the dialects whose policies there are. */
function presentCounts(dialects: readonly NativeDialect[], counts: RetentionCounts) {
  const presented = dialects.flatMap(({ name, retention }) => {
    if (!retention) return [];
    const own = Object.keys(retention.counters).map((counter) => [counter, counts[counter] ?? 0]);
    return [[name, Object.fromEntries(own)]];
  });
  return Object.fromEntries(presented);
}
