import type { StoredEvent } from '../../../core/event/event.ts';
import { type EventRow, eventColumns, eventFromRow } from '../../../core/event/event-store.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { columnsOf } from '../../../store/columns.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';

/** So many events of a subscriber and list are shown, the newest. */
const maximumShownEvents = 100;
/** So many are looked at for what its conversions are worth. */
const maximumSummedEvents = 100_000;

export interface ListEvent extends StoredEvent {
  readonly type: string;
}

/** The newest events that profiles have in a list, newest first: the newest of each profile, merged. */
export async function readNewestOfList(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
  sourceId: number,
): Promise<ListEvent[]> {
  const rows = await connection.query<EventRow & { type: string }>(
    `select ${columnsOf('e', eventColumns)}, t.name as type
       from (select newest.* from unnest($2::text::uuid[]) as wanted (id)
              cross join lateral (
                select id, occurred_at, seq from event
                 where workspace_id = $1 and profile_id = wanted.id and source_id = $3
                 order by occurred_at desc, seq desc limit ${maximumShownEvents}) newest
             order by newest.occurred_at desc, newest.seq desc limit ${maximumShownEvents}) page
       join event e on e.workspace_id = $1 and e.id = page.id
       join event_type t on t.workspace_id = $1 and t.id = e.type_id
      order by e.occurred_at desc, e.seq desc`,
    [workspaceId, arrayLiteral(profileIds), sourceId],
  );
  return rows.map((row) => ({ ...eventFromRow(row), type: row.type }));
}

/** What a metric of profiles' events in a list comes to, of those values that count. */
export async function sumMetricOfList(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
  sourceId: number,
  key: string,
): Promise<number> {
  const [row] = await connection.query<{ sum: string | null }>(
    `select sum(m.value) as sum
       from (select e.id from unnest($2::text::uuid[]) as wanted (id)
               join event e on e.workspace_id = $1 and e.profile_id = wanted.id and e.source_id = $3
               limit ${maximumSummedEvents}) found
       join metric m on m.workspace_id = $1 and m.event_id = found.id and m.key = $4 and m.counted`,
    [workspaceId, arrayLiteral(profileIds), sourceId, key],
  );
  return Number(row?.sum ?? 0);
}

/** When the newest event of each list happened, by the list's source; lists without events are left out. */
export async function readLastEventTimes(
  connection: Queryable,
  workspaceId: WorkspaceId,
  sourceIds: readonly number[],
): Promise<Map<number, Date>> {
  const rows = await connection.query<{ source_id: number; at: Date }>(
    `select p.source_id, max(newest.occurred_at) as at
       from (select distinct type_id, source_id from property
              where workspace_id = $1 and source_id = any($2::text::integer[])) p
      cross join lateral (
        select occurred_at from event
         where workspace_id = $1 and type_id = p.type_id and source_id = p.source_id
         order by occurred_at desc limit 1) newest
      group by p.source_id`,
    [workspaceId, arrayLiteral(sourceIds)],
  );
  return new Map(rows.map((row) => [row.source_id, row.at]));
}

/** Which properties the events of lists carry, by the list's source; each name once. */
export async function readPropertyNames(
  connection: Queryable,
  workspaceId: WorkspaceId,
  sourceIds: readonly number[],
): Promise<Map<number, string[]>> {
  const rows = await connection.query<{ source_id: number; name: string }>(
    `select distinct source_id, name collate "C" as name from property
      where workspace_id = $1 and source_id = any($2::text::integer[]) order by source_id, name`,
    [workspaceId, arrayLiteral(sourceIds)],
  );
  const names = new Map<number, string[]>();
  for (const row of rows) names.getOrInsertComputed(row.source_id, () => []).push(row.name);
  return names;
}
