import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import { type FactPosition, type FactType, factOf, factTypes, type LeadFact } from './fact.ts';

/** A lead whose facts are read, and the last one that was. */
export interface FactCursor {
  readonly profileId: string;
  readonly after: FactPosition | null;
}

interface Row {
  profile_id: string;
  event_id: string;
  type: FactType;
  source_id: number | null;
  occurred_at: Date;
  fact_id: string;
  properties: Record<string, unknown>;
  detail: Record<string, unknown> | null;
  /** Of the lead within the limit, those that are too large together included. */
  within_limit: number;
}

/** Of one lead at once: a message is as large as its sender makes it, and there are many leads. */
const maximumBytes = 1024 * 1024;

const order = 'occurred_at, rank, fact_id, coalesce(source_id, 0)';

/** Comes before all others. */
const before: FactPosition = { at: Number.NEGATIVE_INFINITY, rank: 0, id: '', sourceId: 0 };

/**
 * The next facts of each lead in their order, at most `limit` of one, and a megabyte of it. What is stored without being a fact (a
 * notice) is left out, so whether there may be more is told beside them: `next` are the cursors of the leads to go on with.
 */
export async function readFacts(
  connection: Queryable,
  workspaceId: WorkspaceId,
  cursors: readonly FactCursor[],
  limit: number,
): Promise<{ facts: Map<string, LeadFact[]>; next: FactCursor[] }> {
  const after = cursors.map((cursor) => cursor.after ?? before);
  const rows = await connection.query<Row>(
    `select lead.id as profile_id, fact.*
       from unnest($2::text::uuid[], $3::text::timestamptz[], $4::text::integer[], $5::text::text[], $6::text::integer[])
              as lead (id, at, rank, fact_id, source_id)
      cross join lateral (
        select stored.*, sum(octet_length(stored.properties::text)) over (order by ${order}) as bytes,
               row_number() over (order by ${order}) as place, count(*) over () as within_limit
          from (
            select e.id as event_id, e.occurred_at, e.source_id, e.properties, e.detail, t.type, t.rank, t.fact_id
              from event e
             cross join lateral (
               select y.name as type, case y.name when 'message' then 0 else 1 end as rank,
                      (case y.name when 'message' then coalesce(e.detail->>'id', '') else e.id::text end) collate "C" as fact_id
                 from event_type y
                where y.workspace_id = $1 and y.id = e.type_id and y.dialect = 'signals' and y.name = any($7::text::text[])) as t
             where e.workspace_id = $1 and e.profile_id = lead.id and e.occurred_at >= lead.at
               and (e.occurred_at, t.rank, t.fact_id, coalesce(e.source_id, 0))
                 > (lead.at, lead.rank, lead.fact_id collate "C", lead.source_id)
             order by ${order}
             limit $8::bigint) as stored) as fact
      where fact.bytes <= ${maximumBytes} or fact.place = 1
      order by lead.id, fact.place`,
    [
      workspaceId,
      arrayLiteral(cursors.map(({ profileId }) => profileId)),
      arrayLiteral(after.map((position) => (position === before ? '-infinity' : instantOf(position)))),
      arrayLiteral(after.map(({ rank }) => rank)),
      arrayLiteral(after.map(({ id }) => id)),
      arrayLiteral(after.map(({ sourceId }) => sourceId)),
      arrayLiteral(factTypes),
      limit,
    ],
  );
  return collect(rows, limit);
}

function collect(
  rows: readonly Row[],
  limit: number,
): { facts: Map<string, LeadFact[]>; next: FactCursor[] } {
  const facts = new Map<string, LeadFact[]>();
  const lasts = new Map<string, { count: number; row: Row }>();
  for (const row of rows) {
    const profileId = row.profile_id;
    lasts.set(profileId, { count: (lasts.get(profileId)?.count ?? 0) + 1, row });
    const fact = factOf({
      type: row.type,
      eventId: row.event_id,
      sourceId: row.source_id,
      occurredAt: row.occurred_at.getTime(),
      properties: row.properties,
      detail: row.detail,
    });
    if (fact) facts.getOrInsertComputed(profileId, () => []).push(fact);
  }
  const next: FactCursor[] = [];
  for (const [profileId, { count, row }] of lasts) {
    if (row.within_limit > count || count === limit) next.push({ profileId, after: positionOf(row) });
  }
  return { facts, next };
}

function positionOf({ type, occurred_at: at, fact_id: id, source_id: sourceId }: Row): FactPosition {
  return { at: at.getTime(), rank: type === 'message' ? 0 : 1, id, sourceId: sourceId ?? 0 };
}

function instantOf({ at }: FactPosition): string {
  return new Date(at).toISOString();
}
