import type { Static } from 'typebox';
import { type EventContext, eventContextOf, eventContexts } from '../../../../core/event/event.ts';
import { nodeIdsOf, type Workspace } from '../../../../core/workspace/workspace.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { at, readNodesOf } from '../../access.ts';
import { boundsOf, daysOf, intervalsOf, longestOf } from '../../analytics/day-range.ts';
import { measures } from '../../analytics/measures.ts';
import { typesByCategory } from '../../documents/event-categories.ts';
import { countDeleted, readCustomerTotals, readDayCounts } from '../../query/count-days.ts';
import { countByTypeAndContext } from '../../query/count-events.ts';
import { presentPage } from '../paging.ts';
import { WorkspaceParameters } from '../schemas.ts';
import { presentStatus } from '../workspaces/present.ts';
import { customerStatsOperations } from './customer-operations.ts';
import { kpiOperations } from './kpi-operations.ts';
import { parseEntryNodeIds, parseNodeIds, parseRange, spans } from './parse.ts';
import { presentIntervals, presentParameters } from './present.ts';
import { ContextQuery, CreationQuery, NodeQuery, UpdateQuery } from './schemas.ts';

/** Read from what is counted beside the writes, but for what one customer did and what was deleted, which indexes give. */
export const statsOperations: readonly Operation<Services>[] = [
  ...customerStatsOperations,
  operation({
    ...at('readWorkspaceStats'),
    summary: 'Workspace information and total number of customers',
    checks: { path: WorkspaceParameters },
    handle: async ({ services, access: { workspace } }) => {
      const { total } = await countCustomers(services, workspace, nodeIdsOf(workspace, 'contacthub'));
      return {
        id: workspace.publicId,
        name: workspace.name,
        status: presentStatus(workspace),
        customers: total,
      };
    },
  }),
  operation({
    ...at('listNodeStats'),
    summary: 'Nodes information and total number of customers',
    checks: { path: WorkspaceParameters },
    handle: ({ services, access }) => listNodes(services, access.workspace),
  }),
  operation({
    ...at('countCustomers'),
    summary: 'Number of customers',
    checks: { path: WorkspaceParameters, query: NodeQuery },
    handle: async ({ services, access: { workspace }, query }) => {
      const { total } = await countCustomers(services, workspace, parseNodeIds(query, workspace));
      return { parameters: { nodeId: query.nodeId ?? null }, data: { total: String(total) } };
    },
  }),
  operation({
    ...at('countCustomersByCreationDate'),
    summary: 'Number of customers by creation date',
    checks: { path: WorkspaceParameters, query: CreationQuery },
    handle: ({ services, access, query }) => countByCreation(services, access.workspace, query),
  }),
  operation({
    ...at('countCustomersByChannel'),
    summary: 'Number of customers by available communication channels',
    checks: { path: WorkspaceParameters, query: NodeQuery },
    handle: async ({ services, access: { workspace }, query }) => {
      const found = await countCustomers(services, workspace, parseNodeIds(query, workspace));
      const { total, withEmail, withMobile, withBoth } = found;
      return {
        parameters: { nodeId: query.nodeId ?? null },
        data: {
          emailAndMobile: String(withBoth),
          emailOnly: String(withEmail - withBoth),
          mobileOnly: String(withMobile - withBoth),
          notReachable: String(total - withEmail - withMobile + withBoth),
        },
      };
    },
  }),
  operation({
    ...at('countCustomersByUpdateDate'),
    summary: 'Number of customers by update date',
    checks: { path: WorkspaceParameters, query: UpdateQuery },
    handle: ({ services, access, query }) => countUpdates(services, access.workspace, query, 'customers'),
  }),
  operation({
    ...at('countEventsByUpdateDate'),
    summary: 'Number of events by update date',
    checks: { path: WorkspaceParameters, query: UpdateQuery },
    handle: ({ services, access, query }) => countUpdates(services, access.workspace, query, 'events'),
  }),
  operation({
    ...at('countEventsByTypeAndContext'),
    summary: 'Number of events by type and context',
    checks: { path: WorkspaceParameters, query: ContextQuery },
    handle: ({ services, access, query }) => countByContext(services, access.workspace, query),
  }),
  ...kpiOperations,
];

