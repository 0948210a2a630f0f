import { keyOf } from '../../core/attribution/grouping.ts';
import {
  addCredited,
  type Credited,
  nothing,
  type Tally,
  type TallyRow,
} from '../../core/attribution/tally.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { AttributionQuestion } from './count-tally.ts';
import { boundsOf, labelIn } from './local-interval.ts';
import { readPeople, readSums, type SumQuestion } from './read-sums.ts';

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
    readSums(connection, workspaceId, asked, model),
    readPeople(connection, workspaceId, asked, grouping),
    settings.metric === null ? undefined : readIsMoney(connection, workspaceId, number),
  ]);
  const placeOf = (place: number, key: string | null) => JSON.stringify([place, key]);
  const persons = new Map(people.map((one) => [placeOf(one.interval, one.key), one.people]));
  const rows = new Map<string, TallyRow>();
  const unattributed = new Map<string | null, Credited>();
  for (const { interval: place, origin, touches, ...credited } of sums) {
    const within = labels[place] ?? null;
    if (origin === null) {
      unattributed.set(within, addCredited(unattributed.get(within) ?? nothing, credited));
      continue;
    }
    const key = keyOf(grouping, origin);
    const at = placeOf(place, key);
    const before = rows.get(at);
    rows.set(at, {
      interval: within,
      key,
      touches: (before?.touches ?? 0) + touches,
      people: persons.get(at) ?? 0,
      ...addCredited(before ?? nothing, credited),
    });
  }
  return { rows: [...rows.values()], unattributed, isMoney };
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
