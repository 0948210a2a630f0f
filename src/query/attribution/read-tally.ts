import type { Credited, Tally, TallyRow } from '../../core/attribution/tally.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { AttributionQuestion } from './count-tally.ts';
import { boundsOf, labelIn } from './local-interval.ts';
import { readPeople } from './read-people.ts';
import { readSums, type SumQuestion } from './read-sums.ts';

/** Answers a question from the sums of the kept conversion that has its settings (`number`), as they were at a seq. */
export async function readTally(
  connection: Queryable,
  workspaceId: WorkspaceId,
  number: number,
  { settings, model, grouping, interval, isOfTouches, days }: AttributionQuestion,
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
    settings.metric === null ? undefined : readIsMoney(connection, workspaceId, number),
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

/** Of how many conversions it is looked at what their value is of: nearly all have one, of the same kind. */
const lookedAt = 200;

async function readIsMoney(
  connection: Queryable,
  workspaceId: WorkspaceId,
  number: number,
): Promise<boolean | undefined> {
  const [row] = await connection.query<{ is_money: boolean | null }>(
    `select bool_or(currency is not null) as is_money
       from (select value, currency from attribution_path where workspace_id = $1 and conversion = $2
              order by converted_at desc limit ${lookedAt}) p
      where value is not null`,
    [workspaceId, number],
  );
  return row?.is_money ?? undefined;
}
