import Type, { type Static } from 'typebox';
import { createWorkspace } from '../../../../core/workspace/create-workspace.ts';
import { configureWorkspace } from '../../../../core/workspace/manage-workspaces.ts';
import { NameTakenError } from '../../../../core/workspace/provide-dialect.ts';
import { listShards, shardOf } from '../../../../core/workspace/shard-store.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { isPartial } from '../../../../core/workspace/workspace-status.ts';
import { listWorkspaceIds } from '../../../../core/workspace/workspace-store.ts';
import { RequestError } from '../../../../errors.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import { requestWorkspaceDeletion } from '../../../../jobs/delete-workspace.ts';
import { sqlState } from '../../../../store/database-error.ts';
import type { Services } from '../../../dialect.ts';
import { atOpen, atWorkspaces, type WorkspacesAccess, workspaceNotFound } from '../../access.ts';
import { readHubSettings } from '../../settings.ts';
import { presentPage } from '../paging.ts';
import { payloadLimit, workspaceId } from '../schemas.ts';
import { parseNewWorkspace, parseStatus } from './parse.ts';
import { presentStatus, presentWorkspace } from './present.ts';
import { newWorkspaceSchema, statusSchema, WorkspacesQuery } from './schemas.ts';

const UNIQUE_VIOLATION = '23505';

const Parameters = Type.Object({ workspaceId });

/** Workspaces as the vendor provisions them. A token sees its own; the administrator of the installation, by the native API's key, all. */
export const workspaceOperations: readonly Operation<Services>[] = [
  operation({
    ...atWorkspaces('listWorkspaces'),
    summary: 'Get workspaces',
    checks: { query: WorkspacesQuery },
    handle: ({ services, access, query }) => listWorkspaces(services, access, query),
  }),
  operation({
    ...atWorkspaces('createWorkspace'),
    summary: 'Create a workspace',
    description: 'It crosses workspaces, so that it takes the key of the administrator of the installation.',
    documents: { body: newWorkspaceSchema },
    example: { name: 'Shop', slug: 'shop', groupPk: 1, shard: 'default' },
    status: 201,
    bodyLimit: payloadLimit,
    handle: async ({ services, body }) => {
      const wanted = parseNewWorkspace(body, await listShards(services.shards));
      return presentOne(services, await makeWorkspace(services, wanted));
    },
  }),
  operation({
    ...atWorkspaces('readWorkspace'),
    summary: 'Get a workspace',
    checks: { path: Parameters },
    handle: async ({ services, access, path }) =>
      presentOne(services, await requireWorkspace(services, access, path.workspaceId)),
  }),
  operation({
    ...atWorkspaces('deleteWorkspace'),
    summary: 'Delete workspace, with all that it has',
    checks: { path: Parameters },
    handle: async ({ services, access, path }) => {
      const { id } = await requireWorkspace(services, access, path.workspaceId);
      await requestWorkspaceDeletion(services, id, access.credential.name, new Date(services.clock()));
      void services.jobs.look();
      return {};
    },
  }),
  operation({
    ...atWorkspaces('replaceWorkspaceStatus'),
    summary: 'Modify workspace status',
    checks: { path: Parameters },
    documents: { body: statusSchema },
    example: { status: 'ENABLED' },
    bodyLimit: payloadLimit,
    handle: async ({ services, access, path, body }) => {
      const { id } = await requireWorkspace(services, access, path.workspaceId);
      const status = parseStatus(body);
      const now = new Date(services.clock());
      return { status: presentStatus(await configureWorkspace(services, [], id, { status }, now)) };
    },
  }),
  operation({
    ...atWorkspaces('listShards'),
    summary: 'Return the list of available shards',
    handle: async ({ services }) => ({ elements: await listShards(services.shards) }),
  }),
  // Ruling 1: it takes no token.
  operation({
    ...atOpen('readHealth'),
    summary: 'Return the application health state',
    handle: async ({ services }) => {
      const state = await services.readiness.look();
      if (state === 'up') return {};
      throw new RequestError('overloaded', `The database is ${state}`, { retryAfterSeconds: 1 });
    },
  }),
];

async function listWorkspaces(
  services: Services,
  { own }: WorkspacesAccess,
  query: Static<typeof WorkspacesQuery>,
) {
  const all = own ? [own] : await readAll(services);
  const term = (query.name ?? '').toLowerCase();
  const found = all.filter(
    ({ name, settings }) =>
      name.toLowerCase().includes(term) &&
      (query.groupPk === undefined ||
        readHubSettings(settings.dialects.contacthub).groupPk === query.groupPk),
  );
  const shown = found.slice(query.page * query.size, (query.page + 1) * query.size);
  const elements = await Promise.all(shown.map((one) => presentOne(services, one)));
  return presentPage(elements, query, found.length, all.length);
}

async function readAll({ database, workspaces }: Services): Promise<Workspace[]> {
  const ids = await listWorkspaceIds(database);
  const found = await Promise.all(ids.map((id) => workspaces.getIfThere(id)));
  return found.filter((workspace) => workspace !== undefined);
}

async function presentOne({ shards }: Services, workspace: Workspace) {
  return presentWorkspace(workspace, await shardOf(shards, workspace.id));
}

/** With its place in every dialect, but without keys: the administrator issues those. @throws RequestError `conflict` */
async function makeWorkspace(
  { jobDatabase, workspaces, provided, clock }: Services,
  { workspace, shardId }: ReturnType<typeof parseNewWorkspace>,
): Promise<Workspace> {
  try {
    const { id } = await createWorkspace(jobDatabase, workspace, new Date(clock()), provided, shardId);
    return await workspaces.get(id);
  } catch (error) {
    if (!(error instanceof NameTakenError) && sqlState(error) !== UNIQUE_VIOLATION) throw error;
    const message = `The slug ${workspace.slug}, or a name made of it, is taken`;
    throw new RequestError('conflict', message, { path: '/slug' });
  }
}

/** The workspace that the path names; a token has been let in for its own alone. @throws RequestError `forbidden` */
async function requireWorkspace(
  { workspaces }: Services,
  { own }: WorkspacesAccess,
  id: string,
): Promise<Workspace> {
  const workspace = own ?? (await workspaces.find(id.toLowerCase()));
  if (!workspace || isPartial(workspace)) throw workspaceNotFound(id);
  return workspace;
}