async function countCustomers({ database }: Services, { id }: Workspace, nodeIds: readonly number[]) {
  const sum = { total: 0, withEmail: 0, withMobile: 0, withBoth: 0 };
  for (const node of await readCustomerTotals(database, id, nodeIds)) {
    sum.total += node.total;
    sum.withEmail += node.withEmail;
    sum.withMobile += node.withMobile;
    sum.withBoth += node.withBoth;
  }
  return sum;
}

async function listNodes({ database }: Services, workspace: Workspace) {
  const nodes = readNodesOf(workspace);
  const totals = await readCustomerTotals(
    database,
    workspace.id,
    nodes.map(({ id }) => id),
  );
  const elements = nodes.map(({ id, publicId, name, kind }) => ({
    id: publicId,
    name,
    type: kind.toUpperCase(),
    customers: totals.find(({ nodeId }) => nodeId === id)?.total ?? 0,
  }));
  const page = { page: 0, size: Math.max(1, elements.length) };
  return presentPage(elements, page, elements.length, elements.length);
}

async function countByCreation(
  services: Services,
  workspace: Workspace,
  query: Static<typeof CreationQuery>,
) {
  const { mode, nodeId = null } = query;
  const nodeIds = parseNodeIds(query, workspace);
  const span = { usual: { years: 1 }, longest: longestOf[mode] };
  const range = parseRange(query, workspace, services.clock(), span);
  const { database } = services;
  const measure = measures.customersAdded;
  const counts = await readDayCounts(database, workspace.id, measure, nodeIds, daysOf(range), mode);
  return {
    parameters: presentParameters(range, { mode, nodeId }),
    data: presentIntervals(intervalsOf(range, mode), (day) => counts.get(day) ?? 0),
  };
}

const updateMeasures = {
  customers: { ADDED: measures.customersAdded, UPDATED: measures.customersUpdated },
  events: { ADDED: measures.eventsAdded, UPDATED: measures.eventsUpdated },
} as const;

async function countUpdates(
  services: Services,
  workspace: Workspace,
  query: Static<typeof UpdateQuery>,
  what: keyof typeof updateMeasures,
) {
  const { type, nodeId = null } = query;
  const isOfEntries = what === 'events' || type === 'DELETED';
  const nodeIds = (isOfEntries ? parseEntryNodeIds : parseNodeIds)(query, workspace);
  const span = type === 'DELETED' ? spans.monthAtMost : spans.lastMonth;
  const range = parseRange(query, workspace, services.clock(), span);
  const { database } = services;
  const intervals = intervalsOf(range, 'DAILY');
  const parameters = presentParameters(range, { type, nodeId });
  if (type === 'DELETED') {
    const counts = await countDeleted(database, workspace.id, what, nodeIds, boundsOf(range, 'DAILY'));
    return { parameters, data: presentIntervals(intervals, (_, place) => counts.get(place) ?? 0) };
  }
  const measure = updateMeasures[what][type];
  const counts = await readDayCounts(database, workspace.id, measure, nodeIds, daysOf(range), 'DAILY');
  return { parameters, data: presentIntervals(intervals, (day) => counts.get(day) ?? 0) };
}

async function countByContext(services: Services, workspace: Workspace, query: Static<typeof ContextQuery>) {
  const { context, nodeId = null } = query;
  const nodeIds = parseEntryNodeIds(query, workspace);
  const range = parseRange(query, workspace, services.clock(), spans.lastMonth);
  const types = new Map(workspace.eventTypes.ofDialect('contacthub').map(({ id, name }) => [id, name]));
  const counts = await countByTypeAndContext(services.database, workspace.id, daysOf(range), {
    typeIds: [...types.keys()],
    nodeIds,
    context: context === 'ALL' ? null : eventContexts[context],
  });
  const rows = counts.map(({ typeId, context: number, total }) => ({
    type: types.get(typeId) ?? '',
    context: eventContextOf(number),
    value: String(total),
  }));
  return { parameters: presentParameters(range, { context, nodeId }), data: rows.toSorted(byTypeAndContext) };
}

interface ContextRow {
  readonly type: string;
  readonly context: EventContext | null;
}

function byTypeAndContext(a: ContextRow, b: ContextRow): number {
  const place = ({ type }: ContextRow) => typesByCategory.indexOf(type);
  const number = ({ context }: ContextRow) => (context === null ? 0 : eventContexts[context]);
  return place(a) - place(b) || number(a) - number(b);
}
