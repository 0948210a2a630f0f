import type { WorkspaceId } from '../../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../../store/parameters.ts';
import type { Parameter, Queryable } from '../../../../store/queryable.ts';
import type { ConversationEventType } from '../../conversation/conversation-event.ts';
import { conversationEventTypes } from '../../conversation/conversation-event.ts';
import { allDays, type DayMeasureName } from '../../conversation/day-measures.ts';

/** What sums are of: an ad, or all ads of an ad set or of a campaign. */
export type AdLevel = 'ad' | 'ad-set' | 'campaign';

/** `YYYY-MM-DD`, both included; null: without an end there. */
export interface AskedDays {
  readonly first: string | null;
  readonly last: string | null;
}

export interface SumsQuestion {
  readonly workspaceId: WorkspaceId;
  /** The app whose conversations are counted. */
  readonly sourceId: number;
  readonly level: AdLevel;
  /** Ids of the level, and the days that are asked for of each; null: all. */
  readonly spans: ReadonlyMap<string, AskedDays | null>;
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
  const { key, ads, isAsked, parameters } = isWhole(question) ? askForAds(question) : askForDays(question);
  const inDays = isWhole(question) ? '' : ' and d.day between w.first and w.last';
  return connection.query<AdSumsRow>(
    `select ${key} as key, ${question.daily ? 'd.day::text' : 'null::text'} as day, sum(d.clicks)::bigint as clicks,
            sum(d.impressions)::bigint as impressions, sum(d.spend) as spend
       from ${ads}
       join ad_day d on d.workspace_id = $1 and d.ad_id = a.id${inDays}
      where ${isAsked}
      group by 1, 2`,
    parameters,
  );
}

/** What the app's conversations by the ads give. Days are UTC's. */
export async function fetchConversationSums(
  connection: Queryable,
  question: SumsQuestion,
): Promise<ConversationSumsRow[]> {
  const { key, conversations, parameters } = askForConversations(question, insightMeasures);
  return connection.query<ConversationSumsRow>(
    `select ${key} as key, ${question.daily ? 'c.day::text' : 'null::text'} as day, c.measure, c.type_value,
            sum(c.total)::bigint as total, sum(c.sum) as sum
       from ${conversations}
      group by 1, 2, 3, 4 having sum(c.total) > 0`,
    parameters,
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
  const { key, ads, isAsked, parameters } = askForDays(question);
  return connection.query<ForeignSalesRow>(
    `select ${key} as key, c.day::text as day, c.type_value as currency, sum(c.sum) as revenue
       from ${ads}
       join conversation_day c on c.workspace_id = $1 and c.source_id = $5 and c.ad_id = a.id
        and c.day between w.first and w.last
      where ${isAsked} and c.measure = 'sale' and c.type_value <> $6::text
      group by 1, 2, 3 having sum(c.total) > 0`,
    [...parameters, question.sourceId, currency],
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
  const { conversations, parameters } = askForConversations(question, conversationEventTypes);
  const rows = await connection.query<{
    measure: ConversationEventType;
    type_id: string;
    type_value: string;
    events: number;
  }>(
    `select c.measure, c.type_id, c.type_value, sum(c.total)::bigint as events
       from ${conversations}
      group by 1, 2, 3 having sum(c.total) > 0
      order by 4 desc, 1, 3`,
    parameters,
  );
  return rows.map((row) => ({
    type: row.measure,
    typeId: row.type_id,
    typeValue: row.type_value === '' ? null : row.type_value,
    events: row.events,
  }));
}

/** The part of a statement that finds the ads that are asked for: `ads` to read from, `isAsked` to hold, `key` to group by. */
interface AskedAds {
  readonly key: string;
  readonly ads: string;
  readonly isAsked: string;
  readonly parameters: Parameter[];
}

/** Without spans, which would cost half of the time again. $1 the workspace, $2 the ids. */
function askForAds({ workspaceId, level, spans }: SumsQuestion): AskedAds {
  const key = `a.${columns[level]}`;
  return {
    key,
    ads: 'ad a',
    isAsked: `a.workspace_id = $1 and ${key} = any($2::text::text[])`,
    parameters: [workspaceId, arrayLiteral([...spans.keys()])],
  };
}

/** Each with its days, from `w.first` to `w.last`. $1 the workspace, $2 to $4 the ids and their days. */
function askForDays({ workspaceId, level, spans }: SumsQuestion): AskedAds {
  const days = [...spans.values()];
  return {
    key: 'w.key',
    ads: `unnest($2::text::text[], $3::text::date[], $4::text::date[]) as w (key, first, last)
       join ad a on a.workspace_id = $1 and a.${columns[level]} = w.key`,
    isAsked: 'a.workspace_id = $1',
    parameters: [
      workspaceId,
      arrayLiteral([...spans.keys()]),
      arrayLiteral(days.map((span) => span?.first ?? firstDay)),
      arrayLiteral(days.map((span) => span?.last ?? 'infinity')),
    ],
  };
}

/** The rows `c` of the measures. */
function askForConversations(question: SumsQuestion, measures: readonly DayMeasureName[]) {
  const { key, ads, isAsked, parameters } = isWhole(question) ? askForAds(question) : askForDays(question);
  const inDays = isWhole(question) ? `c.day = '${allDays}'` : 'c.day between w.first and w.last';
  const place = parameters.length;
  return {
    key,
    conversations: `${ads}
       join conversation_day c on c.workspace_id = $1 and c.source_id = $${place + 1} and c.ad_id = a.id and ${inDays}
      where ${isAsked} and c.measure = any($${place + 2}::text::text[])`,
    parameters: [...parameters, question.sourceId, arrayLiteral(measures)],
  };
}

/** All days together have a row of their own. */
function isWhole({ daily, spans }: SumsQuestion): boolean {
  return !daily && spans.values().every((span) => span === null);
}
