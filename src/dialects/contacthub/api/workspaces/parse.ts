import type { NewWorkspace } from '../../../../core/workspace/create-workspace.ts';
import { findWorkspaceProblem } from '../../../../core/workspace/manage-workspaces.ts';
import type { Shard } from '../../../../core/workspace/shard-store.ts';
import { type SettableStatus, settableStatuses } from '../../../../core/workspace/workspace-status.ts';
import { compileLazily } from '../../documents/compile.ts';
import { checkBody, invalidBody } from '../body.ts';
import { newWorkspaceSchema, statusSchema, type wireStatuses } from './schemas.ts';

interface WorkspaceBody {
  readonly name: string;
  readonly slug: string;
  readonly groupPk: number;
  readonly shard: string;
}

/** As a workspace of the vendor's has them until they are set. */
const usual = { timezone: 'Europe/Rome', currency: 'EUR' };

const validateWorkspace = compileLazily(newWorkspaceSchema);
const validateStatus = compileLazily(statusSchema);

/** @throws RequestError `invalid-request` */
export function parseNewWorkspace(
  sent: unknown,
  shards: readonly Shard[],
): { readonly workspace: NewWorkspace; readonly shardId: string } {
  const body = checkBody<WorkspaceBody>('workspace', validateWorkspace, sent);
  const { name, slug, groupPk, shard: shardId } = body;
  const problem = findWorkspaceProblem({ slug, name });
  if (problem) throw invalidBody('workspace', [{ path: `/${problem.path}`, message: problem.message }]);
  if (!shards.some(({ id }) => id === shardId))
    throw invalidBody('workspace', [
      { path: '/shard', message: `must be one of ${shards.map(({ id }) => id).join(', ')}` },
    ]);
  const settings = { dialects: { contacthub: { groupPk } } };
  return { workspace: { name, slug, ...usual, settings }, shardId };
}

/** @throws RequestError `invalid-request` */
export function parseStatus(sent: unknown): SettableStatus {
  const { status } = checkBody<{ status: (typeof wireStatuses)[number] }>('workspace', validateStatus, sent);
  const wanted = settableStatuses.find((one) => one.toUpperCase() === status);
  if (!wanted) throw new Error(`${status} is a status of the schema alone`);
  return wanted;
}
