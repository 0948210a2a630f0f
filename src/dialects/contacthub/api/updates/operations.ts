import type { Static } from 'typebox';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import { findSeqAt } from '../../../../query/changes/find-seq-at.ts';
import {
  type ChangedEntity,
  type ChangeFilter,
  type EntityChange,
  readChanges,
  readLastChange,
} from '../../../../query/changes/read-changes.ts';
import type { Services } from '../../../dialect.ts';
import { at, nodesOf, requireNode } from '../../access.ts';
import { readRecordsOf } from '../../query/record.ts';
import { readShownEvents } from '../../query/search-events.ts';
import { WorkspaceParameters } from '../schemas.ts';
import { presentUpdates } from './present.ts';
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
    handle: ({ services, access, query }) => readUpdates(services, access.workspace, query),
  }),
];

async function readUpdates({ database }: Services, workspace: Workspace, query: Static<typeof UpdatesQuery>) {
  const { size, timestamp, offset } = query;
  const filter = filterOf(query, workspace);
  const isTimed = offset === undefined && timestamp !== undefined;
  const after = isTimed ? await findSeqAt(database, workspace.id, new Date(timestamp)) : (offset ?? 0);
  const { changes, reached } = await readChanges(database, workspace.id, filter, after, size);
  const [records, events] = await Promise.all([
    readRecordsOf(database, workspace.id, idsOf(changes, 'record')),
    readShownEvents(database, workspace.id, idsOf(changes, 'event')),
  ]);
  return { nextOffset: reached, updates: presentUpdates(changes, records, events, workspace) };
}

/** Each once. */
function idsOf(changes: readonly EntityChange[], entity: ChangedEntity): string[] {
  const ids = new Set<string>();
  for (const change of changes) if (change.entity === entity) ids.add(change.id);
  return [...ids];
}

function filterOf({ nodeId, entity }: Static<typeof LastOffsetQuery>, workspace: Workspace): ChangeFilter {
  const nodes = nodesOf(workspace);
  const asked = nodeId === undefined ? nodes : [requireNode(workspace, nodeId)];
  const entities: readonly ChangedEntity[] =
    entity === undefined ? ['record', 'event'] : [entity === 'EVENT' ? 'event' : 'record'];
  return {
    entities,
    nodeIds: asked.map((node) => node.id),
    typeIds: workspace.eventTypes.ofDialect('contacthub').map((type) => type.id),
    typesTellNodes: asked.length === nodes.length,
  };
}
