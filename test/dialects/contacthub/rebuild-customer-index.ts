import { WorkspaceCache } from '../../../src/core/workspace/workspace-cache.ts';
import { customerIndex } from '../../../src/dialects/contacthub/projection/customer-index.ts';
import { workspaceParts } from '../../../src/dialects/registry.ts';
import type { RebuildPlace } from '../../../src/projections/projection.ts';
import type { TestApp } from '../../helpers/app.ts';

/** Makes what customers are searched by anew, part by part; answers how many there are. */
export async function rebuildCustomerIndex({ database, workspace }: TestApp): Promise<number> {
  const workspaces = new WorkspaceCache(database, workspaceParts);
  const part = { database, workspaces, workspaceId: workspace.created.id, stopping: AbortSignal.abort() };
  let counted = 0;
  let place: RebuildPlace | 'done' = null;
  while (place !== 'done') {
    const step = await customerIndex.rebuild({ ...part, place });
    counted += step.counted;
    place = step.next;
  }
  return counted;
}
