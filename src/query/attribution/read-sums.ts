import type { Grouping } from '../../core/attribution/grouping.ts';
import type { RuleModel } from '../../core/attribution/models.ts';
import {
  noOrigin,
  type OriginRow,
  originColumns,
  originFromRow,
} from '../../core/attribution/origin-store.ts';
import {
  creditColumn,
  type Dating,
  datings,
  dimensions,
  monthly,
  monthOf,
  noDay,
  valueColumn,
} from '../../core/attribution/sum-store.ts';
import type { Origin } from '../../core/attribution/touch.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { columnsOf } from '../../store/columns.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';

/** Which sums of a kept conversion are asked for. */
export interface SumQuestion {
  /** Its number. */
  readonly conversion: number;
  readonly dating: Dating;
  /** Local days (`YYYY-MM-DD`) in order: each interval is from one up to, but not at, the next. */
  readonly bounds: readonly string[];
  /** As of a seq; null: as of now. */
  readonly asOf: number | null;
}

/** What touches of an origin are credited with within an interval; without an origin, what no touch has led to. */
export interface OriginSum {
  /** The place of its interval, from 0. */
  readonly interval: number;
  readonly origin: Origin | null;
  readonly touches: number;
  /** Billionths. */
  readonly conversions: bigint;
  /** Millionths of the value's unit. */
  readonly value: bigint;
}

/** The step that was the last by then; none was later, where nothing is asked of the past. */
const lastStep = `coalesce((select s.step from attribution_step s where s.workspace_id = $1 and s.seq <= $2::bigint order by s.seq desc limit 1), 0)`;

/** Days of an interval that are summed by themselves, or months of it. */
interface Segment {
  readonly interval: number;
  readonly dating: number;
  readonly since: string;
  /** Exclusive. */
  readonly until: string;
}

/** The whole months of each interval, and the days before and behind them. */
function segmentsOf(bounds: readonly string[], dating: number): Segment[] {
  return bounds.slice(0, -1).flatMap((since, interval) => {
    const until = bounds[interval + 1] ?? since;
    const day = Temporal.PlainDate.from(since);
    const first = (day.day === 1 ? day : day.add({ months: 1 }).with({ day: 1 })).toString();
    const behind = monthOf(until);
    if (first >= behind) return [{ interval, dating, since, until }];
    return [
      { interval, dating, since, until: first },
      { interval, dating: monthly(dating), since: first, until: behind },
      { interval, dating, since: behind, until },
    ].filter((segment) => segment.since < segment.until);
  });
}

/** By interval and origin. What was added to the sums since `asOf` is taken out of them again. */
export async function readSums(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { conversion, dating, bounds, asOf }: SumQuestion,
  model: RuleModel,
): Promise<OriginSum[]> {
  const [credit, value] = [creditColumn(model), valueColumn(model)];
  const segments = segmentsOf(bounds, datings[dating]);
  const inSegment = `workspace_id = $1 and conversion = $3 and date_of = k.dating and day >= k.since and day < k.until`;
  const rows = await connection.query<OriginRow & SumRow>(
    `select s.*, ${columnsOf('o', originColumns.replace('id, ', ''))}
       from (select k.interval, d.origin_id, sum(d.touches)::text as touches, sum(d.credit)::text as credit, sum(d.value)::text as value
               from unnest($4::text::integer[], $5::text::smallint[], $6::text::date[], $7::text::date[])
                      as k (interval, dating, since, until)
              cross join lateral (
                select origin_id, touches, ${credit} as credit, ${value} as value from attribution_day where ${inSegment}
                union all
                select origin_id, -touches, -${credit}, -${value} from attribution_entry
                 where ${inSegment} and $2::bigint is not null and step > ${lastStep}) d
              group by k.interval, d.origin_id) s
       left join attribution_origin o on o.workspace_id = $1 and o.id = s.origin_id
      where s.touches <> '0' or s.credit <> '0' or s.value <> '0'`,
    [
      workspaceId,
      asOf,
      conversion,
      arrayLiteral(segments.map(({ interval }) => interval)),
      arrayLiteral(segments.map((segment) => segment.dating)),
      arrayLiteral(segments.map(({ since }) => since)),
      arrayLiteral(segments.map(({ until }) => until)),
    ],
  );
  return rows.map((row) => ({
    interval: row.interval,
    origin: row.origin_id === noOrigin ? null : originFromRow(row),
    touches: Number(row.touches),
    conversions: BigInt(row.credit),
    value: BigInt(row.value),
  }));
}

interface SumRow {
  interval: number;
  origin_id: number;
  touches: string;
  credit: string;
  value: string;
}

/** How many persons have had a touch of a group within an interval. */
export interface GroupPeople {
  readonly interval: number;
  /** As `keyOf` gives it. */
  readonly key: string | null;
  readonly people: number;
}

/**
 * By interval and group: each person once, on the first of its days within the interval, which is the one whose day before lies before the
 * interval. Those days before are gone through one by one: what lies between two days of the interval is never read.
 */
export async function readPeople(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { conversion, dating, bounds, asOf }: SumQuestion,
  grouping: Grouping,
): Promise<GroupPeople[]> {
  const which = `workspace_id = $1 and conversion = $3 and date_of = $4 and dimension = $5`;
  const rows = await connection.query<{ interval: number; key: string; people: number }>(
    `select k.interval, p.key, sum(p.people) as people
       from (select place - 1 as interval, since, until
               from unnest($6::text::date[], $7::text::date[]) with ordinality as b (since, until, place)) k
      cross join lateral (
        select key, people from attribution_people
         where ${which} and previous_day = '${noDay}' and day >= k.since and day < k.until
        union all
        select f.key, f.people
          from (select generate_series(min(previous_day)::timestamp, (k.since - 1)::timestamp, interval '1 day')::date as previous
                  from attribution_people where ${which} and previous_day > '${noDay}') g
         cross join lateral (
           select key, people from attribution_people
            where ${which} and previous_day = g.previous and day >= k.since and day < k.until) f
        union all
        select key, -people from attribution_people_entry
         where ${which} and $2::bigint is not null and step > ${lastStep}
           and previous_day < k.since and day >= k.since and day < k.until) p
      group by k.interval, p.key having sum(p.people) <> 0`,
    [
      workspaceId,
      asOf,
      conversion,
      datings[dating],
      dimensions[grouping],
      arrayLiteral(bounds.slice(0, -1)),
      arrayLiteral(bounds.slice(1)),
    ],
  );
  return rows.map(({ interval, key, people }) => ({
    interval,
    key: key === '' ? null : key,
    people: Number(people),
  }));
}
