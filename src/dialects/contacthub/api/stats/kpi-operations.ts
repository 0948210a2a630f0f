import { type EventContext, eventContexts } from '../../../../core/event/event.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { at } from '../../access.ts';
import { type DayRange, daysOf, rangeBefore } from '../../analytics/day-range.ts';
import {
  type Activity,
  ecommerceFigures,
  type Figure,
  presentFigures,
  purchaseFigures,
  webFigures,
} from '../../analytics/kpi.ts';
import { measures } from '../../analytics/measures.ts';
import { orderType } from '../../analytics/order-metrics.ts';
import { readDayCounts } from '../../query/count-days.ts';
import { countByTypeAndContext, sumMetrics } from '../../query/count-events.ts';
import { WorkspaceParameters } from '../schemas.ts';
import { parseEntryNodeIds, parseRange, spans } from './parse.ts';
import { presentParameters } from './present.ts';
import { KpiQuery, PurchaseQuery } from './schemas.ts';

/** Key figures of some days of the workspace, each beside what it was in as many days before. */
export const kpiOperations: readonly Operation<Services>[] = [
  operation({
    ...at('readPurchaseKpi'),
    summary: 'Events Kpi Purchases',
    checks: { path: WorkspaceParameters, query: PurchaseQuery },
    handle: ({ services, access, query }) => {
      const context = query.type === 'ALL' ? null : query.type;
      return readKpi(services, access.workspace, query, { figures: purchaseFigures, context });
    },
  }),
  operation({
    ...at('readEcommerceKpi'),
    summary: 'Events Kpi Ecommerce',
    checks: { path: WorkspaceParameters, query: KpiQuery },
    handle: ({ services, access, query }) =>
      readKpi(services, access.workspace, query, { figures: ecommerceFigures, context: 'ECOMMERCE' }),
  }),
  operation({
    ...at('readWebKpi'),
    summary: 'Events Kpi Web',
    checks: { path: WorkspaceParameters, query: KpiQuery },
    handle: ({ services, access, query }) =>
      readKpi(services, access.workspace, query, { figures: webFigures, context: 'WEB' }),
  }),
];

interface Kpi {
  readonly figures: readonly Figure[];
  /** Null: any. */
  readonly context: EventContext | null;
}

async function readKpi(
  services: Services,
  workspace: Workspace,
  query: { start?: string; end?: string; nodeId?: string; type?: string },
  { figures, context }: Kpi,
) {
  const nodeIds = parseEntryNodeIds(query, workspace);
  const range = parseRange(query, workspace, services.clock(), spans.lastMonth);
  const read = (days: Pick<DayRange, 'first' | 'last'>) =>
    readActivity(services, workspace, days, { nodeIds, context });
  const [current, previous] = await Promise.all([read(range), read(rangeBefore(range))]);
  const { type, nodeId = null } = query;
  return {
    parameters: presentParameters(range, { ...(type === undefined ? {} : { type }), nodeId }),
    data: presentFigures(figures, workspace.currency, { current, previous }),
  };
}

async function readActivity(
  { database }: Services,
  workspace: Workspace,
  range: Pick<DayRange, 'first' | 'last'>,
  { nodeIds, context }: { readonly nodeIds: readonly number[]; readonly context: EventContext | null },
): Promise<Activity> {
  const days = daysOf(range);
  const types = workspace.eventTypes.ofDialect('contacthub');
  const number = context === null ? null : eventContexts[context];
  const filter = { nodeIds, context: number, typeIds: types.map(({ id }) => id) };
  const orders = types.filter(({ name }) => name === orderType).map(({ id }) => id);
  const countVisits = async (measure: typeof measures.visits | typeof measures.bounces) => {
    if (context !== 'WEB') return 0;
    const counts = await readDayCounts(database, workspace.id, measure, nodeIds, days, 'MONTHLY');
    return counts.values().reduce((sum, total) => sum + total, 0);
  };
  const [counts, metrics, visits, bounces] = await Promise.all([
    countByTypeAndContext(database, workspace.id, days, filter),
    sumMetrics(database, workspace.id, days, { ...filter, typeIds: orders }),
    countVisits(measures.visits),
    countVisits(measures.bounces),
  ]);
  const totals = new Map<number, number>();
  for (const { typeId, total } of counts) totals.set(typeId, (totals.get(typeId) ?? 0) + total);
  const eventsOf = (name: string) => {
    const type = workspace.eventTypes.byName('contacthub', name);
    return type ? (totals.get(type.id) ?? 0) : 0;
  };
  return { events: eventsOf, metrics, visits, bounces };
}
