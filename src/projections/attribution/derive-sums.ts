import { Origins, readOrigins } from '../../core/attribution/origin-store.ts';
import { listPathsByPerson } from '../../core/attribution/path-store.ts';
import { eachPeopleSum, type PeopleSum } from '../../core/attribution/people-store.ts';
import { type DaySum, eachDaySum } from '../../core/attribution/sum-store.ts';
import { lowestId } from '../../core/id.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';
import { Contributions } from './contribution.ts';
import type { CountingRules } from './counting-rules.ts';

const personsAtOnce = 500;

/**
 * By how much the paths of a conversion give other sums than are stored; nothing where they are right. Holds the sums in memory: days, origins
 * and keys, not conversions. In one snapshot, or under the lock of who settles.
 */
export async function findSumDifference(
  connection: Queryable,
  workspaceId: WorkspaceId,
  rules: CountingRules,
  conversion: number,
): Promise<{
  readonly days: readonly DaySum[];
  readonly people: readonly PeopleSum[];
  readonly paths: number;
}> {
  const origins = new Origins();
  const difference = new Contributions(rules, origins);
  let counted = 0;
  for (let after: string | undefined = lowestId; after !== undefined; ) {
    const paths = await listPathsByPerson(connection, workspaceId, conversion, after, personsAtOnce);
    const numbers = new Set(paths.flatMap((path) => path.origins));
    await readOrigins(connection, workspaceId, origins.unknownOf(numbers), origins);
    for (const path of paths) difference.addPath(path, 1);
    for (const ofPerson of Map.groupBy(paths, ({ personId }) => personId).values())
      difference.addPerson(ofPerson, 1);
    counted += paths.length;
    after = paths.at(-1)?.personId;
  }
  await eachDaySum(connection, workspaceId, conversion, (sum) => difference.subtractDay(sum));
  await eachPeopleSum(connection, workspaceId, conversion, (sum) => difference.subtractPeople(sum));
  return { days: difference.days, people: difference.people, paths: counted };
}
