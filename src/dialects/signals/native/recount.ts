import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { readLastJob } from '../../../core/job/job-store.ts';
import { type Operation, operation, registerOperations } from '../../../http/operation.ts';
import { inWorkspace } from '../../../native/guards.ts';
import { errors, nullable, Time, WorkspaceParameters } from '../../../native/schemas/common.ts';
import type { NativeServices } from '../../../native/services.ts';
import { compileNative } from '../../../native/validation.ts';
import { campaignsOf, recountKind } from '../conversation/recount.ts';

const RecountReply = Type.Object({
  recount: nullable(
    Type.Object({
      campaigns: nullable(Type.Array(Type.String(), { description: 'Ids of campaigns; null: all leads' })),
      done: Type.Integer({ description: 'Leads that have been looked at' }),
      total: Type.Integer({ description: 'Leads that there are to look at, once that is known' }),
      requestedAt: Time,
      updatedAt: Time,
      finishedAt: nullable(Time),
    }),
  ),
});

/** How far the leads of Signals are counted anew after a change of conversions, event groups or campaigns. */
export function registerRecount(scope: FastifyInstance, services: NativeServices): void {
  registerOperations(scope, services, recountOperations, { tag: 'Native: events', compile: compileNative });
}

const recountOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path: '/workspaces/:workspace/recount',
    summary: 'The last recount of conversations, and how far it has come',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters },
    replies: { 200: RecountReply, ...errors(404) },
    handle: async ({ services, access }) => {
      const job = await readLastJob(services.database, access.workspace.id, recountKind);
      if (!job) return { recount: null };
      const campaigns = campaignsOf(job);
      return {
        recount: {
          campaigns: campaigns && [...campaigns],
          done: job.progress.done,
          total: job.progress.total ?? 0,
          requestedAt: job.requestedAt.toISOString(),
          updatedAt: job.updatedAt.toISOString(),
          finishedAt: job.state === 'finished' ? (job.finishedAt?.toISOString() ?? null) : null,
        },
      };
    },
  }),
];
