import { identityKinds } from '../../../core/identity/identity.ts';
import { eventCount } from '../../../core/metric/metric.ts';
import { defaultNode, type Workspace } from '../../../core/workspace/workspace.ts';
import { dayText } from '../../../store/instants.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import { onlyRow, type Parameter, type Queryable } from '../../../store/queryable.ts';
import {
  type FoundListEvents,
  type ListEvent,
  type ListEventSearch,
  maximumCounted,
  maximumPageCharacters,
} from './list-event-search.ts';

/** A page of a workspace's events, and how many there are in all. Those of the forgotten are neither shown nor counted. */
export async function searchListEvents(
  connection: Queryable,
  workspace: Workspace,
  search: ListEventSearch,
): Promise<FoundListEvents> {
  const [typeIds, recordIds] = await Promise.all([
    findTypes(connection, workspace, search),
    findRecords(connection, workspace, search),
  ]);
  if (typeIds.length === 0 || recordIds?.length === 0) return { kind: 'found', events: [], total: 0 };
  const [rows, total] = await Promise.all([
    readPage(connection, workspace, search, typeIds, recordIds),
    countEvents(connection, workspace, search, typeIds, recordIds),
  ]);
  if (rows[0] && rows[0].characters > maximumPageCharacters) return { kind: 'too-large' };
  return { kind: 'found', events: rows.map(fromRow), total };
}

async function findTypes(
  connection: Queryable,
  workspace: Workspace,
  { dialect, typeName, typeNamePart }: ListEventSearch,
): Promise<number[]> {
  const rows = await connection.query<{ id: number }>(
    `select id from event_type
      where workspace_id = $1 and dialect = $2
        and ($3::text is null or lower(name) = lower($3))
        and ($4::text is null or position(lower($4) in lower(name)) > 0)`,
    [workspace.id, dialect, typeName, typeNamePart],
  );
  return rows.map(({ id }) => id);
}

/** The records whose events are looked at; null: all. Of a UUID, the event's of this id, and the one that the browser follows. */
async function findRecords(
  connection: Queryable,
  workspace: Workspace,
  { dialect, recordNumber, uuid }: ListEventSearch,
): Promise<string[] | null> {
  if (recordNumber === null && uuid === null) return null;
  const rows = await connection.query<{ id: string }>(
    `select r.id from profile r
      where r.workspace_id = $1
        and r.deleted_at is null
        and ($2::bigint is null or (r.created_seq = $2 and r.record_id = r.id and not r.anonymous))
        and ($3::text is null or r.id = any (array(
              select p.record_id from event e join profile p on p.workspace_id = $1 and p.id = e.profile_id
               where e.workspace_id = $1 and e.id = $3::uuid
              union
              select p.record_id from identity i join profile p on p.workspace_id = $1 and p.id = i.profile_id
               where i.workspace_id = $1 and i.kind = $4 and i.value = $3 and i.node_id = $5)))`,
    [workspace.id, recordNumber, uuid, identityKinds.visitor, defaultNode(workspace, dialect).id],
  );
  return rows.map(({ id }) => id);
}

/** Where the events that are asked for stand, with its parameters; more are added behind them. */
interface Scope {
  readonly from: string;
  readonly parameters: Parameter[];
}

/** Rows of their events stay, without what was in them (docs/erasure.md). */
const withoutForgotten = `
           and not exists (select from profile f where f.workspace_id = $1 and f.id = e.profile_id and f.forgotten_at is not null)`;

function hasForgotten({ erasureKeyId }: Workspace): boolean {
  return erasureKeyId !== null;
}

/**
 * All of the types' events within the bounds, or those of some records. The texts are few, since each is kept as a prepared
 * statement by the server.
 */
function scopeOf(
  workspace: Workspace,
  search: ListEventSearch,
  typeIds: readonly number[],
  recordIds: readonly string[] | null,
  ofType = 'any ($2::text::integer[])',
): Scope {
  const { since, before } = boundsOf(workspace, search);
  const parameters: Parameter[] = [workspace.id, arrayLiteral(typeIds), since, before, search.sourceId];
  const within = `e.type_id = ${ofType}
           and e.occurred_at >= coalesce($3::timestamptz, '-infinity')
           and e.occurred_at < coalesce($4::timestamptz, 'infinity')
           and ($5::integer is null or e.source_id = $5)${hasForgotten(workspace) ? withoutForgotten : ''}`;
  if (recordIds === null) return { from: `from event e where e.workspace_id = $1 and ${within}`, parameters };
  parameters.push(arrayLiteral(recordIds), search.uuid);
  const from = `from profile p join event e on e.workspace_id = $1 and e.profile_id = p.id and ${within}
         where p.workspace_id = $1 and p.record_id = any ($6::text::uuid[])
           and ($7::text is null or e.id = $7::uuid or e.properties ->> '$uuid' = $7)`;
  return { from, parameters };
}

function orderOf(alias: string, { order: { by, descending } }: ListEventSearch): string {
  const direction = descending ? 'desc' : 'asc';
  const seq = `${alias}.seq ${direction}`;
  return by === 'seq' ? seq : `${alias}.occurred_at ${direction}, ${seq}`;
}

/**
 * Three ways, each by an index: a record's events by their profile; all events by their seq; all by time, the first of each type,
 * merged. Answers all properties of the page or, when they are too many characters together, none.
 */
