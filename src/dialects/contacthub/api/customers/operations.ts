import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Key } from '../../../../core/identity/identity.ts';
import type { Node } from '../../../../core/node/node.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { accessOf } from '../../../../http/access.ts';
import type { EditItem } from '../../../../ingest/item.ts';
import type { Outcome } from '../../../../ingest/outcome.ts';
import { committedOutcomes } from '../../../../ingest/request.ts';
import type { Services } from '../../../dialect.ts';
import { baseUrlOf, requireNode, rolesOf, workspaceOf } from '../../access.ts';
import { customerBodySchemas } from '../../documents/customer.ts';
import { resolveReferences } from '../../documents/references.ts';
import type { Condition } from '../../query/condition.ts';
import { readRecord, type ShownRecord } from '../../query/record.ts';
import { type SortKey, searchRecords } from '../../query/search-records.ts';
import { type Operation, payloadLimit } from '../operation.ts';
import { parseSort, presentPage } from '../paging.ts';
import {
  CustomerCreateQuery,
  CustomerParameters,
  CustomerSearchQuery,
  CustomerUpdateQuery,
  WorkspaceParameters,
} from '../schemas.ts';
import { requireCustomer, requireCustomerId } from './find-customer.ts';
import {
  type CustomerWrite,
  checkImmutable,
  checkKept,
  checkRequired,
  invalidCustomer,
  parseCustomer,
  prepareCreate,
  prepareUpdate,
} from './parse.ts';
import { keyOf, parseCustomerQuery } from './parse-query.ts';
import { presentCustomer, selectFields } from './present.ts';

const list = '/workspaces/:workspaceId/customers';
const one = `${list}/:customerId`;

export const customerOperations: readonly Operation[] = [
  {
    method: 'GET',
    path: list,
    summary: 'Search customers',
    roles: rolesOf.searchCustomers,
    schema: { params: WorkspaceParameters, querystring: CustomerSearchQuery },
    handle: searchCustomers,
  },
  {
    method: 'POST',
    path: list,
    summary: 'Create a customer, or update the one that the matching policy finds',
    roles: rolesOf.write,
    schema: {
      params: WorkspaceParameters,
      querystring: CustomerCreateQuery,
      body: resolveReferences(customerBodySchemas.create),
    },
    bodyLimit: payloadLimit,
    handle: createCustomer,
  },
  {
    method: 'GET',
    path: one,
    summary: 'Get a customer',
    roles: rolesOf.readCustomer,
    schema: { params: CustomerParameters },
    handle: async (services, request) => {
      const { customer } = await requireCustomer(services, request);
      return presentCustomer(customer, workspaceOf(request));
    },
  },
  {
    method: 'PATCH',
    path: one,
    summary: 'Modify parts of a customer',
    roles: rolesOf.write,
    schema: {
      params: CustomerParameters,
      querystring: CustomerUpdateQuery,
      body: resolveReferences(customerBodySchemas.patch),
    },
    bodyLimit: payloadLimit,
    handle: (services, request) => updateCustomer('patch', services, request),
  },
  {
    method: 'PUT',
    path: one,
    summary: 'Modify a customer',
    roles: rolesOf.write,
    schema: {
      params: CustomerParameters,
      querystring: CustomerUpdateQuery,
      body: resolveReferences(customerBodySchemas.replace),
    },
    bodyLimit: payloadLimit,
    handle: (services, request) => updateCustomer('replace', services, request),
  },
];

async function createCustomer(services: Services, request: FastifyRequest, reply: FastifyReply) {
  const workspace = workspaceOf(request);
  const write = parseCustomer('create', request.body, request.query as object, sourceOf(request));
  const node = requireNode(workspace, String(write.body.nodeId));
  checkRequired(write, node);
  const outcome = await submit(services, request, (current) => prepareCreate(write, current, node.id));
  if (outcome.kind !== 'saved') throw await refusalOf(services, request, outcome);
  return reply.code(201).send(await readWritten(services, request, outcome.profileIds[0]!));
}

