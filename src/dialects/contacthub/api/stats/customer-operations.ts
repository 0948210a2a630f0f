import type { Static } from 'typebox';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { at } from '../../access.ts';
import { presentBehaviors } from '../../analytics/behaviors.ts';
import { boundsOf, intervalsOf, longestOf } from '../../analytics/day-range.ts';
import { orderType } from '../../analytics/order-metrics.ts';
import { categoryOf, typesByCategory } from '../../documents/event-categories.ts';
import { countEventsOfRecords, sumMetricsOfRecords } from '../../query/count-events.ts';
import { hiddenEventsOf } from '../../retention/due-rules.ts';
import { requireRecords } from '../customers/find-customer.ts';
import { CustomerParameters } from '../schemas.ts';
import { parseRange, spans } from './parse.ts';
import { presentIntervals, presentParameters } from './present.ts';
import { CategoryQuery, RangeQuery } from './schemas.ts';

/** What one customer did; counted of its events, which an index gives. */
export const customerStatsOperations: readonly Operation<Services>[] = [
  operation({
    ...at('countEventsByCategory'),
    summary: 'Number of customer events by category',
    checks: { path: CustomerParameters, query: CategoryQuery },
    handle: ({ services, access, path, query }) =>
      countByCategory(services, access.workspace, path.customerId, query),
  }),
  operation({
    ...at('readBuyingBehaviors'),
    summary: 'Customer buying behaviors',
    checks: { path: CustomerParameters, query: RangeQuery },
    handle: ({ services, access, path, query }) =>
      readBehaviors(services, access.workspace, path.customerId, query),
  }),
];

/** Whose events are counted, and which of them are not. */
async function requireWhose(services: Services, workspace: Workspace, customerId: string) {
  const { customer, recordIds } = await requireRecords(services, workspace, customerId);
  const node = workspace.nodes.get(customer.nodeId);
  return { recordIds, hidden: hiddenEventsOf(workspace, node, services.clock()) };
}

async function countByCategory(
  services: Services,
  workspace: Workspace,
  customerId: string,
  query: Static<typeof CategoryQuery>,
) {
  const { mode } = query;
  const span = { usual: { years: 1 }, longest: longestOf[mode] };
  const range = parseRange(query, workspace, services.clock(), span);
  const { recordIds, hidden } = await requireWhose(services, workspace, customerId);
  const bounds = boundsOf(range, mode);
  const counts = await countEventsOfRecords(services.database, workspace.id, recordIds, bounds, hidden);
  const totals = new Map<string, Map<number, number>>();
  for (const { typeId, place, total } of counts) {
    const type = workspace.eventTypes.byId(typeId)?.name;
    if (type !== undefined)
      totals.getOrInsertComputed(type, () => new Map<number, number>()).set(place, total);
  }
  const intervals = intervalsOf(range, mode);
  const data = typesByCategory.flatMap((type) => {
    const found = totals.get(type);
    if (!found) return [];
    const values = presentIntervals(intervals, (_, place) => found.get(place) ?? 0);
    return [{ category: categoryOf(type), type, values }];
  });
  return { parameters: presentParameters(range, { mode }), data };
}

async function readBehaviors(
  services: Services,
  workspace: Workspace,
  customerId: string,
  query: Static<typeof RangeQuery>,
) {
  const range = parseRange(query, workspace, services.clock(), spans.lastYear);
  const { recordIds, hidden } = await requireWhose(services, workspace, customerId);
  const typeId = workspace.eventTypes.byName('contacthub', orderType)?.id;
  const [from, until] = [boundsOf(range, 'DAILY').at(0), boundsOf(range, 'DAILY').at(-1)];
  const sums =
    typeId === undefined || from === undefined || until === undefined
      ? new Map()
      : await sumMetricsOfRecords(services.database, workspace.id, recordIds, typeId, [from, until], hidden);
  return {
    parameters: presentParameters(range, {}),
    data: presentBehaviors(sums, workspace.currency),
  };
}
