import type { DialectName } from '../../../core/dialect-name.ts';
import type { StoredEvent } from '../../../core/event/event.ts';
import { type EventRow, eventColumns, eventFromRow } from '../../../core/event/event-store.ts';
import { defaultNode, type Workspace, type WorkspaceId } from '../../../core/workspace/workspace.ts';
import { columnsOf } from '../../../store/columns.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import { onlyRow, type Queryable } from '../../../store/queryable.ts';
import { type ComputedEvent, type Connections, computeEvents } from './computed-events.ts';

/** Of a user's events so many, the newest, can be paged through and are counted; what a page costs grows with its offset. */
export const maximumUserEvents = 100_000;

export interface UserEvents {
  readonly events: ComputedEvent[];
  /** At most `maximumUserEvents`. */
  readonly total: number;
}

interface EventPage {
  readonly offset: number;
  readonly limit: number;
}

/**
 * A page of a user's events, newest first. `profileId` is any profile of the user's record. Undefined where the dialect has no such
 * user in the workspace.
 */
export async function readUserEvents(
  connections: Connections,
  workspace: Workspace,
  dialect: DialectName,
  profileId: string,
  page: EventPage,
): Promise<UserEvents | undefined> {
  const { database, workspaces } = connections;
  const nodeId = defaultNode(workspace, dialect).id;
  const profileIds = await readProfilesOfUser(database, workspace.id, nodeId, profileId);
  if (profileIds.length === 0) return undefined;
  const [total, stored] = await Promise.all([
    countEvents(database, workspace.id, profileIds),
    readNewestEvents(database, workspace.id, profileIds, page),
  ]);
  // A type that another process has just made may not be known here yet.
  const isKnown = stored.every((event) => workspace.eventTypes.byId(event.typeId));
  const { eventTypes } = isKnown ? workspace : await workspaces.reload(workspace.id);
  const found = stored.flatMap((event) => {
    const type = eventTypes.byId(event.typeId);
    return type?.dialect === dialect ? [{ event, type }] : [];
  });
  return { events: await computeEvents(connections, workspace, found), total };
}

async function readProfilesOfUser(
  connection: Queryable,
  workspaceId: WorkspaceId,
  nodeId: number,
  profileId: string,
): Promise<string[]> {
  const rows = await connection.query<{ id: string }>(
    `select id from profile
      where workspace_id = $1 and node_id = $2 and deleted_at is null
        and record_id = (select record_id from profile where workspace_id = $1 and id = $3)`,
    [workspaceId, nodeId, profileId],
  );
  return rows.map((row) => row.id);
}

async function countEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<number> {
  const rows = await connection.query<{ total: number }>(
    `select count(*) as total
       from (select from unnest($2::text::uuid[]) as wanted (id)
              join event e on e.workspace_id = $1 and e.profile_id = wanted.id
              limit ${maximumUserEvents}) counted`,
    [workspaceId, arrayLiteral(profileIds)],
  );
  return onlyRow(rows).total;
}

/** It takes the newest of each profile and merges, so that it costs by the page's end and not by the history. */
async function readNewestEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
  { offset, limit }: EventPage,
): Promise<StoredEvent[]> {
  const end = Math.min(offset + limit, maximumUserEvents);
  if (offset >= end) return [];
  const rows = await connection.query<EventRow>(
    `select ${columnsOf('e', eventColumns)}
       from (select newest.* from unnest($2::text::uuid[]) as wanted (id)
              cross join lateral (
                select id, occurred_at, seq from event
                 where workspace_id = $1 and profile_id = wanted.id
                 order by occurred_at desc, seq desc limit $4::bigint) newest
             order by newest.occurred_at desc, newest.seq desc offset $3::bigint limit $4::bigint - $3::bigint) page
       join event e on e.workspace_id = $1 and e.id = page.id
      order by e.occurred_at desc, e.seq desc`,
    [workspaceId, arrayLiteral(profileIds), offset, end],
  );
  return rows.map(eventFromRow);
}
