import { readJob, requestJob } from '../../core/job/job-store.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { verifyKind } from '../../jobs/verify-job.ts';
import { inWorkspace } from '../guards.ts';
import { presentJob } from '../jobs/present.ts';
import { JobReply } from '../jobs/schemas.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';

export const verifyOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'POST',
    path: '/workspaces/:workspace/verify',
    summary: 'Compare what is counted and derived with what is stored',
    description:
      'It is a job, whose `progress` counts checks and whose `result` is `{ok, checks: [{name, ok, detail}]}` (docs/native-api.md has what each holds); it reads beside the events that come in and changes nothing. One that is under way is answered as it is.',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters },
    replies: { 202: JobReply, ...errors(404) },
    handle: async ({ services, access: { workspace, credential }, reply }) => {
      const request = { kind: verifyKind, requestedBy: credential.name };
      const id = await requestJob(services.database, workspace.id, request, new Date(services.clock()));
      const job = await readJob(services.database, workspace.id, id);
      if (!job) throw new Error('the job that was asked for is not there');
      void services.jobs.look();
      reply.code(202);
      return presentJob(job);
    },
  }),
];
