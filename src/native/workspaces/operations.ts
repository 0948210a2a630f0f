import { readBindings } from '../../core/workspace/binding-store.ts';
import {
  configureWorkspace,
  createWorkspaceWithKeys,
  findWorkspaceProblem,
} from '../../core/workspace/manage-workspaces.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { listDeletedWorkspaces } from '../../core/workspace/workspace-deletion-store.ts';
import { listWorkspaceIds } from '../../core/workspace/workspace-store.ts';
import { RequestError } from '../../errors.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { requestWorkspaceDeletion } from '../../jobs/delete-workspace.ts';
import { finishRecounts } from '../../jobs/finish-recounts.ts';
import { timeOf } from '../date-times.ts';
import { administrator, administratorIn, anyKey, evenDeleted, inWorkspace } from '../guards.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import { mergeSettings, type WantedChanges } from './merge-settings.ts';
import { presentWholeWorkspace, presentWorkspace } from './present.ts';
import {
  CreatedWorkspaceReply,
  DeletedWorkspacesReply,
  DeletionReply,
  WorkspaceReply,
  WorkspacesReply,
} from './schemas.ts';
import { newWorkspaceBody, workspaceChangesBody } from './settings.ts';

const path = '/workspaces/:workspace';

export function workspaceOperations(
  dialects: readonly NativeDialect[],
): readonly Operation<NativeServices>[] {
  return [list, create(dialects), view(dialects), change(dialects), remove, listDeleted];
}

const list = operation({
  method: 'GET',
  path: '/workspaces',
  summary: 'List the workspaces that the key opens',
  guard: anyKey,
  replies: { 200: WorkspacesReply, ...errors() },
  handle: async ({ services, access: { workspaceId } }) => {
    const ids = workspaceId === null ? await listWorkspaceIds(services.database) : [workspaceId];
    const workspaces = await Promise.all(ids.map((id) => services.workspaces.get(id)));
    return { workspaces: workspaces.map(presentWorkspace) };
  },
});

function create(dialects: readonly NativeDialect[]) {
  return operation({
    method: 'POST',
    path: '/workspaces',
    summary: 'Create a workspace with keys for every dialect (administrator)',
    guard: administrator,
    checks: { body: newWorkspaceBody(dialects) },
    example: { slug: 'shop', name: 'Shop', timezone: 'Europe/Berlin', currency: 'EUR' },
    status: 201,
    replies: { 201: CreatedWorkspaceReply, ...errors(403, 409) },
    handle: async ({ services, body }) => {
      const { slug, name = slug, timezone = 'UTC', currency = 'EUR', ...settings } = body;
      const wanted = { slug, name, timezone, currency, settings };
      refuseProblem({ slug, name, timezone, currency, ...settings });
      const credentials = await createWorkspaceWithKeys(
        services,
        dialects,
        wanted,
        new Date(services.clock()),
      );
      const workspace = credentials && (await services.workspaces.find(slug));
      if (!workspace)
        throw new RequestError(
          'conflict',
          `The slug ${slug}, or a name made of it, is taken: choose another.`,
          { path: 'body/slug' },
        );
      const { baseUrl: _unknown, ...keys } = credentials;
      return { workspace: await presentWhole(services, dialects, workspace), credentials: keys };
    },
  });
}

function view(dialects: readonly NativeDialect[]) {
  return operation({
    method: 'GET',
    path,
    summary: 'A workspace, its settings and what it is called in each dialect',
    guard: evenDeleted,
    checks: { path: WorkspaceParameters },
    replies: { 200: WorkspaceReply, ...errors(404) },
    handle: ({ services, access }) => presentWhole(services, dialects, access.workspace),
  });
}

function change(dialects: readonly NativeDialect[]) {
  return operation({
    method: 'PATCH',
    path,
    summary: 'Change settings; what is left out stays',
    description:
      'A dialect’s settings are a merge patch (RFC 7396) of those it has: what is named is changed, null takes it away. Another time zone rebuilds the day rollups, another currency counts all amounts anew; the answer waits for both. Another matching rule is for what comes in from now on. A dialect may have more follow from its settings, behind the answer.',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, body: workspaceChangesBody(dialects) },
    example: { name: 'Shop', timezone: 'Europe/Berlin', currency: 'EUR' },
    replies: { 200: WorkspaceReply, ...errors(404) },
    handle: async ({ services, access: { workspace: before }, body }) => {
      refuseProblem(body);
      const changesOf = ({ settings }: Workspace) => mergeSettings(dialects, settings.dialects, body, 'body');
      const now = new Date(services.clock());
      const after = await configureWorkspace(services, dialects, before.id, changesOf, now);
      void services.jobs.look();
      await finishRecounts(services.jobs, before, after);
      return presentWhole(services, dialects, after);
    },
  });
}

/** What one call does of the job; the rest goes on by itself. */
const slicesPerCall = 20;

const remove = operation({
  method: 'DELETE',
  path,
  summary: 'Delete a workspace with all that it has (administrator)',
  description:
    'When it answers, its keys open nothing any more and its slug and its names are free. Its rows go by a job; asked for again, it says how far that is.',
  guard: administratorIn,
  checks: { path: WorkspaceParameters },
  replies: { 200: DeletionReply, ...errors(403, 404) },
  handle: async ({ services, access: { workspace, credential } }) => {
    const now = new Date(services.clock());
    const id = await requestWorkspaceDeletion(services, workspace.id, credential.name, now);
    const job = await services.jobs.run({ workspaceId: workspace.id, id }, { slices: slicesPerCall });
    const finished = job !== 'busy' && job.state === 'finished';
    return { id: workspace.publicId, jobId: id, finished, counts: finished ? { ...job.result } : {} };
  },
});

const listDeleted = operation({
  method: 'GET',
  path: '/deleted-workspaces',
  summary: 'List the workspaces that were deleted, newest first, the last 1,000 (administrator)',
  guard: administrator,
  replies: { 200: DeletedWorkspacesReply, ...errors(403) },
  handle: async ({ services }) => {
    const deleted = await listDeletedWorkspaces(services.database, 1000);
    return {
      workspaces: deleted.map(({ publicId, requestedBy, deletedAt, counts }) => ({
        id: publicId,
        requestedBy,
        deletedAt: timeOf(deletedAt),
        counts: { ...counts },
      })),
    };
  },
});

async function presentWhole(
  services: NativeServices,
  dialects: readonly NativeDialect[],
  workspace: Workspace,
) {
  return presentWholeWorkspace(dialects, workspace, await readBindings(services.database, workspace.id));
}

function refuseProblem(wanted: WantedChanges & { slug?: string }): void {
  const problem = findWorkspaceProblem(wanted);
  if (problem)
    throw new RequestError('invalid-request', `${problem.message}.`, { path: `body/${problem.path}` });
}
