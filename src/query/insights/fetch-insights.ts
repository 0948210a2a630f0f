import { eventCount } from '../../core/metric/metric.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Span } from '../../projections/rollups/zone-spans.ts';
import { instantText } from '../../store/instants.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Parameter, Queryable } from '../../store/queryable.ts';
import { type Interval, labelOf } from './interval.ts';
import type { InsightPlan } from './plan.ts';

export interface InsightCell {
  readonly label: string;
  /** Null: of all types together. */
  readonly typeId: number | null;
  readonly metric: string;
  readonly sum: number;
}

export interface InsightSelection {
  readonly interval: Interval;
  readonly groupBy: 'project' | 'event-type';
  readonly metrics: readonly string[];
  readonly typeIds: readonly number[];
}

/** All parts of the plan in one statement, which sees the store at one moment: a value that moves is in one of them. */
export async function fetchInsights(
  connection: Queryable,
  workspaceId: WorkspaceId,
  plan: InsightPlan,
  selection: InsightSelection,
): Promise<InsightCell[]> {
  const { interval, groupBy, metrics, typeIds } = selection;
  const rows = await connection.query<{ label: string; type_id: number | null; metric: string; sum: string }>(
    statementOf(interval, groupBy),
    [
      workspaceId,
      arrayLiteral(typeIds),
      // Events make an interval one that is answered, whatever is asked for.
      arrayLiteral([...new Set([...metrics, eventCount])]),
      plan.days?.from ?? null,
      plan.days?.until ?? null,
      ...spanParameters(plan.quarterHours),
      ...spanParameters(plan.rows),
    ],
  );
  return rows.map((row) => ({
    label: row.label,
    typeId: row.type_id,
    metric: row.metric,
    sum: Number(row.sum),
  }));
}

/** SQL of the local time of an instant within a `span` of `spanRows`. */
export function localTime(column: string): string {
  return `((${column} + span.shift) at time zone 'UTC')`;
}

/** SQL of spans as rows `span`; each placeholder is of one of `spanParameters`. */
export function spanRows(starts: string, ends: string, seconds: string): string {
  return `(select starts, ends, make_interval(secs => seconds) as shift
             from unnest(${starts}::text::timestamptz[], ${ends}::text::timestamptz[], ${seconds}::text::float8[])
                    as s (starts, ends, seconds)) as span`;
}

const spans = (from: number) => spanRows(`$${from}`, `$${from + 1}`, `$${from + 2}`);

/** The planner can't know how few and short the spans are. Grouped within the lateral, each span is looked up by the index. */
function statementOf(interval: Interval, groupBy: InsightSelection['groupBy']): string {
  const type = groupBy === 'project' ? 'null::integer' : 'r.type_id';
  const label = (at: string) => labelOf(interval, at);
  const wanted = 'r.workspace_id = $1 and r.type_id = any($2::text::integer[])';
  return `
    select label, type_id, metric, sum(sum) as sum from (
      select ${label('r.day::timestamp')} as label, ${type} as type_id, r.metric, sum(r.sum) as sum, sum(r.total) as total
        from rollup_day r
       where ${wanted} and r.metric = any($3::text::text[]) and r.day >= $4::text::date and r.day < $5::text::date
       group by 1, 2, 3
      union all
      select part.* from ${spans(6)} cross join lateral (
        select ${label(localTime('r.bucket'))} as label, ${type} as type_id, r.metric, sum(r.sum) as sum, sum(r.total) as total
          from rollup_quarter_hour r
         where ${wanted} and r.metric = any($3::text::text[]) and r.bucket >= span.starts and r.bucket < span.ends
         group by 1, 2, 3) as part
      union all
      select part.* from ${spans(9)} cross join lateral (
        select ${label(localTime('r.occurred_at'))} as label, ${type} as type_id, '${eventCount}', count(*)::numeric, count(*)
          from event r
         where ${wanted} and r.occurred_at >= span.starts and r.occurred_at < span.ends
         group by 1, 2) as part
      union all
      select part.* from ${spans(9)} cross join lateral (
        select ${label(localTime('r.occurred_at'))} as label, ${type} as type_id, r.key, sum(r.value), count(*)
          from metric r
         where ${wanted} and r.key = any($3::text::text[]) and r.counted
           and r.occurred_at >= span.starts and r.occurred_at < span.ends
         group by 1, 2, 3) as part
    ) part
    group by label, type_id, metric having sum(total) <> 0`;
}

export function spanParameters(parts: readonly Span[]): Parameter[] {
  return [
    arrayLiteral(parts.map((span) => instantText(span.from))),
    arrayLiteral(parts.map((span) => instantText(span.until))),
    arrayLiteral(parts.map((span) => span.offset / 1000)),
  ];
}