async function readPage(
  connection: Queryable,
  workspace: Workspace,
  search: ListEventSearch,
  typeIds: readonly number[],
  recordIds: readonly string[] | null,
): Promise<Row[]> {
  const byType = recordIds === null && search.order.by === 'time';
  const scope = scopeOf(workspace, search, typeIds, recordIds, byType ? 't.id' : undefined);
  const { parameters } = scope;
  const add = (value: number) => `$${parameters.push(value)}::bigint`;
  const [offset, limit] = [add(search.offset), add(search.limit)];
  const maximum = add(search.withProperties ? maximumPageCharacters : -1);
  const first = `select e.id, e.seq, e.occurred_at ${scope.from}
          order by ${orderOf('e', search)} limit ${offset} + ${limit}`;
  const matched = byType
    ? `select m.* from event_type t cross join lateral (${first}) m
        where t.workspace_id = $1 and t.id = any ($2::text::integer[])`
    : first;
  const text = `with matched as (${matched}),
    page as (select m.id from matched m order by ${orderOf('m', search)} offset ${offset} limit ${limit}),
    shown as (
      select e.*, sum(case when ${maximum} < 0 then 0 else octet_length(e.properties::text) end) over () as characters
        from page join event e on e.workspace_id = $1 and e.id = page.id
    )
    select e.id, e.seq, e.occurred_at, t.name as type, s.external_id as list, e.characters,
           case when not r.anonymous then r.created_seq end as record_number,
           case when e.characters <= ${maximum} then e.properties end as properties
      from shown e
      join event_type t on t.workspace_id = $1 and t.id = e.type_id
      join profile p on p.workspace_id = $1 and p.id = e.profile_id
      join profile r on r.workspace_id = $1 and r.id = p.record_id
      left join source s on s.workspace_id = $1 and s.id = e.source_id
     order by ${orderOf('e', search)}`;
  return connection.query<Row>(text, parameters);
}

/** Whole days of all lists are counted by the rollup, whose days they are. */
async function countEvents(
  connection: Queryable,
  workspace: Workspace,
  search: ListEventSearch,
  typeIds: readonly number[],
  recordIds: readonly string[] | null,
): Promise<number> {
  if (recordIds === null && search.sourceId === null) {
    const counted = await countByDays(connection, workspace, search, typeIds);
    return hasForgotten(workspace)
      ? counted - (await countForgotten(connection, workspace, search, typeIds))
      : counted;
  }
  const { from, parameters } = scopeOf(workspace, search, typeIds, recordIds);
  const limit = `$${parameters.push(maximumCounted)}::bigint`;
  const rows = await connection.query<{ total: number }>(
    `select count(*) as total from (select ${from} limit ${limit}) counted`,
    parameters,
  );
  return onlyRow(rows).total;
}

async function countByDays(
  connection: Queryable,
  workspace: Workspace,
  { firstDay, lastDay }: ListEventSearch,
  typeIds: readonly number[],
): Promise<number> {
  const rows = await connection.query<{ total: number }>(
    `select coalesce(sum(total), 0)::bigint as total from rollup_day
      where workspace_id = $1 and metric = $2 and type_id = any ($3::text::integer[])
        and day >= coalesce($4::text::date, '-infinity') and day <= coalesce($5::text::date, 'infinity')`,
    [workspace.id, eventCount, arrayLiteral(typeIds), dayOf(firstDay), dayOf(lastDay)],
  );
  return onlyRow(rows).total;
}

/** The rollups count the events of the forgotten for ever. */
async function countForgotten(
  connection: Queryable,
  workspace: Workspace,
  search: ListEventSearch,
  typeIds: readonly number[],
): Promise<number> {
  const { since, before } = boundsOf(workspace, search);
  const rows = await connection.query<{ total: number }>(
    `select count(*) as total
       from (select distinct unnest(profile_ids) as id from erasure where workspace_id = $1) f
       join event e on e.workspace_id = $1 and e.profile_id = f.id and e.type_id = any ($2::text::integer[])
        and e.occurred_at >= coalesce($3::timestamptz, '-infinity') and e.occurred_at < coalesce($4::timestamptz, 'infinity')`,
    [workspace.id, arrayLiteral(typeIds), since, before],
  );
  return onlyRow(rows).total;
}

function dayOf(day: string | null): string | null {
  return day === null ? null : dayText(Temporal.PlainDate.from(day));
}

function boundsOf(
  { timezone }: Workspace,
  { firstDay, lastDay }: ListEventSearch,
): { since: Date | null; before: Date | null } {
  const startOf = (day: Temporal.PlainDate) => new Date(day.toZonedDateTime(timezone).epochMilliseconds);
  return {
    since: firstDay === null ? null : startOf(Temporal.PlainDate.from(firstDay)),
    before: lastDay === null ? null : startOf(Temporal.PlainDate.from(lastDay).add({ days: 1 })),
  };
}

interface Row {
  id: string;
  seq: number;
  occurred_at: Date;
  type: string;
  list: string | null;
  record_number: number | null;
  characters: number;
  properties: Record<string, unknown> | null;
}

function fromRow(row: Row): ListEvent {
  return {
    id: row.id,
    seq: row.seq,
    type: row.type,
    list: row.list,
    recordNumber: row.record_number,
    occurredAt: row.occurred_at,
    properties: row.properties ?? {},
  };
}
