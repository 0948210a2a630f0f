import type { ConversationEventType } from '../../core/conversation/conversation-event.ts';
import { conversationEventTypes } from '../../core/conversation/conversation-event.ts';
import { allDays, type DayMeasureName } from '../../core/conversation/day-measures.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Parameter, Queryable } from '../../store/queryable.ts';

/** What sums are of: an ad, or all ads of an ad set or of a campaign. */
export type AdLevel = 'ad' | 'ad-set' | 'campaign';

/** `YYYY-MM-DD`, both included; null: without an end there. */
export interface DaySpan {
  readonly first: string | null;
  readonly last: string | null;
}

export interface SumsQuestion {
  readonly workspaceId: WorkspaceId;
  /** The app whose conversations are counted. */
  readonly sourceId: number;
  readonly level: AdLevel;
  /** Ids of the level, and the days that are asked for of each; null: all. */
  readonly spans: ReadonlyMap<string, DaySpan | null>;
  /** Whether each day is summed by itself. */
  readonly daily: boolean;
}

const columns = { ad: 'id', 'ad-set': 'ad_set_id', campaign: 'campaign_id' } as const satisfies Record<
  AdLevel,
  string
>;

/** Before every day that anything is counted on, but not `allDays`. */
const firstDay = '0001-01-01';

const insightMeasures: readonly DayMeasureName[] = [
  'session',
  'lead',
  'engaged',
  'converted-lead',
  'conversation',
  'keyword',
  'sale',
];

export interface AdSumsRow {
  key: string;
  /** null: of all days that are asked for. */
  day: string | null;
  clicks: number;
  impressions: number;
  spend: string;
}

export interface ConversationSumsRow {
  key: string;
  day: string | null;
  measure: DayMeasureName;
  type_value: string;
  total: number;
  sum: string;
}

/** Meta's numbers. Days are the ad account's. */
export async function fetchAdSums(connection: Queryable, question: SumsQuestion): Promise<AdSumsRow[]> {
  return connection.query<AdSumsRow>(
    `select w.key, ${question.daily ? 'd.day::text' : 'null::text'} as day, sum(d.clicks)::bigint as clicks,
            sum(d.impressions)::bigint as impressions, sum(d.spend) as spend
       from ${asked(question)}
       join ad_day d on d.workspace_id = $1 and d.ad_id = a.id${isWhole(question) ? '' : ' and d.day between w.first and w.last'}
      group by 1, 2`,
    parametersOf(question),
  );
}

/** What the app's conversations by the ads give. Days are UTC's. */
export async function fetchConversationSums(
  connection: Queryable,
  question: SumsQuestion,
): Promise<ConversationSumsRow[]> {
  return connection.query<ConversationSumsRow>(
    `select w.key, ${question.daily ? 'c.day::text' : 'null::text'} as day, c.measure, c.type_value,
            sum(c.total)::bigint as total, sum(c.sum) as sum
       from ${asked(question)}
       join conversation_day c on c.workspace_id = $1 and c.source_id = $5 and c.ad_id = a.id and ${inDays(question)}
      where c.measure = any($6::text::text[])
      group by 1, 2, 3, 4 having sum(c.total) > 0`,
    [...parametersOf(question), question.sourceId, arrayLiteral(insightMeasures)],
  );
}

export interface ForeignSalesRow {
  key: string;
  day: string;
  currency: string;
  revenue: string;
}

/** Revenue in other currencies than `currency`, by day, since each day has its own rate. */
export async function fetchForeignSales(
  connection: Queryable,
  question: SumsQuestion,
  currency: string,
): Promise<ForeignSalesRow[]> {
  return connection.query<ForeignSalesRow>(
    `select w.key, c.day::text as day, c.type_value as currency, sum(c.sum) as revenue
       from ${asked(question)}
       join conversation_day c on c.workspace_id = $1 and c.source_id = $5 and c.ad_id = a.id
        and c.day between w.first and w.last
      where c.measure = 'sale' and c.type_value <> $6::text
      group by 1, 2, 3 having sum(c.total) > 0`,
    [...parametersOf(question), question.sourceId, currency],
  );
}

/** How many events of one type, id and value there were. */
export interface EventSum {
  readonly type: ConversationEventType;
  readonly typeId: string;
  readonly typeValue: string | null;
  readonly events: number;
}

/** The events that the app's conversations by the ads gave, the most frequent first. */
export async function fetchEventSums(connection: Queryable, question: SumsQuestion): Promise<EventSum[]> {
  const rows = await connection.query<{
    measure: ConversationEventType;
    type_id: string;
    type_value: string;
    events: number;
  }>(
    `select c.measure, c.type_id, c.type_value, sum(c.total)::bigint as events
       from ${asked(question)}
       join conversation_day c on c.workspace_id = $1 and c.source_id = $5 and c.ad_id = a.id and ${inDays(question)}
      where c.measure = any($6::text::text[])
      group by 1, 2, 3 having sum(c.total) > 0
      order by 4 desc, 1, 3`,
    [...parametersOf(question), question.sourceId, arrayLiteral(conversationEventTypes)],
  );
  return rows.map((row) => ({
    type: row.measure,
    typeId: row.type_id,
    typeValue: row.type_value === '' ? null : row.type_value,
    events: row.events,
  }));
}

/** $1 the workspace, $2 to $4 what is asked for. */
function asked({ level }: SumsQuestion): string {
  return `unnest($2::text::text[], $3::text::date[], $4::text::date[]) as w (key, first, last)
       join ad a on a.workspace_id = $1 and a.${columns[level]} = w.key`;
}

function inDays(question: SumsQuestion): string {
  return isWhole(question) ? `c.day = '${allDays}'` : 'c.day between w.first and w.last';
}

/** All days together have a row of their own. */
function isWhole({ daily, spans }: SumsQuestion): boolean {
  return !daily && spans.values().every((span) => span === null);
}

function parametersOf({ workspaceId, spans }: SumsQuestion): Parameter[] {
  const days = [...spans.values()];
  return [
    workspaceId,
    arrayLiteral([...spans.keys()]),
    arrayLiteral(days.map((span) => span?.first ?? firstDay)),
    arrayLiteral(days.map((span) => span?.last ?? 'infinity')),
  ];
}
