import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { runRetention } from '../jobs/run-retention.ts';
import { enterWorkspace, workspaceOf } from './admission.ts';
import { errors, WorkspaceParameters } from './schemas/common.ts';
import type { NativeServices } from './services.ts';

/** Up to 10,000 events, so that the answer comes within a few seconds. */
const slicesPerCall = 40;

const RetentionBody = Type.Union([
  Type.Object(
    { dryRun: Type.Optional(Type.Boolean({ description: 'true: only counts.' })) },
    { additionalProperties: false },
  ),
  Type.Null(),
]);

const RetentionReply = Type.Object({
  dryRun: Type.Boolean(),
  more: Type.Boolean({
    description: 'A call has its limit: there is more, to be had by calling again (in a dry run: uncounted).',
  }),
  webmarketer: Type.Object(
    { anonymizedEvents: Type.Integer(), anonymizedTrash: Type.Integer(), anonymizedUsers: Type.Integer() },
    { description: 'Expiration policies of the project and its event types.' },
  ),
  octeth: Type.Object({ deletedEvents: Type.Integer() }, { description: 'eventRetentionDays' }),
});

/** What is due is anonymized or deleted once a day by itself; here at once (docs/retention.md). */
export function registerRetention(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.post('/workspaces/:workspace/retention', {
    schema: {
      tags: ['Native: workspaces'],
      summary: 'Anonymize and delete what is due by the workspace’s retention policies',
      params: WorkspaceParameters,
      body: RetentionBody,
      response: { 200: RetentionReply, ...errors(404) },
    },
    onRequest: (request) => enterWorkspace(services, request),
    handler: async (request) => {
      const dryRun = request.body?.dryRun === true;
      const { jobDatabase: database, workspaces, clock } = services;
      const { more, deletedEvents, ...webmarketer } = await runRetention(
        { database, workspaces },
        workspaceOf(request).id,
        { dryRun, now: clock(), slices: slicesPerCall },
      );
      return { dryRun, more, webmarketer, octeth: { deletedEvents } };
    },
  });
}
