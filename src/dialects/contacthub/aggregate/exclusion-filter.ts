import { isRecord } from '../../../core/value/text.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { customerSubject, invalid, knownSubject } from '../api/customers/parse-atomic.ts';
import { readCustomerQuery } from '../api/customers/parse-query.ts';
import { type Condition, speaksOfEvents } from '../query/condition.ts';

/** "max 10 filters" (Create aggregate node). */
export const maximumFilters = 10;

/**
 * A filter as it is sent: a query as customers are searched by, or a condition of one (inferred: the page says no more than that it is an
 * object). @throws RequestError that says what of it is wrong, also that it asks for what customers did
 */
export function parseExclusionFilter(filter: Record<string, unknown>, workspace: Workspace): Condition {
  const condition = readCustomerQuery(queryOf(filter), workspace, customerSubject(workspace));
  // An event would move its customer in and out, in every batch.
  if (speaksOfEvents(condition)) throw invalid('a filter asks for what customers are, not for what they did');
  return condition;
}

/** One that is stored. Of a property that the workspace's schema has no more it holds what it held. */
export function readExclusionFilter(filter: Record<string, unknown>, workspace: Workspace): Condition {
  return readCustomerQuery(queryOf(filter), workspace, knownSubject(workspace));
}

function queryOf(filter: Record<string, unknown>): Record<string, unknown> {
  const query = isRecord(filter.query) ? filter.query : filter;
  const isCondition = query.type === 'atomic' || query.type === 'composite';
  return isCondition ? { type: 'simple', are: { condition: query } } : query;
}
