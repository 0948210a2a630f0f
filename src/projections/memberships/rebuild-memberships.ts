import { setMemberships } from '../../core/profile/profile-store.ts';
import { underHeadLock } from '../../core/workspace/under-head-lock.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Database } from '../../store/database.ts';
import { readMembershipSlice } from './derive-memberships.ts';

/**
 * Makes records and persons anew from the links, slice by slice under the head lock, and answers how many profiles had another. A
 * slice takes in all that its profiles are linked with, so each is right by itself.
 */
export async function rebuildMemberships(database: Database, workspaceId: WorkspaceId): Promise<number> {
  let moved = 0;
  let after: string | undefined;
  do {
    const slice = await underHeadLock(database, workspaceId, async (tx) => {
      const found = await readMembershipSlice(tx, workspaceId, after);
      if (found.wrong.size > 0) await setMemberships(tx, workspaceId, found.wrong);
      return found;
    });
    moved += slice.wrong.size;
    after = slice.next;
  } while (after !== undefined);
  return moved;
}
