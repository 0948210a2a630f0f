import { arrayLiteral } from '../../store/parameters.ts';
import type { Parameter, Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import { type RuleModel, ruleModels } from './models.ts';
import { addPeople, type PeopleSum } from './people-store.ts';

/** By which day credit is counted; by the number that it is stored under: never renumber. */
export const datings = { conversion: 0, touch: 1 } as const;
export type Dating = keyof typeof datings;

/** Beside the sums of each day stand those of its month, by the month's first day, under a number of their own: a year is twelve rows of an origin. */
export const monthly = (dating: number): number => dating + 2;

/** The first day of a day's month. */
export function monthOf(day: string): string {
  return `${day.slice(0, day.lastIndexOf('-'))}-01`;
}

/** What the touches of a day, or a month, and an origin are credited with; of the origin 0, the conversions that no touch led to. */
export interface DaySum {
  readonly conversion: number;
  readonly dating: number;
  /** `YYYY-MM-DD`, of the workspace's time zone. */
  readonly day: string;
  readonly origin: number;
  touches: number;
  /** By model, in the order of `ruleModels`: billionths of conversions, and millionths of the value's unit. */
  readonly credits: number[];
  readonly values: bigint[];
}

export const creditColumn = (model: RuleModel): string => `credit_${model.replaceAll('-', '_')}`;
export const valueColumn = (model: RuleModel): string => `value_${model.replaceAll('-', '_')}`;

const summed = ['touches', ...ruleModels.map(creditColumn), ...ruleModels.map(valueColumn)];
const dayKey = 'conversion, date_of, day, origin_id';

const dayColumns = `${dayKey}, ${summed.join(', ')}`;

/** Adds to the sums, and to the record of what was added by which step. Under the lock of who settles; sends without waiting. */
export function addSums(
  connection: Queryable,
  workspaceId: WorkspaceId,
  step: number,
  { days, people }: { readonly days: readonly DaySum[]; readonly people: readonly PeopleSum[] },
): Promise<unknown>[] {
  return [
    ...(days.length > 0 ? addDays(connection, workspaceId, step, days) : []),
    ...(people.length > 0 ? addPeople(connection, workspaceId, step, people) : []),
  ];
}

function addDays(
  connection: Queryable,
  workspaceId: WorkspaceId,
  step: number,
  days: readonly DaySum[],
): Promise<unknown>[] {
  const casts = summed.map((_, index) => (index <= ruleModels.length ? 'bigint' : 'numeric'));
  const values = casts.map((type, index) => `$${index + 6}::text::${type}[]`).join(', ');
  const rows = `unnest($2::text::integer[], $3::text::smallint[], $4::text::date[], $5::text::integer[], ${values})
                  as d (${dayColumns})`;
  const column = (value: (sum: DaySum) => string | number) => arrayLiteral(days.map(value));
  const parameters: Parameter[] = [
    workspaceId,
    column(({ conversion }) => conversion),
    column(({ dating }) => dating),
    column(({ day }) => day),
    column(({ origin }) => origin),
    column(({ touches }) => touches),
    ...ruleModels.map((_, model) => column(({ credits }) => credits[model] ?? 0)),
    ...ruleModels.map((_, model) => column(({ values: all }) => String(all[model] ?? 0n))),
  ];
  const added = summed.map((name) => `${name} = attribution_day.${name} + excluded.${name}`).join(', ');
  return [
    connection.query(
      `insert into attribution_day (workspace_id, ${dayColumns})
       select h.workspace_id, d.* from workspace_head h, ${rows} where h.workspace_id = $1
       on conflict (workspace_id, ${dayKey}) do update set ${added}`,
      parameters,
    ),
    connection.query(
      `insert into attribution_entry (workspace_id, ${dayColumns}, step)
       select h.workspace_id, d.*, $${parameters.length + 1}::bigint from workspace_head h, ${rows} where h.workspace_id = $1`,
      [...parameters, step],
    ),
  ];
}

const sumsAtOnce = 5000;

/** Hands over every sum by day of a conversion that counts something. */
export async function eachDaySum(
  connection: Queryable,
  workspaceId: WorkspaceId,
  conversion: number,
  take: (sum: DaySum) => void,
): Promise<void> {
  let after: Parameter[] = [-1, '-infinity', -1];
  for (let isOver = false; !isOver; ) {
    const rows = await connection.query<{ date_of: number; day: string; origin_id: number; sums: string }>(
      `select date_of, day, origin_id, concat_ws(' ', ${summed.join(', ')}) as sums from attribution_day
        where workspace_id = $1 and conversion = $2 and (date_of, day, origin_id) > ($3::smallint, $4::date, $5::integer)
        order by date_of, day, origin_id limit ${sumsAtOnce}`,
      [workspaceId, conversion, ...after],
    );
    for (const { date_of: dating, day, origin_id: origin, sums } of rows) {
      const [touches = '0', ...others] = sums.split(' ');
      const credits = others.slice(0, ruleModels.length).map(Number);
      const values = others.slice(ruleModels.length).map(BigInt);
      take({ conversion, dating, day, origin, touches: Number(touches), credits, values });
    }
    const last = rows.at(-1);
    if (last) after = [last.date_of, last.day, last.origin_id];
    isOver = rows.length < sumsAtOnce;
  }
}

/** How many sums by day of a conversion are other than what was recorded to be added to them. */
export async function countUnrecordedDays(
  connection: Queryable,
  workspaceId: WorkspaceId,
  conversion: number,
): Promise<number> {
  const [row] = await connection.query<{ total: number }>(
    `select count(*) as total from (
       select from (select ${dayColumns} from attribution_day where workspace_id = $1 and conversion = $2
                    union all
                    select ${dayKey}, ${summed.map((column) => `-${column}`).join(', ')} from attribution_entry
                     where workspace_id = $1 and conversion = $2) e
        group by ${dayKey} having ${summed.map((column) => `sum(${column}) <> 0`).join(' or ')}) d`,
    [workspaceId, conversion],
  );
  return row?.total ?? 0;
}

/** The counters that who settles has alone. */
export interface SettlingHead {
  readonly step: number;
  readonly lastOrigin: number;
}

/** Waits for the lock of who settles, and takes the next step. Undefined in a workspace that never had a conversion. */
export async function lockSettling(
  connection: Queryable,
  workspaceId: WorkspaceId,
): Promise<SettlingHead | undefined> {
  const [row] = await connection.query<{ last_step: number; last_origin: number }>(
    `update attribution_head set last_step = last_step + 1 where workspace_id = $1 returning last_step, last_origin`,
    [workspaceId],
  );
  return row && { step: row.last_step, lastOrigin: row.last_origin };
}

export async function storeLastOrigin(
  connection: Queryable,
  workspaceId: WorkspaceId,
  lastOrigin: number,
): Promise<void> {
  await connection.query(`update attribution_head set last_origin = $2 where workspace_id = $1`, [
    workspaceId,
    lastOrigin,
  ]);
}

/** Says which seq a step has in the order of changes. */
export async function insertStep(
  connection: Queryable,
  workspaceId: WorkspaceId,
  step: number,
  seq: number,
): Promise<void> {
  await connection.query(
    `insert into attribution_step (workspace_id, step, seq)
     select h.workspace_id, $2::bigint, $3::bigint from workspace_head h where h.workspace_id = $1`,
    [workspaceId, step, seq],
  );
}

/** By what a conversion's paths are counted. */
export interface CountingRule {
  readonly conversion: number;
  readonly revision: number;
  readonly timezone: string;
  /** As they are stored. */
  readonly settings: string;
}

export async function readCountingRules(
  connection: Queryable,
  workspaceId: WorkspaceId,
): Promise<CountingRule[]> {
  return connection.query<{ conversion: number; revision: number; timezone: string; settings: string }>(
    `select conversion, revision, timezone, settings::text as settings from attribution_rule
      where workspace_id = $1 order by conversion, revision`,
    [workspaceId],
  );
}

export async function insertCountingRule(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { conversion, revision, timezone, settings }: CountingRule,
): Promise<void> {
  await connection.query(
    `insert into attribution_rule (workspace_id, conversion, revision, timezone, settings)
     select h.workspace_id, $2::integer, $3::integer, $4::text, $5::text::json
       from workspace_head h where h.workspace_id = $1`,
    [workspaceId, conversion, revision, timezone, settings],
  );
}
