import { deleteTouchpointsOfProfiles } from '../core/campaign/touchpoint-store.ts';
import { readEventsOfProfiles } from '../core/event/event-deletion-store.ts';
import type { EventChange } from '../core/event/event-move.ts';
import { requestJob } from '../core/job/job-store.ts';
import { readMembersOfRecords } from '../core/profile/profile-store.ts';
import type { WorkspaceChange } from '../core/workspace/change-workspace.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import { followedBy } from '../projections/follow-events.ts';
import { followMoves } from '../projections/follow-moves.ts';
import type { Projection } from '../projections/projection.ts';
import { deleteCountedEvents } from './delete-events.ts';
import { detachRecords } from './detach.ts';
import { removeProfiles } from './remove-profiles.ts';

/** A record, by any of its profiles, and who wants it gone. */
export interface RecordDeletion {
  readonly workspace: Workspace;
  readonly recordId: string;
  readonly requestedBy: string;
}

interface Services {
  readonly projections: readonly Projection[];
  readonly workspaces: WorkspaceCache;
}

/** The kind of the job that deletes the events of a record that is gone; its subject is the record's id. */
export const recordEventsKind = 'delete-record-events';

/** A few dozen milliseconds' worth. */
const eventsPerSlice = 250;

/**
 * Deletes a record: from the commit on nobody finds it, its keys are free, and other records are linked as if it had never been. What
 * its own profiles were linked by stays among them: it says whose the events are, and whose the log of consents, which stays. Answers
 * whether events are left, which a job deletes then.
 */
export async function deleteRecord(
  services: Services,
  change: WorkspaceChange,
  { workspace, recordId, requestedBy }: RecordDeletion,
): Promise<{ readonly hasMore: boolean }> {
  const { tx, workspaceId, now } = change;
  const ids = await removeRecords(services, change, workspace, [recordId]);
  const { hasMore } = await deleteEventsOfProfiles(followedBy(services.projections, change), workspace, ids);
  if (hasMore) {
    const request = { kind: recordEventsKind, subject: recordId, input: { profileIds: ids }, requestedBy };
    await requestJob(tx, workspaceId, request, now);
  }
  return { hasMore };
}

/** Deletes records, as `deleteRecord` does, but for their events. Answers the ids of their profiles. */
export async function removeRecords(
  services: Services,
  change: WorkspaceChange,
  workspace: Workspace,
  recordIds: readonly string[],
): Promise<readonly string[]> {
  const { tx, workspaceId } = change;
  const members = await readMembersOfRecords(tx, workspaceId, recordIds);
  const ids = members.map(({ id }) => id);
  const moves = await detachRecords(change, members, workspace.settings.matching);
  await deleteTouchpointsOfProfiles(tx, workspaceId, ids);
  await removeProfiles(services.projections, change, workspace, members, 'deleted');
  await followMoves(services)(change, moves);
  return ids;
}

/** Deletes some events of profiles of one node; `until`: those alone that have no higher seq. */
export async function deleteEventsOfProfiles(
  change: EventChange,
  workspace: Workspace,
  profileIds: readonly string[],
  until = change.head.seq,
): Promise<{ readonly deleted: number; readonly hasMore: boolean }> {
  const bounds = { until, limit: eventsPerSlice };
  const events = await readEventsOfProfiles(change.tx, workspace.id, profileIds, bounds);
  const { dialect } = workspace.nodes.get(events[0]?.nodeId ?? 0) ?? {};
  if (dialect) await deleteCountedEvents(change, { workspace, dialect, events, reason: 'request' });
  return { deleted: events.length, hasMore: events.length === eventsPerSlice };
}