async function updateCustomer(kind: 'patch' | 'replace', services: Services, request: FastifyRequest) {
  const workspace = workspaceOf(request);
  requireCustomerId(request);
  const write = parseCustomer(kind, request.body, request.query as object, sourceOf(request));
  const { customer, profileId } = await requireCustomer(services, request);
  const node = workspace.nodes.get(customer.nodeId)!;
  checkUpdate(kind, write, customer, workspace, node, profileId);
  const outcome = await submit(services, request, (current) =>
    prepareUpdate(write, current, customer, profileId),
  );
  if (outcome.kind !== 'saved') throw await refusalOf(services, request, outcome);
  return readWritten(services, request, profileId);
}

function checkUpdate(
  kind: 'patch' | 'replace',
  write: CustomerWrite,
  customer: ShownRecord,
  workspace: Workspace,
  node: Node,
  namedId: string,
): void {
  checkImmutable(kind, write, presentCustomer(customer, workspace), namedId);
  if (kind === 'replace') checkRequired(write, node);
  else checkKept(write, node);
}

async function submit(
  services: Services,
  request: FastifyRequest,
  prepare: (workspace: Workspace) => EditItem,
): Promise<Outcome> {
  const outcome = await services.ingest.submit(workspaceOf(request).id, {
    dialect: 'contacthub',
    receivedAt: services.clock(),
    carriesEvents: false,
    bytes: request.rawBody.length,
    size: 1,
    prepare: (workspace) => [prepare(workspace)],
    raw: () => request.rawBody,
    request: {},
  });
  return committedOutcomes(outcome)[0]!;
}

async function readWritten(services: Services, request: FastifyRequest, profileId: string) {
  const workspace = workspaceOf(request);
  const record = await readRecord(services.database, workspace.id, profileId);
  if (!record) throw new RequestError('not-found', `customer not found ${profileId}`);
  return presentCustomer(record, workspace);
}

/** The vendor's own spelling (docs/spec/contacthub.md F); clients go on with the id that they are given here. */
async function refusalOf(
  services: Services,
  request: FastifyRequest,
  outcome: Outcome,
): Promise<RequestError> {
  if (outcome.kind === 'refused' && outcome.reason === 'conflict')
    return invalidCustomer(outcome.faults ?? []);
  if (outcome.kind !== 'refused' || outcome.profileId === null) {
    return new RequestError('not-found', 'customer not found');
  }
  const { workspace, credential } = accessOf(request);
  // docs/spec/contacthub.md B: to a source that is not trusted it is not said whom the customer is in conflict with.
  if (credential.role === 'UNTRUSTED_APPLICATION')
    return new RequestError('conflict', 'Conflict with exiting customer');
  const record = await readRecord(services.database, workspace.id, outcome.profileId);
  const id = record?.id ?? outcome.profileId;
  const href = `${baseUrlOf(request)}/workspaces/${workspace.publicId}/customers/${id}`;
  return new RequestError('conflict', `Conflict with exiting customer ${id}`, {
    data: { customer: { id, href } },
  });
}

interface SearchQuery {
  nodeId: string;
  externalId?: string;
  query?: string;
  fields?: string;
  page: number;
  size: number;
  sort?: string[];
}

async function searchCustomers(services: Services, request: FastifyRequest) {
  const workspace = workspaceOf(request);
  const query = request.query as SearchQuery;
  const node = requireNode(workspace, query.nodeId);
  const condition = query.query ? parseCustomerQuery(query.query) : null;
  const found = await searchRecords(services.database, workspace.id, {
    nodeId: node.id,
    key: searchKey(query.externalId, condition),
    condition,
    sort: withoutDefault(parseSort(query.sort)),
    offset: query.page * query.size,
    limit: query.size,
  });
  const customers = found.records.map((record) => presentCustomer(record, workspace));
  const { fields } = query;
  const elements = fields ? customers.map((customer) => selectFields(customer, fields)) : customers;
  return presentPage(elements, query, found.total, found.unfilteredTotal);
}

/** The default order ends every other, and has an index where it is alone. */
function withoutDefault(sort: SortKey[]): SortKey[] {
  const last = sort.at(-1);
  return last?.path === 'updatedAt' && last.descending ? sort.slice(0, -1) : sort;
}

function searchKey(externalId: string | undefined, condition: Condition | null): Key | null {
  if (externalId) return { kind: 'external', value: externalId };
  return (condition && keyOf(condition)) ?? null;
}

/** Each of the vendor's sources has a token of its own, so the token's id says which one wrote. */
function sourceOf(request: FastifyRequest): string {
  return accessOf(request).credential.id;
}
