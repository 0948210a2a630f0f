import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Account, findAccount } from '../../../../core/credential/account-store.ts';
import type { Access } from '../../../../core/credential/authenticator.ts';
import { readBindings } from '../../../../core/workspace/binding-store.ts';
import { accessOf } from '../../../../http/access.ts';
import type { Services } from '../../../dialect.ts';
import { projectOf } from '../../access.ts';
import { registerProjectRoute } from '../project-route.ts';
import { ProjectParameters } from '../schemas.ts';
import { presentAgent, presentProject, presentWorkspace } from './present.ts';
import { AgentReply, ProjectReply, ProjectsReply, WorkspacesReply } from './schemas.ts';

/** docs/spec/webmarketer.md A2. The lists are bare arrays (section 0, rule 6). */
export function registerAccountRoutes(app: FastifyInstance, services: Services): void {
  registerProjectRoute(app, services, {
    method: 'GET',
    url: '/api/v1/projects/:projectId',
    summary: 'Get a project',
    params: ProjectParameters,
    reply: ProjectReply,
    handle: getProject,
  });
  registerProjectRoute(app, services, {
    method: 'GET',
    url: '/api/v1/agents/me',
    summary: 'Get the agent of the token',
    reply: AgentReply,
    handle: getAgent,
  });
  registerProjectRoute(app, services, {
    method: 'GET',
    url: '/api/v1/agents/me/projects',
    summary: 'List the projects of the agent',
    reply: ProjectsReply,
    handle: listProjects,
  });
  registerProjectRoute(app, services, {
    method: 'GET',
    url: '/api/v1/agents/me/workspaces',
    summary: 'List the workspaces of the agent',
    reply: WorkspacesReply,
    handle: listWorkspaces,
  });
}

/** Settings are read anew: who has just changed them by another process wants to see it. */
async function getProject(services: Services, request: FastifyRequest) {
  const { projectId, access } = projectOf(request);
  return presentProject(projectId, await services.workspaces.reload(access.workspace.id));
}

async function getAgent(services: Services, request: FastifyRequest) {
  const access = accessOf(request);
  return presentAgent(access.credential, await accountOf(services, access));
}

/** A workspace is one project, under each of the names that it has. */
async function listProjects(services: Services, request: FastifyRequest) {
  const { id } = accessOf(request).workspace;
  const [workspace, bindings] = await Promise.all([
    services.workspaces.reload(id),
    readBindings(services.database, id),
  ]);
  return bindings
    .filter(({ dialect, kind }) => dialect === 'webmarketer' && kind === 'project')
    .map(({ externalId }) => presentProject(externalId, workspace));
}

async function listWorkspaces(services: Services, request: FastifyRequest) {
  const access = accessOf(request);
  return [presentWorkspace(access.workspace, await accountOf(services, access))];
}

/** Granted tokens are named by their account (core/oauth/grant-token.ts). */
async function accountOf(
  { database }: Services,
  { credential, workspace }: Access,
): Promise<Account | undefined> {
  const account = await findAccount(database, 'webmarketer', credential.name);
  return account?.workspaceId === workspace.id ? account : undefined;
}
