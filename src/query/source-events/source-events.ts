import type {
  ConversationEventDetail,
  ConversationEventType,
} from '../../core/conversation/conversation-event.ts';
import type { Source } from '../../core/source/source.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Parameter, Queryable } from '../../store/queryable.ts';

/** Which events of a source are asked for: of the types that conversations raise, so that their detail is known. */
export interface SourceEventFilter {
  readonly source: Source;
  /** By name: another process may have made a type an instant ago. */
  readonly types: readonly ConversationEventType[];
  /** Inclusive. */
  readonly since: Date;
  /** Exclusive. */
  readonly before: Date;
  /** Members of the event's detail; null: any. */
  readonly adId: string | null;
  readonly valueTypeId: string | null;
  readonly value: string | null;
}

export interface SourceEvent {
  readonly seq: number;
  readonly type: ConversationEventType;
  readonly occurredAt: Date;
  readonly detail: ConversationEventDetail;
}

interface Row {
  seq: number;
  type: ConversationEventType;
  occurred_at: Date;
  detail: ConversationEventDetail;
}

/** Where the slice before ended; the next one begins behind it. */
interface Cursor {
  readonly occurredAt: Date;
  readonly seq: number;
}

const sliceSize = 1000;

/**
 * The newest events of each type, merged: each type's part is read off the index (workspace, type, time) from its end, and no
 * more of it than the page can show.
 */
const newestFirst = `
  select e.seq, t.name as type, e.occurred_at, e.detail
    from event_type t
   cross join lateral (
     select seq, occurred_at, detail
       from event
      where workspace_id = $1 and type_id = t.id and source_id = $4
        and occurred_at >= $5 and occurred_at <= $6 and (occurred_at < $6 or seq < $7)
        and ($8::text is null or detail->>'ad_id' = $8)
        and ($9::text is null or detail->>'type_id' = $9)
        and ($10::text is null or detail->>'type_value' = $10)
      order by occurred_at desc, seq desc
      limit $11::bigint + $12::bigint) as e
   where t.workspace_id = $1 and t.dialect = $2 and t.name = any($3::text::text[])
   order by e.occurred_at desc, e.seq desc
   limit $11::bigint offset $12::bigint`;

const matching = `
  e.workspace_id = $1 and e.type_id = t.id and e.source_id = $4 and e.occurred_at >= $5 and e.occurred_at < $6
  and ($7::text is null or e.detail->>'ad_id' = $7)
  and ($8::text is null or e.detail->>'type_id' = $8)
  and ($9::text is null or e.detail->>'type_value' = $9)`;

const typesAsked = 't.workspace_id = $1 and t.dialect = $2 and t.name = any($3::text::text[])';

function matchingParameters(workspaceId: WorkspaceId, filter: SourceEventFilter): Parameter[] {
  const { source, types, since, before, adId, valueTypeId, value } = filter;
  const names = arrayLiteral(types);
  return [workspaceId, source.dialect, names, source.id, since, before, adId, valueTypeId, value];
}

/** A page of events, newest first, and how many there are in all. */
export async function readSourceEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  filter: SourceEventFilter,
  page: { offset: number; limit: number },
): Promise<{ events: SourceEvent[]; total: number }> {
  const [events, [count]] = await Promise.all([
    readSlice(connection, workspaceId, filter, page),
    connection.query<{ total: number }>(
      `select count(*) as total from event_type t join event e on ${matching} where ${typesAsked}`,
      matchingParameters(workspaceId, filter),
    ),
  ]);
  return { events, total: count!.total };
}

/**
 * All events, newest first, in slices of at most a thousand, each read by itself: no transaction stays open while a slow client
 * takes them. What comes in meanwhile is part of it when its place is still ahead. `limit` null: no end.
 */
export async function* streamSourceEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  filter: SourceEventFilter,
  page: { offset: number; limit: number | null },
): AsyncGenerator<SourceEvent[]> {
  let left = page.limit ?? Number.POSITIVE_INFINITY;
  let offset = page.offset;
  let cursor: Cursor | undefined;
  while (left > 0) {
    const limit = Math.min(left, sliceSize);
    const slice = await readSlice(connection, workspaceId, filter, { offset, limit }, cursor);
    const last = slice.at(-1);
    if (last) yield slice;
    if (!last || slice.length < limit) return;
    left -= slice.length;
    offset = 0;
    cursor = last;
  }
}

async function readSlice(
  connection: Queryable,
  workspaceId: WorkspaceId,
  filter: SourceEventFilter,
  page: { offset: number; limit: number },
  cursor: Cursor = { occurredAt: filter.before, seq: 0 },
): Promise<SourceEvent[]> {
  const rows = await connection.query<Row>(newestFirst, [
    workspaceId,
    filter.source.dialect,
    arrayLiteral(filter.types),
    filter.source.id,
    filter.since,
    cursor.occurredAt,
    cursor.seq,
    filter.adId,
    filter.valueTypeId,
    filter.value,
    page.limit,
    page.offset,
  ]);
  return rows.map(({ seq, type, occurred_at: occurredAt, detail }) => ({ seq, type, occurredAt, detail }));
}

/** Those of the types that have any such event. */
export async function readTypesWithEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  filter: SourceEventFilter,
): Promise<Set<ConversationEventType>> {
  const rows = await connection.query<{ name: ConversationEventType }>(
    `select t.name from event_type t where ${typesAsked} and exists (select from event e where ${matching})`,
    matchingParameters(workspaceId, filter),
  );
  return new Set(rows.map((row) => row.name));
}

/** Events of conversations that no click began, and how many such conversations: each has one event `conversation`. */
export async function countStandaloneEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  source: Source,
  types: readonly ConversationEventType[],
): Promise<{ conversations: number; events: number }> {
  const [counts] = await connection.query<{ conversations: number; events: number }>(
    `select count(*) filter (where t.name = 'conversation') as conversations, count(*) as events
       from event_type t
       join event e on e.workspace_id = $1 and e.type_id = t.id and e.source_id = $4
        and e.detail->>'origin' = 'standalone'
      where ${typesAsked}`,
    [workspaceId, source.dialect, arrayLiteral(types), source.id],
  );
  return counts!;
}
