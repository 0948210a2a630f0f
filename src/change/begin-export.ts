import type { ConsentAuthor } from '../core/consent/consent.ts';
import { changeWorkspace, type WorkspaceChange } from '../core/workspace/change-workspace.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';
import type { Database } from '../store/database.ts';
import { type LoggedProfile, logAct } from './log-act.ts';

/** What an export is of. */
export interface ExportStart<Member extends LoggedProfile> {
  readonly members: readonly Member[];
  /** Events behind it came in after the export was asked for, and are left out. */
  readonly lastSeq: number;
}

/**
 * Logs that a person's data were asked for, with whom they are about as of this moment; undefined, and nothing logged, when that is
 * nobody.
 */
export function beginExport<Member extends LoggedProfile>(
  services: { readonly database: Database },
  workspaceId: WorkspaceId,
  readMembers: (tx: WorkspaceChange['tx']) => Promise<readonly Member[]>,
  author: ConsentAuthor,
  now: Date,
): Promise<ExportStart<Member> | undefined> {
  return changeWorkspace(services, workspaceId, now, async (change) => {
    const members = await readMembers(change.tx);
    if (members.length === 0) return undefined;
    await logAct(change, 'data-portability-requested', members, author);
    return { members, lastSeq: change.head.seq };
  });
}
