import type { Grouping } from '../../core/attribution/grouping.ts';
import { atLevel, dimensions, noDay, type peopleLevels } from '../../core/attribution/people-store.ts';
import { datings, monthOf } from '../../core/attribution/sum-store.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import { intervalAt, isWithin, lastStep, type SumQuestion } from './read-sums.ts';

/** How many persons have had a touch of a group within an interval. */
export interface GroupPeople {
  readonly interval: number;
  /** As `keyOf` gives it. */
  readonly key: string | null;
  readonly people: number;
}

/** Sums that lie together: of one level, one day (month) before, and days (months) from `since` up to, but not at, `until`. */
interface Stretch {
  readonly interval: number;
  readonly level: keyof typeof peopleLevels;
  readonly previous: string;
  readonly since: string;
  readonly until: string;
}

/**
 * By interval and group: each person once, on the first of its days within the interval, which is the one whose day before lies before the
 * interval. What was added to the pairs since `asOf` is taken out again.
 */
export async function readPeople(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { conversion, dating, bounds, asOf }: SumQuestion,
  grouping: Grouping,
): Promise<GroupPeople[]> {
  const which = [workspaceId, conversion, dimensions[grouping]] as const;
  const stretches = await stretchesOf(bounds, () => readFirstMonth(connection, which, datings[dating]));
  const rows = await connection.query<{ interval: number; key: string; people: number }>(
    `select p.interval, p.key, sum(p.people) as people
       from (select k.interval, p.key, p.people
               from unnest($4::text::integer[], $5::text::smallint[], $6::text::date[], $7::text::date[], $8::text::date[])
                      as k (interval, level, previous, since, until)
              cross join lateral (
                select key, people from attribution_people
                 where workspace_id = $1 and conversion = $3 and date_of = k.level and dimension = $9
                   and previous_day = k.previous and day >= k.since and day < k.until) p
             union all
             select ${intervalAt('day', '$11')}, key, -people from attribution_people_entry
              where workspace_id = $1 and conversion = $3 and date_of = $10 and dimension = $9 and step > ${lastStep}
                and ${isWithin('day', '$11')} and previous_day < ($11::text::date[])[width_bucket(day, $11::text::date[])]) p
      group by p.interval, p.key having sum(p.people) <> 0`,
    [
      workspaceId,
      asOf,
      conversion,
      arrayLiteral(stretches.map(({ interval }) => interval)),
      arrayLiteral(stretches.map(({ level }) => atLevel(datings[dating], level))),
      arrayLiteral(stretches.map(({ previous }) => previous)),
      arrayLiteral(stretches.map(({ since }) => since)),
      arrayLiteral(stretches.map(({ until }) => until)),
      dimensions[grouping],
      datings[dating],
      arrayLiteral(bounds),
    ],
  );
  return rows.map(({ interval, key, people }) => ({
    interval,
    key: key === '' ? null : key,
    people: Number(people),
  }));
}

/** The first month that has one behind it in which the same person has the same key. */
async function readFirstMonth(
  connection: Queryable,
  [workspaceId, conversion, dimension]: readonly [WorkspaceId, number, number],
  dating: number,
): Promise<string | null> {
  const [row] = await connection.query<{ month: string | null }>(
    `select min(previous_day) as month from attribution_people
      where workspace_id = $1 and conversion = $2 and date_of = $3 and dimension = $4 and previous_day > '${noDay}'`,
    [workspaceId, conversion, atLevel(dating, 'monthThenMonth'), dimension],
  );
  return row?.month ?? null;
}

async function stretchesOf(
  bounds: readonly string[],
  readFirst: () => Promise<string | null>,
): Promise<Stretch[]> {
  const intervals = bounds
    .slice(0, -1)
    .map((since, interval) => ({ interval, since, until: bounds[interval + 1] ?? since }));
  const levels = intervals.map(({ since, until }) => levelOf(since, until));
  const first = levels.includes(undefined) ? await readFirst() : null;
  return intervals.flatMap(({ interval, since, until }, place) => {
    const level = levels[place];
    if (level) return [{ interval, level, previous: noDay, since, until: next(since, 'days') }];
    return divide(since, until, first).map((stretch) => ({ interval, ...stretch }));
  });
}

/** Of a span that is a day, a week or a month, how its persons are counted without any day before. */
function levelOf(since: string, until: string): 'day' | 'week' | 'month' | undefined {
  const [begin, end] = [Temporal.PlainDate.from(since), Temporal.PlainDate.from(until)];
  const isEnd = (day: Temporal.PlainDate) => day.equals(end);
  if (isEnd(begin.add({ days: 1 }))) return 'day';
  if (begin.dayOfWeek === 1 && isEnd(begin.add({ days: 7 }))) return 'week';
  if (begin.day === 1 && isEnd(begin.add({ months: 1 }))) return 'month';
  return undefined;
}

/**
 * Whole months of a span, and the days before and behind them; of each those persons whose day before lies before the span: on none, in a
 * month before that in which the span begins, or on a day of that.
 */
function divide(since: string, until: string, firstMonth: string | null): Omit<Stretch, 'interval'>[] {
  const month = monthOf(since);
  const head = since === month ? since : next(month, 'months');
  const tail = monthOf(until);
  const months = head < tail ? [{ since: head, until: tail }] : [];
  const days =
    head < tail
      ? [
          { since, until: head },
          { since: tail, until },
        ].filter((part) => part.since < part.until)
      : [{ since, until }];
  const monthsBefore = listUpTo(firstMonth ?? month, month, 'months');
  const daysBefore = listUpTo(month, since, 'days');
  const each = (
    parts: readonly Pick<Stretch, 'since' | 'until'>[],
    level: Stretch['level'],
    before: readonly string[],
  ) => before.flatMap((previous) => parts.map((part) => ({ level, previous, ...part })));
  return [
    ...each(months, 'monthThenMonth', [noDay, ...monthsBefore]),
    ...each(months, 'dayThenMonth', daysBefore),
    ...each(days, 'monthThenDay', monthsBefore),
    ...each(days, 'days', [noDay, ...daysBefore]),
  ];
}

function next(day: string, unit: 'days' | 'months'): string {
  return Temporal.PlainDate.from(day)
    .add({ [unit]: 1 })
    .toString();
}

/** The days, or months, from the one up to, but not at, the other. */
function listUpTo(from: string, until: string, unit: 'days' | 'months'): string[] {
  const listed: string[] = [];
  for (let day = from; day < until; day = next(day, unit)) listed.push(day);
  return listed;
}
