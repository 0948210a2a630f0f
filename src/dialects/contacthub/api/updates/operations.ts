import type { Static } from 'typebox';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { sendJsonPieces } from '../../../../http/json-text.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import { findSeqAt } from '../../../../query/changes/find-seq-at.ts';
import { isShort } from '../../../../query/changes/look-in-common.ts';
import {
  type ChangedEntity,
  type ChangeFilter,
  type EntityChange,
  readChanges,
  readLastChange,
  type Slice,
} from '../../../../query/changes/read-changes.ts';
import type { Services } from '../../../dialect.ts';
import { at, nodesOf, requireNode } from '../../access.ts';
import { readRecordsOf } from '../../query/record.ts';
import { readShownEvents } from '../../query/search-events.ts';
import { eventTelling, shownProfile } from '../../query/shown-event.ts';
import { isLimited } from '../../rights/seen-workspace.ts';
import { WorkspaceParameters } from '../schemas.ts';
import { UpdatesPage } from './page.ts';
import { writeUpdates } from './present.ts';
import { LastOffsetQuery, UpdatesQuery } from './schemas.ts';

/** What has changed of customers and events, in the workspace's one order: an offset is a seq. */
export const updateOperations: readonly Operation<Services>[] = [
  operation({
    ...at('readLastOffset'),
    summary: 'Get the last update offset',
    checks: { path: WorkspaceParameters, query: LastOffsetQuery },
    handle: async ({ services: { database }, access: { workspace }, query }) => ({
      lastOffset: await readLastChange(database, workspace.id, filterOf(query, workspace)),
    }),
  }),
  operation({
    ...at('readUpdates'),
    summary: 'Get an update stream',
    checks: { path: WorkspaceParameters, query: UpdatesQuery },
    handle: async ({ services, access, query, reply }) => {
      const page = await readUpdates(services, access.workspace, query);
      return sendJsonPieces(reply, page.end(), page.rest);
    },
  }),
];

async function readUpdates(
  { database, workspaces }: Services,
  known: Workspace,
  query: Static<typeof UpdatesQuery>,
) {
  const { size: limit, timestamp, offset } = query;
  const filter = filterOf(query, known);
  const isTimed = offset === undefined && timestamp !== undefined;
  const after = isTimed ? await findSeqAt(database, known.id, new Date(timestamp)) : (offset ?? 0);
  const page = new UpdatesPage(after);
  let workspace = known;
  const tell = async (changes: readonly EntityChange[]) => {
    // Of a node that another process has made just now.
    if (changes.some(({ nodeId }) => nodeId !== null && !workspace.nodes.has(nodeId)))
      workspace = await workspaces.reload(known.id);
    const [records, events] = await Promise.all([
      readRecordsOf(database, workspace.id, idsOf(changes, 'record')),
      readShownEvents(database, workspace.id, idsOf(changes, 'event')),
    ]);
    const updates = writeUpdates(changes, { records, events }, workspace);
    if (!isShort(updates)) told.delete(changes);
    return updates;
  };
  // What a slice tells is read while the one before it is written, and the changes behind it, too; of long ones only the changes behind it.
  let before: { readonly slice: Slice; readonly updates: Promise<string[]> } | undefined;
  const addBefore = async (): Promise<boolean> => {
    const ready = before;
    before = undefined;
    return ready === undefined || page.add(ready.slice, await ready.updates);
  };
  for await (const slice of readChanges(database, known, filter, telling, { after, limit })) {
    const isLong = !isShort(slice.changes.map(({ event }) => event?.telling ?? ''));
    if (isLong && !(await addBefore())) return page;
    const updates = tellInCommon(slice.changes, tell);
    // Whoever ends early does not wait for it.
    updates.catch(() => {});
    if (!(await addBefore())) return page;
    before = { slice, updates };
    if (isLong && !(await addBefore())) return page;
  }
  await addBefore();
  return page;
}

/** The updates of changes that several followers of one workspace have been given, which are written once. */
const told = new WeakMap<readonly EntityChange[], Promise<string[]>>();

/** Once for all who were given the same changes; what somebody else has asked may end with him, and is asked anew. */
function tellInCommon(
  changes: readonly EntityChange[],
  tell: (changes: readonly EntityChange[]) => Promise<string[]>,
): Promise<string[]> {
  const common = told.get(changes);
  if (common) return common.catch(() => tell(changes));
  const updates = tell(changes);
  told.set(changes, updates);
  return updates;
}

const telling = { text: eventTelling, from: shownProfile };

/** Of what the changes themselves do not tell, each once. */
function idsOf(changes: readonly EntityChange[], entity: ChangedEntity): string[] {
  const ids = new Set<string>();
  for (const change of changes) if (change.entity === entity && change.event === null) ids.add(change.id);
  return [...ids];
}

function filterOf({ nodeId, entity }: Static<typeof LastOffsetQuery>, workspace: Workspace): ChangeFilter {
  const entities: readonly ChangedEntity[] =
    entity === undefined ? ['record', 'event'] : [entity === 'EVENT' ? 'event' : 'record'];
  return {
    entities,
    dialect: 'contacthub',
    nodeIds: nodeIdsOf(nodeId, workspace),
  };
}

/** Null: of every node that there is when the changes are read. */
function nodeIdsOf(nodeId: string | undefined, workspace: Workspace): readonly number[] | null {
  if (nodeId !== undefined) return [requireNode(workspace, nodeId).id];
  return isLimited(workspace) ? nodesOf(workspace).map(({ id }) => id) : null;
}
