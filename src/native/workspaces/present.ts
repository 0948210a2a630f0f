import type { Static } from 'typebox';
import type { Binding } from '../../core/workspace/binding-store.ts';
import type { Provided } from '../../core/workspace/provision.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { presentBindings } from '../bindings/present.ts';
import { timeOf } from '../date-times.ts';
import type { WorkspaceReply, WorkspaceSchema } from './schemas.ts';

export function presentWorkspace(workspace: Workspace): Static<typeof WorkspaceSchema> {
  const { matching, phoneCountries, rateLimits, dialects } = workspace.settings;
  return {
    id: workspace.publicId,
    slug: workspace.slug,
    name: workspace.name,
    timezone: workspace.timezone,
    currency: workspace.currency,
    matching,
    phoneCountries,
    rateLimits,
    dialects,
    status: workspace.status,
    createdAt: timeOf(workspace.createdAt),
  };
}

export function presentWholeWorkspace(
  dialects: readonly Provided[],
  workspace: Workspace,
  bindings: readonly Binding[],
): Static<typeof WorkspaceReply> {
  return { ...presentWorkspace(workspace), bindings: presentBindings(dialects, workspace, bindings) };
}
