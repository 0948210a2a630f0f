import type { Workspace } from '../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import type { Database } from '../store/database.ts';
import type { Projection } from './projection.ts';

/**
 * Makes all that is derived in a workspace anew from what is stored, one projection after the other, beside the events that come in.
 * The lock is held for a slice at a time: 2,000 profiles with all they are linked to, or 50,000 events of a type but no less than a
 * whole day of them. It can be run again at any time, also after one that was cut short. Answers what each has counted.
 */
export async function rebuildWorkspace(
  services: {
    readonly database: Database;
    readonly workspaces: WorkspaceCache;
    readonly projections: readonly Projection[];
  },
  workspace: Workspace,
): Promise<Record<string, number>> {
  const rebuilt: Record<string, number> = {};
  for (const projection of services.projections)
    rebuilt[projection.counts] = await projection.rebuild(services, workspace);
  return rebuilt;
}
