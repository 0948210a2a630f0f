import type { DialectName } from '../../../core/dialect-name.ts';
import type { StoredEvent } from '../../../core/event/event.ts';
import { type EventRow, eventColumns, eventFromRow } from '../../../core/event/event-store.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { columnsOf } from '../../../store/columns.ts';
import type { Database } from '../../../store/database.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Parameter, Queryable } from '../../../store/queryable.ts';

/** Of the matches only so many count, by the asked order (Search events: "the maximum number of matched elements"). */
export const maximumMatches = 10_000;

export interface EventSearch {
  /** A profile of the record whose events are asked for, whichever of its profiles it is; null: whoever's. */
  readonly profileId: string | null;
  /** Null: of any node. */
  readonly nodeId: number | null;
  /** Null: of any type; only for one record's events. */
  readonly typeIds: readonly number[] | null;
  /** By the numbers that contexts are stored under. */
  readonly contexts: readonly number[] | null;
  /** Both bounds inclusive. */
  readonly from: Date | null;
  readonly until: Date | null;
  /** Whether anybody of the workspace was forgotten: those persons' events are left out. */
  readonly hasForgotten: boolean;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
}

/** An event with the record that it is shown on. */
export interface ShownEvent {
  readonly event: StoredEvent;
  readonly type: string;
  /** Of its profile. */
  readonly nodeId: number;
  /** Null while the profile is anonymous and follows nobody. */
  readonly recordId: string | null;
  /** True when its profile was bound to the record only after it. */
  readonly reattributed: boolean;
}

export interface FoundEvents {
  readonly events: readonly ShownEvent[];
  /** At most `maximumMatches`. */
  readonly total: number;
}

/** A search that takes longer is stopped: what fits lies too far apart in the index that is gone through. */
const searchMilliseconds = 3000;

/**
 * A page of events by date. One statement, so that page and total are of one moment.
 * @throws TookTooLongError after `searchMilliseconds`
 */
export async function searchEvents(
  database: Database,
  workspaceId: WorkspaceId,
  search: EventSearch,
): Promise<FoundEvents> {
  if (search.typeIds?.length === 0) return { events: [], total: 0 };
  const { text, parameters } = planSearch(workspaceId, search);
  const rows = await database.query<ShownEventRow & { total: number }>(text, parameters, {
    milliseconds: searchMilliseconds,
  });
  return {
    events: rows.filter((row) => row.id !== null).map(shownEventFromRow),
    total: rows[0]?.total ?? 0,
  };
}

/** One event of a dialect. */
export async function readShownEvent(
  connection: Queryable,
  workspaceId: WorkspaceId,
  dialect: DialectName,
  eventId: string,
): Promise<ShownEvent | undefined> {
  const [row] = await connection.query<ShownEventRow>(
    `select ${shownColumns}
       from event e ${shownJoins}
      where e.workspace_id = $1 and e.id = $2 and t.dialect = $3`,
    [workspaceId, eventId, dialect],
  );
  return row && shownEventFromRow(row);
}

/** Those of the ids that are events, by their id. Looked up one by one, as core/profile does. */
export async function readShownEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ShownEvent>> {
  if (ids.length === 0) return new Map();
  const rows = await connection.query<ShownEventRow>(
    `select ${shownColumns}
       from unnest($2::text::uuid[]) as k (id)
      cross join lateral (select * from event where workspace_id = $1 and id = k.id limit 1) e ${shownJoins}`,
    [workspaceId, arrayLiteral(ids)],
  );
  return new Map(rows.map((row) => [row.id, shownEventFromRow(row)]));
}

interface ShownEventRow extends EventRow {
  type: string;
  node_id: number;
  record_id: string;
  anonymous: boolean;
  reattributed: boolean;
}

function shownEventFromRow(row: ShownEventRow): ShownEvent {
  return {
    event: eventFromRow(row),
    type: row.type,
    nodeId: row.node_id,
    recordId: row.anonymous ? null : row.record_id,
    reattributed: row.reattributed,
  };
}

const shownColumns = `${columnsOf('e', eventColumns)}, t.name as type, p.node_id, p.record_id, r.anonymous,
  exists (
    select from link l
     where l.workspace_id = $1 and l.first_profile = e.profile_id and l.second_profile <> e.profile_id
       and l.exclusive and l.undone_at is null and l.created_seq > e.seq and p.record_id <> p.id
  ) as reattributed`;

const shownJoins = `
  join event_type t on t.workspace_id = $1 and t.id = e.type_id
  join profile p on p.workspace_id = $1 and p.id = e.profile_id and p.deleted_at is null
  join profile r on r.workspace_id = $1 and r.id = p.record_id`;

const withoutForgotten = `and not exists (
              select from profile f where f.workspace_id = $1 and f.id = v.profile_id and f.forgotten_at is not null)`;

/**
 * Newest (or oldest) of each profile of the record, or of each type, by an index that has them in order, then merged. The text has
 * few forms, since each is kept as a prepared statement by the server.
 */
function planSearch(workspaceId: WorkspaceId, search: EventSearch) {
  const parameters: Parameter[] = [
    workspaceId,
    search.from,
    search.until,
    search.contexts && arrayLiteral([...search.contexts]),
    search.nodeId,
    search.offset,
    search.limit,
    search.typeIds && arrayLiteral([...search.typeIds]),
  ];
  const direction = search.descending ? 'desc' : 'asc';
  const order = (alias: string) => `${alias}.occurred_at ${direction}, ${alias}.seq ${direction}`;
  const among = (groups: string, belongs: string) => `
      select e.id, e.occurred_at, e.seq from ${groups}
       cross join lateral (
         select v.id, v.occurred_at, v.seq from event v
          where v.workspace_id = $1 and ${belongs}
            and v.occurred_at >= coalesce($2::timestamptz, '-infinity')
            and v.occurred_at <= coalesce($3::timestamptz, 'infinity')
            and ($4::text is null or v.context = any($4::text::smallint[]))
            and ($5::integer is null or exists (
              select from profile n where n.workspace_id = $1 and n.id = v.profile_id and n.node_id = $5::integer))
            ${search.hasForgotten ? withoutForgotten : ''}
          order by ${order('v')} limit ${maximumMatches}
       ) e`;
  const matches =
    search.profileId === null
      ? among('unnest($8::text::integer[]) as t (id)', 'v.type_id = t.id')
      : `${among('profile p', 'v.profile_id = p.id and ($8::text is null or v.type_id = any($8::text::integer[]))')}
       where p.workspace_id = $1 and p.record_id = (
         select o.record_id from profile o where o.workspace_id = $1 and o.id = $${parameters.push(search.profileId)}::uuid)`;
  const text = `with matched as (${matches}
       order by ${order('e')} limit ${maximumMatches}
    ), page as (
      select * from matched order by ${order('matched')} offset $6::bigint limit $7::bigint
    )
    select totals.total, shown.*
      from (select count(*) as total from matched) totals
      left join (
        select ${shownColumns} from page join event e on e.workspace_id = $1 and e.id = page.id ${shownJoins}
      ) shown on true
     order by ${order('shown')}`;
  return { text, parameters };
}
