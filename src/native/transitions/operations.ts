import { type Operation, operation } from '../../http/operation.ts';
import { readTransitions } from '../../query/transitions/transitions.ts';
import { readDateTime } from '../date-times.ts';
import { inWorkspace } from '../guards.ts';
import { requireRange } from '../refusals.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { presentTransitions } from './present.ts';
import { TransitionsQuery, TransitionsReply } from './schemas.ts';

const day = 24 * 60 * 60 * 1000;
const defaultRange = 90 * day;
const maximumRange = 3660 * day;

export const transitionOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path: '/workspaces/:workspace/transitions',
    summary: 'How long events take from one state to another',
    description:
      'Of events that have both states now and reached the second no earlier than the first; since and until are of the second.',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, query: TransitionsQuery },
    replies: { 200: TransitionsReply, ...errors(404) },
    handle: async ({ services, access, query }) => {
      const { from, to, groupBy = null, interval = null } = query;
      const until = query.until ? readDateTime(query.until).getTime() : services.clock();
      const since = query.since ? readDateTime(query.since).getTime() : until - defaultRange;
      requireRange(since, until, { milliseconds: maximumRange, words: 'ten years' });
      const question = { from, to, since, until, groupBy, interval };
      const transitions = await readTransitions(services.database, access.workspace, question);
      return presentTransitions(question, transitions);
    },
  }),
];
