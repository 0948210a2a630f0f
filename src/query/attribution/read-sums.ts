import type { Grouping } from '../../core/attribution/grouping.ts';
import type { RuleModel } from '../../core/attribution/models.ts';
import { keyColumn, noOrigin } from '../../core/attribution/origin-store.ts';
import {
  creditColumn,
  type Dating,
  datings,
  monthly,
  monthOf,
  valueColumn,
} from '../../core/attribution/sum-store.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';

/** Which sums of a kept conversion are asked for. */
export interface SumQuestion {
  /** Its number. */
  readonly conversion: number;
  readonly dating: Dating;
  /** Local days (`YYYY-MM-DD`) in order: each interval is from one up to, but not at, the next. */
  readonly bounds: readonly string[];
  /** A seq of the workspace's. */
  readonly asOf: number;
}

/** What touches of a group are credited with within an interval; without touches, what no touch has led to. */
export interface GroupSum {
  /** The place of its interval, from 0. */
  readonly interval: number;
  /** As `keyOf` gives it. */
  readonly key: string | null;
  readonly isUnattributed: boolean;
  readonly touches: number;
  /** Billionths. */
  readonly conversions: bigint;
  /** Millionths of the value's unit. */
  readonly value: bigint;
}

/** The step that was the last by `asOf`, $2. */
export const lastStep = `coalesce((select s.step from attribution_step s where s.workspace_id = $1 and s.seq <= $2::bigint order by s.seq desc limit 1), 0)`;

/** The place of the interval, from 0, that a day lies in; of the bounds, an array of days. */
export const intervalAt = (day: string, bounds: string): string =>
  `width_bucket(${day}, ${bounds}::text::date[]) - 1`;

/** Whether a day lies in any interval of the bounds. */
export const isWithin = (day: string, bounds: string): string =>
  `${day} >= (${bounds}::text::date[])[1] and ${day} < (${bounds}::text::date[])[cardinality(${bounds}::text::date[])]`;

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

/** By interval and group. What was added to the sums since `asOf` is taken out of them again. */
export async function readSums(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { conversion, dating, bounds, asOf }: SumQuestion,
  model: RuleModel,
  grouping: Grouping,
): Promise<GroupSum[]> {
  const [credit, value] = [creditColumn(model), valueColumn(model)];
  const segments = segmentsOf(bounds, datings[dating]);
  const rows = await connection.query<SumRow>(
    `select d.interval, ${keyColumn[grouping]} as key, d.origin_id = ${noOrigin} as unattributed,
            sum(d.touches)::text as touches, sum(d.credit)::text as credit, sum(d.value)::text as value
       from (select k.interval, d.*
               from unnest($4::text::integer[], $5::text::smallint[], $6::text::date[], $7::text::date[])
                      as k (interval, dating, since, until)
              cross join lateral (
                select origin_id, touches, ${credit} as credit, ${value} as value from attribution_day
                 where workspace_id = $1 and conversion = $3 and date_of = k.dating and day >= k.since and day < k.until) d
             union all
             select ${intervalAt('day', '$9')}, origin_id, -touches, -${credit}, -${value} from attribution_entry
              where workspace_id = $1 and conversion = $3 and date_of = $8 and step > ${lastStep}
                and ${isWithin('day', '$9')}) d
       left join attribution_origin o on o.workspace_id = $1 and o.id = d.origin_id
      group by 1, 2, 3
     having sum(d.touches) <> 0 or sum(d.credit) <> 0 or sum(d.value) <> 0`,
    [
      workspaceId,
      asOf,
      conversion,
      arrayLiteral(segments.map(({ interval }) => interval)),
      arrayLiteral(segments.map((segment) => segment.dating)),
      arrayLiteral(segments.map(({ since }) => since)),
      arrayLiteral(segments.map(({ until }) => until)),
      datings[dating],
      arrayLiteral(bounds),
    ],
  );
  return rows.map(({ interval, key, unattributed, touches, credit: billionths, value: millionths }) => ({
    interval,
    key,
    isUnattributed: unattributed,
    touches: Number(touches),
    conversions: BigInt(billionths),
    value: BigInt(millionths),
  }));
}

interface SumRow {
  interval: number;
  key: string | null;
  unattributed: boolean;
  touches: string;
  credit: string;
  value: string;
}
