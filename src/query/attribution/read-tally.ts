import { type KeptPeriod, valuesLookedAt } from '../../core/attribution/period-store.ts';
import type { Credited, Tally, TallyRow } from '../../core/attribution/tally.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { AttributionQuestion } from './count-tally.ts';
import { boundsOf, labelIn } from './local-interval.ts';
import { readPeople } from './read-people.ts';
import { readSums, type SumQuestion } from './read-sums.ts';

/** Answers a question from the sums of a kept conversion, as they were at a seq of a period of its settings. */
export async function readTally(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { conversion: number, settings, isMoney: wasMoney }: KeptPeriod,
  { model, grouping, interval, isOfTouches, days }: Omit<AttributionQuestion, 'settings'>,
  asOf: number,
): Promise<Tally> {
  const bounds = boundsOf(days, interval);
  const label = labelIn(interval);
  const labels = bounds.slice(0, -1).map(label);
  const asked: SumQuestion = {
    conversion: number,
    dating: isOfTouches ? 'touch' : 'conversion',
    bounds,
    asOf,
  };
  const [sums, people, isMoney] = await Promise.all([
    readSums(connection, workspaceId, asked, model, grouping),
    readPeople(connection, workspaceId, asked, grouping),
    settings.metric === null ? undefined : (wasMoney ?? readIsMoney(connection, workspaceId, number)),
  ]);
  const persons = labels.map(() => new Map<string | null, number>());
  for (const { interval, key, people: number } of people) persons[interval]?.set(key, number);
  const rows: TallyRow[] = [];
  const unattributed = new Map<string | null, Credited>();
  for (const { interval: place, key, isUnattributed, touches, conversions, value } of sums) {
    const interval = labels[place] ?? null;
    if (isUnattributed) unattributed.set(interval, { conversions, value });
    else rows.push({ interval, key, touches, people: persons[place]?.get(key) ?? 0, conversions, value });
  }
  return { rows, unattributed, isMoney };
}

async function readIsMoney(
  connection: Queryable,
  workspaceId: WorkspaceId,
  number: number,
): Promise<boolean | undefined> {
  const [row] = await connection.query<{ is_money: boolean | null }>(
    `select bool_or(currency is not null) as is_money
       from (select value, currency from attribution_path where workspace_id = $1 and conversion = $2
              order by converted_at desc limit ${valuesLookedAt}) p
      where value is not null`,
    [workspaceId, number],
  );
  return row?.is_money ?? undefined;
}
