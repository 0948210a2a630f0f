import type { DialectName } from '../../../core/dialect-name.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Database } from '../../../store/database.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Parameter, Queryable } from '../../../store/queryable.ts';
import type { HiddenEvents } from '../retention/due-rules.ts';
import { exceptHidden } from './hidden-events.ts';
import { maximumMatches, searchMilliseconds } from './search-bounds.ts';
import { readShown, type ShownEvent, shownEvent, shownJoins } from './shown-event.ts';

export interface EventSearch {
  /** A profile of the record whose events are asked for, whichever of its profiles it is; null: whoever's. */
  readonly profileId: string | null;
  /** The same of a customer of an aggregate: its parts' events, which are shown as its own. Null: another's, or whoever's. */
  readonly customerId: string | null;
  /** Null: of any node. */
  readonly nodeIds: readonly number[] | null;
  /** Of an aggregate: events of its customers' parts, which are shown as those customers'. Null: of any node. */
  readonly aggregateId: number | null;
  /** What the node does not show. */
  readonly hidden: readonly HiddenEvents[];
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

export interface FoundEvents {
  readonly events: readonly ShownEvent[];
  /** At most `maximumMatches`. */
  readonly total: number;
}

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
  const rows = await database.query<{ total: number; event: string | null; customer: string | null }>(
    text,
    parameters,
    { milliseconds: searchMilliseconds, dear: true },
  );
  const shownAs = (event: string, customer: string | null): ShownEvent => {
    const shown = readShown(event);
    return customer === null ? shown : { ...shown, recordId: customer };
  };
  return {
    events: rows.flatMap(({ event, customer }) =>
      event === null ? [] : [shownAs(event, search.customerId ?? customer)],
    ),
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
  const [row] = await connection.query<{ event: string }>(
    `select ${shownEvent} as event
       from event e ${shownJoins}
      where e.workspace_id = $1 and e.id = $2 and t.dialect = $3`,
    [workspaceId, eventId, dialect],
  );
  return row && readShown(row.event);
}

/** Those of the ids that are events, by their id. Looked up one by one, as core/profile does. */
export async function readShownEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ShownEvent>> {
  if (ids.length === 0) return new Map();
  const rows = await connection.query<{ event: string }>(
    `select ${shownEvent} as event
       from unnest($2::text::uuid[]) as k (id)
      cross join lateral (select * from event where workspace_id = $1 and id = k.id limit 1) e ${shownJoins}`,
    [workspaceId, arrayLiteral(ids)],
  );
  const events = rows.map(({ event }) => readShown(event));
  return new Map(events.map((event) => [event.id, event]));
}

const withoutForgotten = `and not exists (
              select from profile f where f.workspace_id = $1 and f.id = v.profile_id and f.forgotten_at is not null)`;

/** Which customer of the aggregate the record of a profile is part of. */
const partsIn = (aggregate: string, profileId: string) => `
              select s.id as customer_id from profile n
                join aggregate_part a on a.workspace_id = $1 and a.profile_id = n.record_id and a.node_id = ${aggregate}
                join aggregate_customer s on s.workspace_id = $1 and s.alike = a.alike
               where n.workspace_id = $1 and n.id = ${profileId}`;

/** SQL of what the record's name has to be equal to; undefined: whoever's events are asked for. */
function recordsOf(
  { profileId, customerId }: EventSearch,
  add: (value: Parameter) => string,
): string | undefined {
  if (customerId !== null)
    return `any(array(
       select a.record_id from aggregate_customer s
         join aggregate_part a on a.workspace_id = $1 and a.alike = s.alike and a.profile_id = a.record_id
        where s.workspace_id = $1 and s.id = ${add(customerId)}::uuid))`;
  if (profileId === null) return undefined;
  return `(
       select o.record_id from profile o where o.workspace_id = $1 and o.id = ${add(profileId)}::uuid)`;
}

/** So many types are asked for by one text: it has a place for each, and what is not asked for stays empty. */
const typePlaces = [1, 4, 16, 64, 256];

/**
 * Newest (or oldest) of each type, merged as they are read, by an index that has them in order; of one record, newest of each of its
 * profiles, then merged. The text has few forms, since each is kept as a prepared statement by the server.
 */
function planSearch(workspaceId: WorkspaceId, search: EventSearch) {
  const parameters: Parameter[] = [
    workspaceId,
    search.from,
    search.until,
    search.contexts && arrayLiteral([...search.contexts]),
    search.nodeIds && arrayLiteral([...search.nodeIds]),
    search.offset,
    search.limit,
    search.typeIds && arrayLiteral([...search.typeIds]),
  ];
  const add = (value: Parameter) => `$${parameters.push(value)}`;
  const aggregate = search.aggregateId === null ? null : `${add(search.aggregateId)}::integer`;
  const shown = exceptHidden(search.hidden, 'v', add);
  const direction = search.descending ? 'desc' : 'asc';
  const order = (alias: string) => `${alias}.occurred_at ${direction}, ${alias}.seq ${direction}`;
  // In their order each, so that those of all types are merged without being read first.
  const events = (belongs: string) => `
      (select v.id, v.occurred_at, v.seq from event v
       where v.workspace_id = $1 and ${belongs}
         and v.occurred_at >= coalesce($2::timestamptz, '-infinity')
         and v.occurred_at <= coalesce($3::timestamptz, 'infinity')
         and ($4::text is null or v.context = any($4::text::smallint[]))
         and ($5::text is null
              or (select n.node_id from profile n where n.workspace_id = $1 and n.id = v.profile_id) = any($5::text::integer[]))
         ${aggregate ? `and (${partsIn(aggregate, 'v.profile_id')}) is not null` : ''}
         ${search.hasForgotten ? withoutForgotten : ''}
         ${shown}
        order by ${order('v')} limit ${maximumMatches})`;
  const ofTypes = (typeIds: readonly number[]) => {
    const places = typePlaces.find((count) => count >= typeIds.length) ?? typeIds.length;
    const parts = Array.from({ length: places }, (_, place) =>
      events(`v.type_id = ($8::text::integer[])[${place + 1}]`),
    );
    return `select e.id, e.occurred_at, e.seq from (${parts.join(' union all ')}) e`;
  };
  const ofRecords = (names: string) => `
    select e.id, e.occurred_at, e.seq from profile p
     cross join lateral ${events('v.profile_id = p.id and ($8::text is null or v.type_id = any($8::text::integer[]))')} e
     where p.workspace_id = $1 and p.record_id = ${names}`;
  const names = recordsOf(search, add);
  const matches = names ? ofRecords(names) : ofTypes(search.typeIds ?? []);
  const customer = aggregate ? `(${partsIn(aggregate, 'e.profile_id')})` : 'null::uuid';
  const text = `with matched as materialized (${matches}
       order by ${order('e')} limit ${maximumMatches}
    ), page as (
      select * from matched order by ${order('matched')} offset $6::bigint limit $7::bigint
    )
    select totals.total, shown.event, shown.customer
      from (select count(*) as total from matched) totals
      left join (
        select page.occurred_at, page.seq, ${shownEvent} as event, ${customer} as customer from page join event e on e.workspace_id = $1 and e.id = page.id ${shownJoins}
      ) shown on true
     order by ${order('shown')}`;
  return { text, parameters };
}
