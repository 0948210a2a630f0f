import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { RequestError } from '../errors.ts';
import { rebuildWorkspace } from '../projections/rebuild.ts';
import { admitAdministrator } from './admission.ts';
import { errors, WorkspaceParameters } from './schemas/common.ts';
import { RebuildReply } from './schemas/data.ts';
import type { NativeServices } from './services.ts';

export function registerRebuild(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.post('/workspaces/:workspace/rebuild', {
    schema: {
      tags: ['Native: workspaces'],
      summary: 'Make all that is derived anew from what is stored (administrator)',
      description:
        'Rollups, property catalogue, records and persons, conversations. Goes in slices beside the events that come in; the answer comes when all is done.',
      params: WorkspaceParameters,
      response: { 200: RebuildReply, ...errors(403, 404) },
    },
    onRequest: (request) => admitAdministrator(services, request),
    handler: async (request) => {
      const workspace = await services.workspaces.find(request.params.workspace);
      if (!workspace) throw new RequestError('not-found', 'There is no such workspace.');
      const { jobDatabase: database, workspaces } = services;
      const { rollupSlices, catalogueEntries, profilesMoved, leads } = await rebuildWorkspace(
        { database, workspaces },
        workspace,
      );
      return { rollupSlices, catalogueEntries, profilesMoved, leads };
    },
  });
}
