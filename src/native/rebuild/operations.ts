import { RequestError } from '../../errors.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { rebuildWorkspace } from '../../projections/rebuild.ts';
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
      'Rollups, property catalogue, records and persons, conversations. Goes in slices beside the events that come in; the answer comes when all is done.',
    guard: administrator,
    checks: { path: WorkspaceParameters },
    replies: { 200: RebuildReply, ...errors(403, 404) },
    handle: async ({ services, path }) => {
      const workspace = await services.workspaces.find(path.workspace);
      if (!workspace) throw new RequestError('not-found', 'There is no such workspace.');
      return rebuildWorkspace({ ...services, database: services.jobDatabase }, workspace);
    },
  }),
];
