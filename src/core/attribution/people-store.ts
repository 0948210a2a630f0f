import { arrayLiteral } from '../../store/parameters.ts';
import type { Parameter, Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';

/*
 * Persons are counted by pairs of days: on each day that somebody has a key, one is counted under the day before on which they had it. Those of a
 * span are the pairs whose day lies in it and whose day before lies before it. Beside the pairs of days stand what they come to by
 * months and weeks, so that no span has many rows to read (query/attribution/read-people.ts).
 */

/** By what persons are counted (grouping.ts), by the number that it is stored under: never renumber. */
export const dimensions = { campaign: 0, channel: 1, integration: 2, source: 3, medium: 4, api: 5 } as const;

/**
 * What pairs of days come to, by the number that it is stored under: never renumber. A month is named by its first day, a week by its Monday.
 * Of the pairs across months: the one's month and the other's, the one's month and the other's day, the one's day and the other's month.
 * Without a day before: all who have the key on a day, in a week, in a month.
 */
export const peopleLevels = {
  days: 0,
  monthThenMonth: 1,
  monthThenDay: 2,
  dayThenMonth: 3,
  day: 4,
  week: 5,
  month: 6,
} as const;

/** Under which number sums of a level stand, of those that are dated by `dating`. */
export const atLevel = (dating: number, level: keyof typeof peopleLevels): number =>
  dating + numberOfDatings * peopleLevels[level];

const numberOfDatings = 2;

/** Before every day: a person had the key on none. */
export const noDay = '-infinity';

/** How many persons have a key on a day, by the day before on which they had it. */
export interface PeopleSum {
  readonly conversion: number;
  readonly dating: number;
  readonly dimension: number;
  readonly previousDay: string;
  readonly day: string;
  /** The empty text where the touch is of no group. */
  readonly key: string;
  people: number;
}

const peopleKey = 'conversion, date_of, dimension, previous_day, day, key';
const peopleColumns = `${peopleKey}, people`;
const isPair = `date_of < ${numberOfDatings}`;
const upsert = `on conflict (workspace_id, ${peopleKey}) do update set people = attribution_people.people + excluded.people`;

/** What `pairs` (a table of the statement) come to: at every level, or at those alone that are no pairs of days. */
function levelsOf(pairs: string, which: 'every level' | 'no pairs'): string {
  const { days, ...others } = peopleLevels;
  const crosses = 'b.month <> t.month';
  const crossesFromOne = `${crosses} and d.previous_day <> '${noDay}'`;
  const levels = {
    monthThenMonth: ['b.month', 't.month', crosses],
    monthThenDay: ['b.month', 'd.day', crossesFromOne],
    dayThenMonth: ['d.previous_day', 't.month', crossesFromOne],
    day: [`'${noDay}'`, 'd.day', 'true'],
    week: [`'${noDay}'`, 't.week', 'b.week <> t.week'],
    month: [`'${noDay}'`, 't.month', crosses],
  } as const satisfies Record<keyof typeof others, readonly string[]>;
  const rows = Object.entries(levels).map(([level, [previous, day, holds]]) => {
    const number = others[level as keyof typeof others];
    return `(${number}, ${previous}::date, ${day}::date, ${holds})`;
  });
  if (which === 'every level') rows.unshift(`(${days}, d.previous_day, d.day, true)`);
  const monthAndWeekOf = (day: string) =>
    `select date_trunc('month', ${day}::timestamp)::date as month, date_trunc('week', ${day}::timestamp)::date as week`;
  return `select d.conversion, (d.date_of + ${numberOfDatings} * l.level)::smallint as date_of, d.dimension, l.previous_day, l.day, d.key,
                 sum(d.people)::bigint as people
            from ${pairs}
           cross join lateral (${monthAndWeekOf('d.previous_day')}) b
           cross join lateral (${monthAndWeekOf('d.day')}) t
           cross join lateral (values ${rows.join(', ')}) l (level, previous_day, day, holds)
           where l.holds
           group by d.conversion, d.date_of, l.level, d.dimension, l.previous_day, l.day, d.key
          having sum(d.people) <> 0`;
}

/** Adds pairs, with what they come to, and records the pairs. Under the lock of who settles; sends without waiting. */
export function addPeople(
  connection: Queryable,
  workspaceId: WorkspaceId,
  step: number,
  people: readonly PeopleSum[],
): Promise<unknown>[] {
  const pairs = `unnest($2::text::integer[], $3::text::smallint[], $4::text::smallint[], $5::text::date[], $6::text::date[],
                        $7::text::text[], $8::text::bigint[]) as d (${peopleColumns})`;
  const column = (value: (sum: PeopleSum) => string | number) => arrayLiteral(people.map(value));
  const parameters: Parameter[] = [
    workspaceId,
    column(({ conversion }) => conversion),
    column(({ dating }) => dating),
    column(({ dimension }) => dimension),
    column(({ previousDay }) => previousDay),
    column(({ day }) => day),
    column(({ key }) => key),
    column((sum) => sum.people),
  ];
  return [
    connection.query(
      `insert into attribution_people (workspace_id, ${peopleColumns})
       select h.workspace_id, s.* from workspace_head h, (${levelsOf(pairs, 'every level')}) s where h.workspace_id = $1
       ${upsert}`,
      parameters,
    ),
    connection.query(
      `insert into attribution_people_entry (workspace_id, ${peopleColumns}, step)
       select h.workspace_id, d.*, $9::bigint from workspace_head h, ${pairs} where h.workspace_id = $1`,
      [...parameters, step],
    ),
  ];
}

const sumsAtOnce = 5000;

/** Hands over every pair of days of a conversion. */
export async function eachPeopleSum(
  connection: Queryable,
  workspaceId: WorkspaceId,
  conversion: number,
  take: (sum: PeopleSum) => void,
): Promise<void> {
  interface Row {
    date_of: number;
    dimension: number;
    previous_day: string;
    day: string;
    key: string;
    people: number;
  }
  let after: Parameter[] = [-1, -1, noDay, noDay, ''];
  for (let isOver = false; !isOver; ) {
    const rows = await connection.query<Row>(
      `select date_of, dimension, previous_day, day, key, people from attribution_people
        where workspace_id = $1 and conversion = $2 and ${isPair}
          and (date_of, dimension, previous_day, day, key) > ($3::smallint, $4::smallint, $5::date, $6::date, $7::text)
        order by date_of, dimension, previous_day, day, key limit ${sumsAtOnce}`,
      [workspaceId, conversion, ...after],
    );
    for (const { date_of: dating, previous_day: previousDay, ...row } of rows)
      take({ conversion, dating, previousDay, ...row });
    const last = rows.at(-1);
    if (last) after = [last.date_of, last.dimension, last.previous_day, last.day, last.key];
    isOver = rows.length < sumsAtOnce;
  }
}

/** How many pairs of a conversion are other than what was recorded to be added to them. */
export async function countUnrecordedPeople(
  connection: Queryable,
  workspaceId: WorkspaceId,
  conversion: number,
): Promise<number> {
  const [row] = await connection.query<{ total: number }>(
    `select count(*) as total from (
       select from (select ${peopleColumns} from attribution_people where workspace_id = $1 and conversion = $2 and ${isPair}
                    union all
                    select ${peopleKey}, -people from attribution_people_entry
                     where workspace_id = $1 and conversion = $2) e
        group by ${peopleKey} having sum(people) <> 0) p`,
    [workspaceId, conversion],
  );
  return row?.total ?? 0;
}

/** By how much what the pairs of a conversion come to is other than what is stored of that. */
const levelDifference = `
  select ${peopleKey}, sum(people)::bigint as people
    from (${levelsOf(`(select ${peopleColumns} from attribution_people where workspace_id = $1 and conversion = $2 and ${isPair}) d`, 'no pairs')}
          union all
          select ${peopleKey}, -people from attribution_people
           where workspace_id = $1 and conversion = $2 and not ${isPair}) e
   group by ${peopleKey} having sum(people) <> 0`;

/** How many sums by month and week of a conversion are other than its pairs of days give. */
export async function countUnlikePairs(
  connection: Queryable,
  workspaceId: WorkspaceId,
  conversion: number,
): Promise<number> {
  const [row] = await connection.query<{ total: number }>(
    `select count(*) as total from (${levelDifference}) d`,
    [workspaceId, conversion],
  );
  return row?.total ?? 0;
}

/** Makes the sums by month and week of a conversion what its pairs of days give. Under the lock of who settles. */
export async function mendLevels(
  connection: Queryable,
  workspaceId: WorkspaceId,
  conversion: number,
): Promise<void> {
  await connection.query(
    `insert into attribution_people (workspace_id, ${peopleColumns})
     select h.workspace_id, s.* from workspace_head h, (${levelDifference}) s where h.workspace_id = $1
     ${upsert}`,
    [workspaceId, conversion],
  );
}
