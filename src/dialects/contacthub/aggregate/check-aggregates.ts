import { lowestId } from '../../../core/id.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { type Check, lookTwice, toCheck } from '../../../projections/check.ts';
import type { Database } from '../../../store/database.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { countWrongRows } from '../projection/index-aggregates.ts';
import { canonicalJson } from '../rules/canonical-json.ts';
import { aggregatesOf, followedAggregates } from './aggregate.ts';
import { readCustomers } from './aggregate-store.ts';
import { compareParts, readJoined, readPartsOfRecords } from './follow-records.ts';
import { readCustomerSlice, readPartSlice } from './rebuild-aggregates.ts';

/**
 * Customers of aggregates are made of the entry customers that match, show what these make, and are searched by it. An aggregate that is
 * being made is left out until it is whole.
 */
export async function checkAggregates(database: Database, workspace: Workspace): Promise<Check> {
  const problems: string[] = [];
  const isWhole = aggregatesOf(workspace).every(({ settings }) => settings.state !== 'LOCKED');
  if (!isWhole)
    return toCheck('aggregates-equal', [], 'an aggregate node is being made: look again behind its job');
  let customers = 0;
  if (followedAggregates(workspace).length > 0) {
    for (let after: string | undefined = lowestId; after !== undefined; ) {
      const { ids, next } = await readPartSlice(database, workspace, after);
      const wrong = await countAgain(database, workspace, ids, countWrongParts);
      if (wrong > 0) problems.push(`${wrong} entry customers after ${after} are part of another customer`);
      after = next;
    }
    for (let after: string | undefined = lowestId; after !== undefined; ) {
      const { ids, next } = await readCustomerSlice(database, workspace, after);
      const wrong = await countAgain(database, workspace, ids, countWrongCustomers);
      if (wrong > 0) problems.push(`${wrong} rows of customers after ${after} differ from their parts`);
      customers += ids.length;
      after = next;
    }
  }
  return toCheck(
    'aggregates-equal',
    problems,
    `${customers} customers of aggregates follow from their parts`,
  );
}

type Count = (connection: Queryable, workspace: Workspace, ids: readonly string[]) => Promise<number>;

function countAgain(
  database: Database,
  workspace: Workspace,
  ids: readonly string[],
  count: Count,
): Promise<number> {
  const look = (connection: Queryable) => count(connection, workspace, ids);
  return lookTwice(database, workspace.id, look, (wrong) => wrong > 0);
}

const countWrongParts: Count = async (connection, workspace, names) => {
  const { stored, wanted } = await readPartsOfRecords(connection, workspace, names);
  const { gone, changed } = compareParts(stored, wanted);
  return gone.length + changed.length;
};

const countWrongCustomers: Count = async (connection, workspace, names) => {
  const stored = await readCustomers(connection, workspace.id, names);
  const alike = [...new Set([...names, ...stored.map((customer) => customer.alike)])];
  const wanted = await readJoined(connection, workspace, alike);
  const texts = new Set(stored.map(canonicalJson));
  const wrong = wanted.filter((customer) => !texts.has(canonicalJson(customer))).length;
  const tooMany = stored.length - (wanted.length - wrong);
  const ids = [...new Set([...names, ...wanted.map(({ id }) => id)])];
  return wrong + Math.max(tooMany, 0) + (await countWrongRows(connection, workspace, ids));
};
