import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { type FactPosition, type FactType, factOf, factTypes, type LeadFact } from './fact.ts';

/** A lead whose facts are read, and the last one that was. */
export interface FactCursor {
  /** The profile that names the lead's record. */
  readonly leadId: string;
  readonly after: FactPosition | null;
}

interface Row {
  lead_id: string;
  event_id: string;
  profile_id: string;
  seq: number;
  type: FactType;
  rank: FactPosition['rank'];
  source_id: number | null;
  occurred_at: Date;
  properties: Record<string, unknown>;
  detail: Record<string, unknown> | null;
  /** Of the lead within the limit, those that are too large together included. */
  within_limit: number;
}

/** Of one lead at once: a message is as large as its sender makes it, and there are many leads. */
const maximumBytes = 1024 * 1024;

/** The places of facts (`FactPosition`) in SQL. */
const order = 'occurred_at, rank, seq';
const rankOf = `case when y.name <> 'message' then 2
                     when e.properties#>>'{referral,source_type}' in ('ad', 'post') then 0 else 1 end`;

/** Comes before all others. */
const before: FactPosition = { at: Number.NEGATIVE_INFINITY, rank: 0, seq: 0 };

/**
 * The next facts of each lead in their order, whichever of its profiles they are stored on (what is left of the forgotten are none), at most `limit` of one, and a megabyte of
 * it. What is stored without being a fact (a notice) is left out, so whether there may be more is told beside them: `next` are the
 * cursors of the leads to go on with.
 */
export async function readFacts(
  connection: Queryable,
  workspaceId: WorkspaceId,
  cursors: readonly FactCursor[],
  limit: number,
): Promise<{ facts: Map<string, LeadFact[]>; next: FactCursor[] }> {
  const after = cursors.map((cursor) => cursor.after ?? before);
  const rows = await connection.query<Row>(
    `select lead.id as lead_id, fact.*
       from unnest($2::text::uuid[], $3::text::timestamptz[], $4::text::integer[], $5::text::bigint[]) as lead (id, at, rank, seq)
      cross join lateral (
        select stored.*, sum(octet_length(stored.properties::text)) over (order by ${order}) as bytes,
               row_number() over (order by ${order}) as place, count(*) over () as within_limit
          from (
            select own.*
              from profile p
             cross join lateral (
               select e.id as event_id, e.profile_id, e.seq, e.occurred_at, e.source_id, e.properties, e.detail, t.type, t.rank
                 from event e
                cross join lateral (
                  select y.name as type, ${rankOf} as rank
                    from event_type y
                   where y.workspace_id = $1 and y.id = e.type_id and y.dialect = 'signals' and y.name = any($6::text::text[])) as t
                where e.workspace_id = $1 and e.profile_id = p.id and e.occurred_at >= lead.at
                  and (e.occurred_at, t.rank, e.seq) > (lead.at, lead.rank, lead.seq)
                order by ${order}
                limit $7::bigint) as own
             where p.workspace_id = $1 and p.record_id = lead.id and p.forgotten_at is null
             order by ${order}
             limit $7::bigint) as stored) as fact
      where fact.bytes <= ${maximumBytes} or fact.place = 1
      order by lead.id, fact.place`,
    [
      workspaceId,
      arrayLiteral(cursors.map(({ leadId }) => leadId)),
      arrayLiteral(after.map((position) => (position === before ? '-infinity' : instantOf(position)))),
      arrayLiteral(after.map(({ rank }) => rank)),
      arrayLiteral(after.map(({ seq }) => seq)),
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
    const leadId = row.lead_id;
    lasts.set(leadId, { count: (lasts.get(leadId)?.count ?? 0) + 1, row });
    const fact = factOf({
      type: row.type,
      eventId: row.event_id,
      profileId: row.profile_id,
      seq: row.seq,
      sourceId: row.source_id,
      occurredAt: row.occurred_at.getTime(),
      properties: row.properties,
      detail: row.detail,
    });
    if (fact) facts.getOrInsertComputed(leadId, () => []).push(fact);
  }
  const next: FactCursor[] = [];
  for (const [leadId, { count, row }] of lasts) {
    if (row.within_limit > count || count === limit) next.push({ leadId, after: positionOf(row) });
  }
  return { facts, next };
}

function positionOf({ occurred_at: at, rank, seq }: Row): FactPosition {
  return { at: at.getTime(), rank, seq };
}

function instantOf({ at }: FactPosition): string {
  return new Date(at).toISOString();
}
