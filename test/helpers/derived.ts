import type { WorkspaceId } from '../../src/core/workspace/workspace.ts';
import { loadWorkspace } from '../../src/core/workspace/workspace-store.ts';
import { projections, workspaceParts } from '../../src/dialects/registry.ts';
import { verifyWorkspace as verifyProjections } from '../../src/query/verify/verify-workspace.ts';
import type { Database } from '../../src/store/database.ts';

/** Every check of `throughline verify`. */
export async function verifyWorkspace(database: Database, workspaceId: WorkspaceId) {
  const workspace = await loadWorkspace(database, workspaceId, workspaceParts);
  return verifyProjections(database, workspace, projections);
}
