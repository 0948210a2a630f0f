import { eventColumns } from '../../core/event/event-store.ts';
import { eventCount } from '../../core/metric/metric.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { columnsOf } from '../../store/columns.ts';
import type { Database } from '../../store/database.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import { onlyRow } from '../../store/queryable.ts';
import { cutToBytes, isCut, maximumPageBytes, type PageRow } from '../events/page-bytes.ts';
import {
  type PersonEvent,
  type PersonEventRow,
  personEventFromRow,
  personEventsOf,
} from '../events/read-events.ts';
import type { Position } from '../position.ts';
import { groupOfRow, type RowGrouping, toldCampaigns } from './chart-grouping.ts';
import { countingMilliseconds } from './read-chart.ts';
import { StatementValues } from './statement-values.ts';

/** Which rows of a chart are wanted. */
export interface PointQuestion {
  /** The instants that are wanted. */
  readonly spans: readonly { readonly from: number; readonly until: number }[];
  /** A metric's key, whose values are wanted, or `eventCount`. */
  readonly key: string;
  readonly typeIds: readonly number[];
  /** A group that is no type's or API's: its key, null for what is of none, or all but those of these keys. */
  readonly group:
    | { readonly by: RowGrouping; readonly is: string | null }
    | { readonly by: RowGrouping; readonly not: readonly string[] }
    | null;
}

/** An event that is counted, or whose metric is. */
export interface CountedRow {
  readonly event: PersonEvent;
  /** When it is counted: a metric has a time of its own. */
  readonly at: Date;
  /** Of the metric, with all its digits; null where events are counted. */
  readonly value: string | null;
  /** In which the metric's value came in. */
  readonly currency: string | null;
}

/** How many rows a point of a chart has, and what they come to: their number, or the sum of their values. Counted from the rows themselves. */
export async function countPoint(
  database: Database,
  workspaceId: WorkspaceId,
  question: PointQuestion,
): Promise<{ readonly count: number; readonly value: number }> {
  const values = new StatementValues(workspaceId);
  const isOfEvents = question.key === eventCount;
  const types = `${values.add(arrayLiteral(question.typeIds))}::text::integer[]`;
  const { tables, from, where } = rowsOf(question, values);
  const counted = await database.query<{ count: number; value: string }>(
    `with ${[...tables, spanTable(question, values)].join(', ')}
     select count(*)::bigint as count, ${isOfEvents ? 'count(*)' : 'coalesce(sum(r.value), 0)'}::text as value
       from span cross join lateral (
         select ${isOfEvents ? '' : 'm.value'} from ${from} where ${where} and ${isOfEvents ? 'e' : 'm'}.type_id = any(${types})) r`,
    values.all,
    asDear,
  );
  const { count, value } = onlyRow(counted);
  return { count, value: Number(value) };
}

/** A page of the rows of a point, those that were counted last first. */
export async function readPoint(
  database: Database,
  workspaceId: WorkspaceId,
  question: PointQuestion,
  limit: number,
  after: Position | undefined,
): Promise<{ readonly rows: CountedRow[]; readonly next: Position | null }> {
  const values = new StatementValues(workspaceId);
  const most = `${values.add(limit)}::integer`;
  const { tables, from, where, at, id } = rowsOf(question, values);
  const [row, value, currency] =
    question.key === eventCount ? ['e', 'null::text', 'null::text'] : ['m', 'm.value::text', 'm.currency'];
  const types = `unnest(${values.add(arrayLiteral(question.typeIds))}::text::integer[]) as wanted (type_id)`;
  const behind = after
    ? `and ${at} <= ${values.add(after.at)}::text::timestamptz
       and (${at}, ${id}) < (${values.add(after.at)}::text::timestamptz, ${values.add(after.id)}::text::uuid)`
    : '';
  const order = 'counted_at desc, id desc';
  // One type at a time, so that each is read in the order of its index.
  const page = `select p.counted_at, p.amount, p.amount_currency, ${columnsOf('e', eventColumns)}
     from (select n.* from span cross join ${types} cross join lateral (
             select ${at} as counted_at, ${id} as id, ${value} as amount, ${currency} as amount_currency
               from ${from} where ${where} and ${row}.type_id = wanted.type_id ${behind}
              order by ${at} desc, ${id} desc limit ${most}) n
            order by ${order} limit ${most}) p
     join event e on e.workspace_id = $1 and e.id = p.id`;
  const cut = cutToBytes(page, order, `${values.add(maximumPageBytes)}::integer`);
  const found = await database.query<PersonEventRow & PageRow & FoundRow>(
    `with ${[...tables, spanTable(question, values)].join(', ')}
     ${personEventsOf(cut, 'e.counted_at desc, e.id desc')}`,
    values.all,
    asDear,
  );
  const last = found.length === limit || isCut(found) ? found.at(-1) : undefined;
  return {
    rows: found.map((one) => ({
      event: personEventFromRow(one),
      at: one.counted_at,
      value: one.amount,
      currency: one.amount_currency,
    })),
    next: last ? { at: last.counted_at.toISOString(), id: last.id } : null,
  };
}

const asDear = { once: true, dear: true, milliseconds: countingMilliseconds } as const;

interface FoundRow {
  counted_at: Date;
  amount: string | null;
  amount_currency: string | null;
}

function spanTable({ spans }: PointQuestion, values: StatementValues): string {
  const rows = values.addSpans(spans.map((one) => ({ ...one, offset: 0 })));
  return `span as (select span.starts, span.ends from ${rows})`;
}

/** The rows of a `span`, whatever their type: events `e`, or values `m` with their events where the group asks for them. */
function rowsOf({ key, group, spans }: PointQuestion, values: StatementValues) {
  const isOfEvents = key === eventCount;
  const [row, id] = isOfEvents ? ['e', 'e.id'] : ['m', 'm.event_id'];
  const isOfCampaign = group?.by === 'campaign';
  const tables = isOfCampaign ? [toldCampaigns(values, isOfEvents ? spans : undefined)] : [];
  const event = group ? ' join event e on e.workspace_id = $1 and e.id = m.event_id' : '';
  const told = isOfCampaign ? ` left join told on told.event_id = ${id}` : '';
  const ofKey = isOfEvents ? '' : `and m.key = ${values.add(key)}::text and m.counted`;
  return {
    tables,
    from: `${isOfEvents ? 'event e' : `metric m${event}`}${told}`,
    where: `${row}.workspace_id = $1 ${ofKey} and ${row}.occurred_at >= span.starts and ${row}.occurred_at < span.ends
            ${inGroup(group, values)}`,
    at: `${row}.occurred_at`,
    id,
  };
}

function inGroup(group: PointQuestion['group'], values: StatementValues): string {
  if (!group) return '';
  const column = groupOfRow[group.by];
  if ('not' in group)
    return `and ${column} is not null and ${column} <> all(${values.add(arrayLiteral(group.not))}::text::text[])`;
  return group.is === null ? `and ${column} is null` : `and ${column} = ${values.add(group.is)}::text`;
}
