import { type Account, findAccount } from '../../../../core/credential/account-store.ts';
import type { Access } from '../../../../core/credential/authenticator.ts';
import { readBindings } from '../../../../core/workspace/binding-store.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { anyToken, inProject } from '../../access.ts';
import { ProjectParameters } from '../schemas.ts';
import { presentAgent, presentProject, presentWorkspace } from './present.ts';
import { AgentReply, ProjectReply, ProjectsReply, WorkspacesReply } from './schemas.ts';

/** docs/spec/webmarketer.md A2. The lists are bare arrays (section 0, rule 6). */
export const accountOperations: readonly Operation<Services>[] = [
  operation({
    method: 'GET',
    path: '/api/v1/projects/:projectId',
    summary: 'Get a project',
    guard: inProject,
    checks: { path: ProjectParameters },
    replies: { 200: ProjectReply },
    // Settings are read anew: who has just changed them by another process wants to see it.
    handle: async ({ services, access, path: { projectId } }) =>
      presentProject(projectId, await services.workspaces.reload(access.workspace.id)),
  }),
  operation({
    method: 'GET',
    path: '/api/v1/agents/me',
    summary: 'Get the agent of the token',
    guard: anyToken,
    replies: { 200: AgentReply },
    handle: async ({ services, access }) =>
      presentAgent(access.credential, await accountOf(services, access)),
  }),
  operation({
    method: 'GET',
    path: '/api/v1/agents/me/projects',
    summary: 'List the projects of the agent',
    guard: anyToken,
    replies: { 200: ProjectsReply },
    // A workspace is one project, under each of the names that it has.
    handle: async ({ services, access }) => {
      const { id } = access.workspace;
      const [workspace, bindings] = await Promise.all([
        services.workspaces.reload(id),
        readBindings(services.database, id),
      ]);
      return bindings
        .filter(({ dialect, kind }) => dialect === 'webmarketer' && kind === 'project')
        .map(({ externalId }) => presentProject(externalId, workspace));
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v1/agents/me/workspaces',
    summary: 'List the workspaces of the agent',
    guard: anyToken,
    replies: { 200: WorkspacesReply },
    handle: async ({ services, access }) => [
      presentWorkspace(access.workspace, await accountOf(services, access)),
    ],
  }),
];

/** Granted tokens are named by their account (oauth/grant-token.ts). */
async function accountOf(
  { database }: Services,
  { credential, workspace }: Access,
): Promise<Account | undefined> {
  const account = await findAccount(database, 'webmarketer', credential.name);
  return account?.workspaceId === workspace.id ? account : undefined;
}
