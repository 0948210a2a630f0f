import type { Database } from '../../store/database.ts';
import { markPersons } from '../attribution/due-store.ts';
import { changeWorkspace } from '../workspace/change-workspace.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import { deleteImplicitCampaign, findDeletable, releaseTouchpoints } from './campaign-store.ts';

const touchpointsPerSlice = 1000;

/**
 * Deletes a campaign that appeared from traffic, in short transactions: its touchpoints stay, without a campaign, and the next visit
 * of its slug makes another. `kept`: a call has made it, or it has outlays. Undefined when there is no such campaign. `more`: the
 * slices that were allowed are used up; call again.
 */
export async function deleteCampaign(
  services: { readonly database: Database },
  workspaceId: WorkspaceId,
  id: string,
  slices: number,
  now: Date,
): Promise<{ readonly more: boolean } | 'kept' | undefined> {
  for (let slice = 0; slice < slices; slice++) {
    const done = await changeWorkspace(services, workspaceId, now, async ({ tx }) => {
      const found = await findDeletable(tx, workspaceId, id);
      if (found !== 'deletable') return found ?? 'unknown';
      const released = await releaseTouchpoints(tx, workspaceId, id, touchpointsPerSlice);
      await markPersons(tx, workspaceId, released);
      const isLast = released.length < touchpointsPerSlice;
      if (isLast) await deleteImplicitCampaign(tx, workspaceId, id);
      return isLast ? 'deleted' : 'more';
    });
    if (done === 'kept') return 'kept';
    if (done === 'unknown') return undefined;
    if (done === 'deleted') return { more: false };
  }
  return { more: true };
}
