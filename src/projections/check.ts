import { lookUnderHeadLock } from '../core/workspace/under-head-lock.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';
import type { Database } from '../store/database.ts';
import type { Queryable } from '../store/queryable.ts';

export interface Check {
  /** Stable: scripts look for it. */
  readonly name: string;
  readonly ok: boolean;
  /** What was compared, or what differs. One line, no personal data. */
  readonly detail: string;
}

/** Differences that are told one by one. */
export const maximumTold = 5;

export function toCheck(name: string, problems: readonly string[], fine: string): Check {
  if (problems.length === 0) return { name, ok: true, detail: fine };
  const more = problems.length - maximumTold;
  const told = problems.slice(0, maximumTold).join('; ');
  return { name, ok: false, detail: more > 0 ? `${told}; and ${more} more` : told };
}

/**
 * Looks beside the writers, in a few statements, so a batch may be committed between two of them. What is found wrong is therefore
 * looked at again under the head lock.
 */
export async function lookTwice<Found>(
  database: Database,
  workspaceId: WorkspaceId,
  look: (connection: Queryable) => Promise<Found>,
  isWrong: (found: Found) => boolean,
): Promise<Found> {
  const found = await look(database);
  if (!isWrong(found)) return found;
  return lookUnderHeadLock(database, workspaceId, look);
}
