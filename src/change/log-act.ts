import type { ConsentAct, ConsentAuthor } from '../core/consent/consent.ts';
import { insertConsents } from '../core/consent/consent-store.ts';
import type { WorkspaceChange } from '../core/workspace/change-workspace.ts';

/** A profile of whom something is logged. */
export interface LoggedProfile {
  readonly id: string;
  readonly nodeId: number;
  readonly recordId: string;
}

/**
 * Logs what was done with all that is kept of persons: a row for each of their records, as the vendor's log tells it of a customer, a user,
 * a subscriber.
 */
export async function logAct(
  { tx, workspaceId, now, head }: WorkspaceChange,
  act: ConsentAct,
  members: readonly LoggedProfile[],
  author: ConsentAuthor,
): Promise<void> {
  const records = members.filter(({ id, recordId }) => id === recordId);
  const rows = records.map(({ id: profileId, nodeId }) => ({
    id: ++head.lastConsentId,
    profileId,
    nodeId,
    act,
    property: null,
    value: null,
    author,
  }));
  if (rows.length > 0) await insertConsents(tx, workspaceId, rows, now);
}
