import Type from 'typebox';
import { Value } from 'typebox/value';
import { deleteEventsOfProfiles, removeRecords } from '../../../change/delete-record.ts';
import type { JobStep } from '../../../core/job/job.ts';
import { readOpenJob, requestJob, restartJob } from '../../../core/job/job-store.ts';
import type { Node } from '../../../core/node/node.ts';
import { readMembersOfRecords } from '../../../core/profile/profile-store.ts';
import { changeWorkspace } from '../../../core/workspace/change-workspace.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { JobKind, LockedSlice } from '../../../jobs/job-kind.ts';
import { followedBy } from '../../../projections/follow-events.ts';
import type { Database } from '../../../store/database.ts';
import type { JobKindServices } from '../../dialect.ts';
import { findNode } from '../access.ts';
import { listRecordsOfNode } from './customer-store.ts';

/** The kind of the job; a node, by its public id, has one open at a time. */
export const emptyKind = 'contacthub-empty-node';

const recordsPerSlice = 50;

/** What came in by `untilSeq` goes; what comes later stays. */
const Input = Type.Object({ eventsOnly: Type.Boolean(), untilSeq: Type.Integer() });

const Cursor = Type.Union([
  Type.Object({ after: Type.String(), customers: Type.Integer(), events: Type.Integer() }),
  Type.Null(),
]);

/**
 * Asks for all that a node holds by now to be deleted, or its events alone. A job that is open begins again for what came in meanwhile;
 * one that deletes everything goes on to do so. Answers the job's id.
 */
export async function requestEmptying(
  { database }: { readonly database: Database },
  { id: workspaceId }: Workspace,
  { publicId: subject }: Node,
  { eventsOnly, requestedBy }: { readonly eventsOnly: boolean; readonly requestedBy: string },
  now: Date,
): Promise<string> {
  return changeWorkspace({ database }, workspaceId, now, async ({ tx, head }) => {
    const open = await readOpenJob(tx, workspaceId, emptyKind, subject);
    const isMore = open ? !Value.Parse(Input, open.input).eventsOnly : false;
    const input = { eventsOnly: eventsOnly && !isMore, untilSeq: head.seq };
    if (!open) return requestJob(tx, workspaceId, { kind: emptyKind, subject, input, requestedBy }, now);
    await restartJob(tx, workspaceId, open.id, input, now);
    return open.id;
  });
}

/** Deletes what a node holds, record by record; each customer and event is told in the update stream. */
export function emptyNodeJob(
  services: Pick<JobKindServices, 'workspaces' | 'projections'>,
  perSlice = recordsPerSlice,
): JobKind {
  return {
    name: emptyKind,
    under: 'head-lock',
    slice: async (slice) => {
      const { workspaceId, head, tx, job } = slice;
      const workspace = await services.workspaces.getVersion(workspaceId, head.configVersion, tx);
      const node = findNode(workspace, job.subject);
      if (!node) return { cursor: job.cursor, progress: job.progress, result: {} };
      return emptySlice(services, slice, { workspace, node, limit: perSlice });
    },
  };
}

interface Emptied {
  readonly workspace: Workspace;
  readonly node: Node;
  readonly limit: number;
}

/** Some events of the next records; once these have none, the records themselves. */
async function emptySlice(
  services: Pick<JobKindServices, 'workspaces' | 'projections'>,
  slice: LockedSlice,
  { workspace, node, limit }: Emptied,
): Promise<JobStep> {
  const { tx, workspaceId, job } = slice;
  const { eventsOnly, untilSeq } = Value.Parse(Input, job.input);
  const before = Value.Parse(Cursor, job.cursor) ?? { after: null, customers: 0, events: 0 };
  // An older session's events may have come to a customer who is younger.
  const madeBy = eventsOnly ? slice.head.seq : untilSeq;
  const look = { after: before.after, untilSeq: madeBy, limit };
  const found = await listRecordsOfNode(tx, workspaceId, node.id, look);
  const members = await readMembersOfRecords(tx, workspaceId, found.recordIds);
  const ids = members.map(({ id }) => id);
  const seq = eventsOnly ? untilSeq : slice.head.seq;
  const { deleted, hasMore } = await deleteEventsOfProfiles(
    followedBy(services.projections, slice),
    workspace,
    ids,
    seq,
  );
  const events = before.events + deleted;
  // The same records again: they have more events.
  if (hasMore)
    return stepOf({ after: before.after ?? lowestId, customers: before.customers, events }, undefined);
  if (!eventsOnly && found.recordIds.length > 0)
    await removeRecords(services, slice, workspace, found.recordIds);
  const removed = members.filter(({ id, recordId, anonymous }) => id === recordId && !anonymous).length;
  const customers = before.customers + (eventsOnly ? 0 : removed);
  return stepOf({ after: found.last ?? before.after ?? lowestId, customers, events }, found.isEnd);
}

const lowestId = '00000000-0000-0000-0000-000000000000';

function stepOf(
  cursor: { readonly after: string; readonly customers: number; readonly events: number },
  isEnd = false,
): JobStep {
  const { customers, events } = cursor;
  const done = customers + events;
  const progress = { done, failed: 0, total: isEnd ? done : null };
  return { cursor, progress, ...(isEnd ? { result: { customers, events } } : {}) };
}
