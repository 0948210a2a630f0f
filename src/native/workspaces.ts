import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { readBindings } from '../core/workspace/binding-store.ts';
import {
  changeWorkspace,
  createWorkspaceWithKeys,
  findWorkspaceProblem,
  type WorkspaceChanges,
} from '../core/workspace/manage-workspaces.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { listWorkspaceIds } from '../core/workspace/workspace-store.ts';
import { RequestError } from '../errors.ts';
import { rebuildRollups } from '../projections/rollups/rebuild-rollups.ts';
import { admitAdministrator, authenticate, enterWorkspace, workspaceOf } from './admission.ts';
import { presentWholeWorkspace, presentWorkspace } from './present.ts';
import { errors, WorkspaceParameters } from './schemas/common.ts';
import { CreatedWorkspaceReply, WorkspaceReply, WorkspacesReply } from './schemas/configuration.ts';
import { newWorkspaceBody, workspaceChangesBody } from './schemas/settings.ts';
import type { NativeDialect, NativeServices } from './services.ts';

const tags = ['Native: workspaces'];

export function registerWorkspaces(
  scope: FastifyInstance,
  services: NativeServices,
  dialects: readonly NativeDialect[],
): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/workspaces', {
    schema: {
      tags,
      summary: 'List the workspaces that the key opens',
      response: { 200: WorkspacesReply, ...errors() },
    },
    handler: async (request) => {
      const { workspaceId } = await authenticate(services, request);
      const ids = workspaceId === null ? await listWorkspaceIds(services.database) : [workspaceId];
      const workspaces = await Promise.all(ids.map((id) => services.workspaces.get(id)));
      return { workspaces: workspaces.map(presentWorkspace) };
    },
  });
  app.post('/workspaces', {
    schema: {
      tags,
      summary: 'Create a workspace with keys for every dialect (administrator)',
      body: newWorkspaceBody(dialects),
      response: { 201: CreatedWorkspaceReply, ...errors(403, 409) },
    },
    onRequest: (request) => admitAdministrator(services, request),
    handler: async (request, reply) => {
      const { slug, name = slug, timezone = 'UTC', currency = 'EUR', ...settings } = request.body;
      const wanted = { slug, name, timezone, currency, settings };
      refuseProblem({ slug, name, timezone, currency, ...settings });
      const credentials = await createWorkspaceWithKeys(services, wanted, new Date(services.clock()));
      const workspace = credentials && (await services.workspaces.find(slug));
      if (!workspace)
        throw new RequestError(
          'conflict',
          `The slug ${slug}, or a name made of it, is taken: choose another.`,
          {
            path: 'body/slug',
          },
        );
      const { baseUrl: _unknown, ...keys } = credentials;
      return reply.code(201).send({ workspace: await presentWhole(services, workspace), credentials: keys });
    },
  });
  registerWorkspace(scope, services, dialects);
}

function registerWorkspace(
  scope: FastifyInstance,
  services: NativeServices,
  dialects: readonly NativeDialect[],
): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = enterWorkspace.bind(null, services);
  app.get('/workspaces/:workspace', {
    schema: {
      tags,
      summary: 'A workspace, its settings and what it is called in each dialect',
      params: WorkspaceParameters,
      response: { 200: WorkspaceReply, ...errors(404) },
    },
    onRequest,
    handler: (request) => presentWhole(services, workspaceOf(request)),
  });
  app.patch('/workspaces/:workspace', {
    schema: {
      tags,
      summary: 'Change settings; what is left out stays',
      description:
        'Another time zone rebuilds the day rollups, which the answer waits for. Another matching rule is for what comes in from now on. Other `conversationHours` of Signals have its leads counted anew, behind the answer.',
      params: WorkspaceParameters,
      body: workspaceChangesBody(dialects),
      response: { 200: WorkspaceReply, ...errors(404) },
    },
    onRequest,
    handler: async (request) => {
      const before = workspaceOf(request);
      const changes: WorkspaceChanges = request.body;
      refuseProblem(changes);
      const now = new Date(services.clock());
      const after = await changeWorkspace(services, dialects, before.id, changes, now);
      void services.jobs.look();
      if (after.timezone !== before.timezone) await rebuildRollups(services, after);
      return presentWhole(services, after);
    },
  });
}

async function presentWhole(services: NativeServices, workspace: Workspace) {
  return presentWholeWorkspace(workspace, await readBindings(services.database, workspace.id));
}

function refuseProblem(wanted: WorkspaceChanges & { slug?: string }): void {
  const problem = findWorkspaceProblem(wanted);
  if (problem)
    throw new RequestError('invalid-request', `${problem.message}.`, { path: `body/${problem.path}` });
}
