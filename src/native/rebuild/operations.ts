import { Value } from 'typebox/value';
import { requestJob } from '../../core/job/job-store.ts';
import { rebuildKind } from '../../core/job/rebuild-request.ts';
import { RequestError } from '../../errors.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { finishJob } from '../finish-job.ts';
import { administrator } from '../guards.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { RebuildReply } from './schemas.ts';

export const rebuildOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'POST',
    path: '/workspaces/:workspace/rebuild',
    summary: 'Make all that is derived anew from what is stored (administrator)',
    description:
      'Rollups, property catalogue, records and persons, conversations. It is a job, done in slices beside the events that come in, and goes on by itself; the answer comes when all is done. One that is under way is waited for.',
    guard: administrator,
    checks: { path: WorkspaceParameters },
    replies: { 200: RebuildReply, ...errors(403, 404) },
    handle: async ({ services, access, path }) => {
      const workspace = await services.workspaces.find(path.workspace);
      if (!workspace) throw new RequestError('not-found', 'There is no such workspace.');
      const request = { kind: rebuildKind, requestedBy: access.name };
      const now = new Date(services.clock());
      const id = await requestJob(services.database, workspace.id, request, now);
      const { result } = await finishJob(services, workspace.id, id);
      return Value.Parse(RebuildReply, result);
    },
  }),
];
