import type { Static } from 'typebox';
import { readOpenJob } from '../../../../core/job/job-store.ts';
import { rebuildKind } from '../../../../core/job/rebuild-request.ts';
import type { Node } from '../../../../core/node/node.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import type { Services } from '../../../dialect.ts';
import { requireMade, requireReadNode } from '../../access.ts';
import { aggregatesMade } from '../../aggregate/aggregate-customers.ts';
import { customersIndexed } from '../../projection/customer-index.ts';
import { eventsIndexed } from '../../projection/event-values/event-values.ts';
import { indexedOfEvents, indexedPathsOf } from '../../projection/event-values/indexed-events.ts';
import { type Condition, conditionPaths, speaksOfEvents } from '../../query/condition.ts';
import { unservedAttributes } from '../../query/plan-records-condition.ts';
import { recordSources } from '../../query/record-source.ts';
import { isSortServed, type SortKey, searchRecords } from '../../query/search-records.ts';
import { hiddenEventsOf } from '../../retention/due-rules.ts';
import { extendedSchemaOf } from '../../rules/extended-properties.ts';
import { hiddenPaths, shownSchemaAt } from '../../rules/hidden-properties.ts';
import { parseSort, writePage } from '../paging.ts';
import { type Dearness, searchInTime } from '../search-in-time.ts';
import { parseCustomerQuery } from './parse-query.ts';
import { presentCustomer, selectFields, writeCustomer } from './present.ts';
import type { CustomerSearchQuery } from './schemas.ts';

/** Search customers: the page as JSON. @throws RequestError */
export async function searchCustomers(
  services: Services,
  workspace: Workspace,
  query: Static<typeof CustomerSearchQuery>,
) {
  const node = requireReadNode(workspace, query.nodeId);
  requireMade(node);
  const condition = conditionOf(query, workspace);
  const sort = sortOf(query.sort, workspace);
  const indexed = await readIndexed(services, workspace, node, condition, sort);
  const indexedOfEvents = await readIndexedOfEvents(services, workspace, condition);
  const wanted = {
    nodeId: node.id,
    source: recordSources[node.kind],
    condition,
    sort,
    indexed,
    indexedOfEvents,
    hiddenEvents: hiddenEventsOf(workspace, node, services.clock()),
    hidden: hiddenPaths(workspace),
    offset: query.page * query.size,
    limit: query.size,
  };
  const found = await searchInTime(searchRecords(services.database, workspace.id, wanted), () =>
    dearnessOf(condition, sort, indexed),
  );
  const { fields } = query;
  const elements = found.records.map((record) =>
    fields
      ? JSON.stringify(selectFields(presentCustomer(record, workspace), fields))
      : writeCustomer(record, workspace),
  );
  return writePage(elements, query, found.total, found.unfilteredTotal);
}

function conditionOf(
  { externalId, query }: Static<typeof CustomerSearchQuery>,
  workspace: Workspace,
): Condition | null {
  const conditions: Condition[] = [];
  if (externalId) conditions.push({ kind: 'equals', path: 'externalId', values: [externalId] });
  if (query) conditions.push(parseCustomerQuery(query, workspace));
  return conditions.length === 0 ? null : { kind: 'and', conditions };
}

/** Without what the default order adds anyway: it ends every other, and has an index where it is alone. */
function sortOf(sort: readonly string[] | undefined, workspace: Workspace): SortKey[] {
  const keys = parseSort(sort);
  const unknown = keys.find(({ path }) => !shownSchemaAt(path, workspace));
  if (unknown)
    throw new RequestError(
      'invalid-request',
      `sort is not valid: a customer has no attribute ${unknown.path}`,
      {
        path: 'sort',
      },
    );
  const last = keys.at(-1);
  return last?.path === 'updatedAt' && last.descending ? keys.slice(0, -1) : keys;
}

const nothing: ReadonlySet<string> = new Set();

/** The properties that are marked as indexed; none while their rows are being made anew, and some may still be missing. */
async function readIndexed(
  { database }: Services,
  workspace: Workspace,
  { kind }: Node,
  condition: Condition | null,
  sort: readonly SortKey[],
): Promise<ReadonlySet<string>> {
  const { indexed = nothing } = extendedSchemaOf(workspace) ?? {};
  const paths = [...(condition ? conditionPaths(condition) : []), ...sort.map(({ path }) => path)];
  if (!paths.some((path) => indexed.has(path))) return nothing;
  const making = kind === 'aggregate' ? aggregatesMade : customersIndexed;
  return (await readOpenJob(database, workspace.id, rebuildKind, making)) ? nothing : indexed;
}

/** The same of properties of events, by the number of a type. */
async function readIndexedOfEvents(
  { database }: Services,
  workspace: Workspace,
  condition: Condition | null,
): Promise<(typeId: number) => ReadonlySet<string>> {
  const asks = condition !== null && speaksOfEvents(condition) && indexedOfEvents(workspace).length > 0;
  if (!asks || (await readOpenJob(database, workspace.id, rebuildKind, eventsIndexed))) return () => nothing;
  return (typeId) => indexedPathsOf(workspace, typeId);
}

function dearnessOf(
  condition: Condition | null,
  sort: readonly SortKey[],
  indexed: ReadonlySet<string>,
): Dearness {
  const attributes = condition ? unservedAttributes(condition, indexed) : [];
  const sorted = sort.filter((key) => !isSortServed(key, indexed)).map(({ path }) => path);
  const reasons = [
    ...(attributes.length > 0 ? [`no index serves the conditions on ${attributes.join(', ')}`] : []),
    ...(sorted.length > 0 ? [`no index is in the order of ${sorted.join(', ')}`] : []),
  ];
  return {
    why: reasons.length > 0 ? reasons.join(', and ') : 'too many customers or events fit its conditions',
    advice:
      "add a condition that few customers fit and that an index serves (EQUALS or IN on a value, a tag, a subscription's id or an extended property; a range of registeredAt, updatedAt, base.dob or an extended property that is marked as indexed), or sort by updatedAt",
    path: attributes.length > 0 || sorted.length === 0 ? 'query' : 'sort',
  };
}
