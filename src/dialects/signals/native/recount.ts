import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { readLastJob } from '../../../core/job/job-store.ts';
import { enterWorkspace, workspaceOf } from '../../../native/admission.ts';
import { errors, nullable, Time, WorkspaceParameters } from '../../../native/schemas/common.ts';
import type { NativeServices } from '../../../native/services.ts';
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
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/workspaces/:workspace/recount', {
    schema: {
      tags: ['Native: events'],
      summary: 'The last recount of conversations, and how far it has come',
      params: WorkspaceParameters,
      response: { 200: RecountReply, ...errors(404) },
    },
    onRequest: enterWorkspace.bind(null, services),
    handler: async (request) => {
      const job = await readLastJob(services.database, workspaceOf(request).id, recountKind);
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
  });
}
