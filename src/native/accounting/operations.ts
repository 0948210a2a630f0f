import { type Operation, operation } from '../../http/operation.ts';
import { readAccounting } from '../../query/accounting/read-accounting.ts';
import { readDateTime } from '../date-times.ts';
import { inWorkspace } from '../guards.ts';
import { requireRange } from '../refusals.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { presentAccounting } from './present.ts';
import { AccountingQuery, AccountingReply } from './schemas.ts';

const day = 24 * 60 * 60 * 1000;
const maximumRange = 31 * day;

export const accountingOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path: '/workspaces/:workspace/accounting',
    summary: 'What came in and what became of it, by dialect and hour of receipt',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, query: AccountingQuery },
    replies: { 200: AccountingReply, ...errors(404) },
    handle: async ({ services, access, query }) => {
      const until = query.until ? readDateTime(query.until) : new Date(services.clock());
      const since = query.since ? readDateTime(query.since) : new Date(until.getTime() - day);
      requireRange(since.getTime(), until.getTime(), { milliseconds: maximumRange, words: '31 days' });
      const hours = await readAccounting(services.database, access.workspace.id, since, until);
      return presentAccounting(since, until, hours);
    },
  }),
];
