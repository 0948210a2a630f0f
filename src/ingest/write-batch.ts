import { addCounts } from '../core/accounting/accounting-store.ts';
import { insertWindowKeys, upsertForeverKeys } from '../core/dedupe/dedupe-store.ts';
import { insertEvents } from '../core/event/event-store.ts';
import { insertAttributeLocks } from '../core/event-type/attribute-lock.ts';
import { insertEventTypes } from '../core/event-type/event-type-store.ts';
import { deleteIdentities, insertIdentities } from '../core/identity/identity-store.ts';
import { insertLinks } from '../core/link/link-store.ts';
import { insertMetrics } from '../core/metric/metric-store.ts';
import { upsertProfileStates } from '../core/profile/profile-state-store.ts';
import { insertProfiles, renameMemberships, updateProfileAttributes } from '../core/profile/profile-store.ts';
import { insertQuarantined, markReplayed } from '../core/quarantine/quarantine-store.ts';
import { insertChanges } from '../core/update-stream/change-store.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';
import { storeHead } from '../core/workspace/workspace-store.ts';
import { insertCatalogueEntries } from '../projections/catalogue/catalogue.ts';
import { applyRollups } from '../projections/rollups/rollups.ts';
import type { Queryable } from '../store/queryable.ts';
import type { BatchRows } from './batch-rows.ts';

/**
 * Sends every statement that the batch needs, one behind the other, the head's last, without waiting for the answers. At most one
 * statement for each kind of row, however many rows there are. @throws what kept a statement from being sent: the transaction,
 * which sees the answers, would not see that, and commit the rest
 */
export async function writeBatch(
  tx: Queryable,
  workspaceId: WorkspaceId,
  rows: BatchRows,
  now: Date,
): Promise<void> {
  const sent: Promise<unknown>[] = [];
  if (rows.types.length > 0) sent.push(insertEventTypes(tx, workspaceId, rows.types));
  writeSubjects(tx, workspaceId, rows, now, sent);
  if (rows.events.length > 0) {
    sent.push(insertEvents(tx, workspaceId, rows.events));
    sent.push(...applyRollups(tx, workspaceId, rows.rollups));
  }
  if (rows.metrics.length > 0) sent.push(insertMetrics(tx, workspaceId, rows.metrics, now));
  if (rows.changes.length > 0) sent.push(insertChanges(tx, workspaceId, rows.changes, now));
  if (rows.locks.length > 0) sent.push(insertAttributeLocks(tx, workspaceId, rows.locks));
  if (rows.catalogue.length > 0) sent.push(insertCatalogueEntries(tx, workspaceId, rows.catalogue));
  if (rows.quarantined.length > 0) sent.push(insertQuarantined(tx, workspaceId, rows.quarantined));
  if (rows.replayed.length > 0) sent.push(markReplayed(tx, workspaceId, rows.replayed, now));
  const forever = rows.spentKeys.filter((spent) => spent.key.window === 'forever');
  const windowed = rows.spentKeys.filter((spent) => spent.key.window === 'four-hours');
  if (forever.length > 0) sent.push(upsertForeverKeys(tx, workspaceId, forever));
  if (windowed.length > 0) sent.push(insertWindowKeys(tx, workspaceId, windowed));
  const counts = rows.tally.counts();
  if (counts.length > 0) sent.push(addCounts(tx, workspaceId, counts));
  sent.push(storeHead(tx, workspaceId, rows.head));
  await throwUnsent(sent);
}

/** What could not be put into a statement has failed by now; an answer of the database takes at least a turn of the event loop. */
async function throwUnsent(sent: readonly Promise<unknown>[]): Promise<void> {
  const unsent: unknown[] = [];
  for (const statement of sent) statement.catch((error: unknown) => unsent.push(error));
  await Promise.resolve();
  if (unsent.length > 0) throw unsent[0];
}

function writeSubjects(
  tx: Queryable,
  workspaceId: WorkspaceId,
  rows: BatchRows,
  now: Date,
  sent: Promise<unknown>[],
): void {
  const { recordRenames, personRenames } = rows;
  if (recordRenames.size > 0) sent.push(renameMemberships(tx, workspaceId, 'record', recordRenames));
  if (personRenames.size > 0) sent.push(renameMemberships(tx, workspaceId, 'person', personRenames));
  if (rows.profiles.length > 0) sent.push(insertProfiles(tx, workspaceId, rows.profiles, now));
  if (rows.updatedProfiles.size > 0) {
    sent.push(updateProfileAttributes(tx, workspaceId, [...rows.updatedProfiles.values()]));
  }
  if (rows.removedIdentities.length > 0) sent.push(deleteIdentities(tx, workspaceId, rows.removedIdentities));
  if (rows.identities.length > 0) sent.push(insertIdentities(tx, workspaceId, rows.identities));
  if (rows.links.length > 0) sent.push(insertLinks(tx, workspaceId, rows.links, now));
  if (rows.states.size > 0) sent.push(upsertProfileStates(tx, workspaceId, [...rows.states.values()]));
}
