import type { Workspace } from '../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import { rebuildConversations } from '../dialects/signals/conversation/projection/rebuild-conversations.ts';
import type { Database } from '../store/database.ts';
import { rebuildCatalogue } from './catalogue/rebuild-catalogue.ts';
import { rebuildMemberships } from './memberships/rebuild-memberships.ts';
import { rebuildRollups } from './rollups/rebuild-rollups.ts';

export interface Rebuilt {
  readonly rollupSlices: number;
  readonly catalogueEntries: number;
  /** Profiles whose record or person was not what the links give. */
  readonly profilesMoved: number;
  /** Leads whose conversations were made anew. */
  readonly leads: number;
}

/**
 * Makes all that is derived in a workspace anew from what is stored: records and persons, rollups, property catalogue, conversations. Beside the
 * events that come in. The lock is held for a slice at a time: 2,000 profiles with all they are linked to, or 50,000 events of a
 * type but no less than a whole day of them. It can be run again at any time, also after one that was cut short.
 */
export async function rebuildWorkspace(
  services: { readonly database: Database; readonly workspaces: WorkspaceCache },
  workspace: Workspace,
): Promise<Rebuilt> {
  const profilesMoved = await rebuildMemberships(services.database, workspace.id);
  const rollupSlices = await rebuildRollups(services, workspace);
  const catalogueEntries = await rebuildCatalogue(services, workspace.id);
  const leads = await rebuildConversations(services, workspace);
  return { rollupSlices, catalogueEntries, profilesMoved, leads };
}
