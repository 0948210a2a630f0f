import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import type { Access } from '../../../../core/credential/authenticator.ts';
import type { Key } from '../../../../core/identity/identity.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { submitReading } from '../../../../http/ingest-operation.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { EditItem } from '../../../../ingest/item.ts';
import type { Outcome } from '../../../../ingest/outcome.ts';
import type { Services } from '../../../dialect.ts';
import { authorOf, baseUrlOf, mayDo, requireNode } from '../../access.ts';
import { customerBodySchemas } from '../../documents/customer.ts';
import { resolveReferences } from '../../documents/references.ts';
import type { Condition } from '../../query/condition.ts';
import { readRecord } from '../../query/record.ts';
import { type SortKey, searchRecords } from '../../query/search-records.ts';
import { parseSort, presentPage } from '../paging.ts';
import { CustomerParameters, payloadLimit, WorkspaceParameters } from '../schemas.ts';
import { requireCustomer, requireCustomerId } from './find-customer.ts';
import { checkImmutable, checkKept, checkRequired, invalidCustomer, parseCustomer } from './parse.ts';
import { keyOf, parseCustomerQuery } from './parse-query.ts';
import { prepareCreate, prepareUpdate } from './prepare.ts';
import { presentCustomer, selectFields } from './present.ts';
import { CustomerCreateQuery, CustomerSearchQuery, CustomerUpdateQuery } from './schemas.ts';

const list = '/workspaces/:workspaceId/customers';
const one = `${list}/:customerId`;

export const customerOperations: readonly Operation<Services>[] = [
  operation({
    method: 'GET',
    path: list,
    summary: 'Search customers',
    guard: mayDo('searchCustomers'),
    checks: { path: WorkspaceParameters, query: CustomerSearchQuery },
    handle: ({ services, access, query }) => searchCustomers(services, access.workspace, query),
  }),
  operation({
    method: 'POST',
    path: list,
    summary: 'Create a customer, or update the one that the matching policy finds',
    guard: mayDo('createCustomer'),
    checks: { path: WorkspaceParameters, query: CustomerCreateQuery },
    documents: { body: resolveReferences(customerBodySchemas.create) },
    status: 201,
    bodyLimit: payloadLimit,
    handle: ({ query, body, ...call }) => createCustomer(call, query, body),
  }),
  operation({
    method: 'GET',
    path: one,
    summary: 'Get a customer',
    guard: mayDo('readCustomer'),
    checks: { path: CustomerParameters },
    handle: async ({ services, access: { workspace }, path }) => {
      const { customer } = await requireCustomer(services, workspace, path.customerId);
      return presentCustomer(customer, workspace);
    },
  }),
  operation({
    method: 'PATCH',
    path: one,
    summary: 'Modify parts of a customer',
    guard: mayDo('patchCustomer'),
    checks: { path: CustomerParameters, query: CustomerUpdateQuery },
    documents: { body: resolveReferences(customerBodySchemas.patch) },
    bodyLimit: payloadLimit,
    handle: ({ path, query, body, ...call }) => updateCustomer('patch', call, path.customerId, query, body),
  }),
  operation({
    method: 'PUT',
    path: one,
    summary: 'Modify a customer',
    guard: mayDo('replaceCustomer'),
    checks: { path: CustomerParameters, query: CustomerUpdateQuery },
    documents: { body: resolveReferences(customerBodySchemas.replace) },
    bodyLimit: payloadLimit,
    handle: ({ path, query, body, ...call }) => updateCustomer('replace', call, path.customerId, query, body),
  }),
];

/**
 * What of a call a write of a customer needs besides its own parts. Each of the vendor's sources has a token of its own, so the
 * token's id says which one wrote.
 */
interface CustomerCall {
  readonly services: Services;
  readonly access: Access;
  readonly request: FastifyRequest;
}

async function createCustomer(call: CustomerCall, query: Static<typeof CustomerCreateQuery>, body: unknown) {
  const { workspace, credential } = call.access;
  const write = parseCustomer('create', body, query, authorOf(credential));
  const node = requireNode(workspace, String(write.body.nodeId));
  checkRequired(write, node);
  const outcome = await submit(call, (current) => prepareCreate(write, current, node.id));
  if (outcome?.kind !== 'saved') throw await refusalOf(call, outcome);
  return readWritten(call, outcome.profileIds[0]!);
}

async function updateCustomer(
  kind: 'patch' | 'replace',
  call: CustomerCall,
  customerId: string,
  query: Static<typeof CustomerUpdateQuery>,
  body: unknown,
) {
  const { workspace, credential } = call.access;
  requireCustomerId(customerId);
  const write = parseCustomer(kind, body, query, authorOf(credential));
  const { customer, profileId } = await requireCustomer(call.services, workspace, customerId);
  checkImmutable(kind, write, presentCustomer(customer, workspace), profileId);
  const node = workspace.nodes.get(customer.nodeId)!;
  if (kind === 'replace') checkRequired(write, node);
  else checkKept(write, node);
  const outcome = await submit(call, (current) => prepareUpdate(write, current, customer, profileId));
  if (outcome?.kind !== 'saved') throw await refusalOf(call, outcome);
  return readWritten(call, profileId);
}

async function submit(
  call: CustomerCall,
  prepare: (workspace: Workspace) => EditItem,
): Promise<Outcome | undefined> {
  const reading = { carriesEvents: false, size: 1, prepare: (workspace: Workspace) => [prepare(workspace)] };
  const [outcome] = await submitReading('contacthub', reading, call);
  return outcome;
}

async function readWritten({ services, access: { workspace } }: CustomerCall, profileId: string) {
  const record = await readRecord(services.database, workspace.id, profileId);
  if (!record) throw new RequestError('not-found', `customer not found ${profileId}`);
  return presentCustomer(record, workspace);
}

/** The vendor's own spelling (docs/spec/contacthub.md F); clients go on with the id that they are given here. */
async function refusalOf(
  { services, access, request }: CustomerCall,
  outcome: Outcome | undefined,
): Promise<RequestError> {
  if (outcome?.kind === 'refused' && outcome.reason === 'conflict')
    return invalidCustomer(outcome.faults ?? []);
  if (outcome?.kind !== 'refused' || outcome.profileId === null) {
    return new RequestError('not-found', 'customer not found');
  }
  const { workspace, credential } = access;
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

async function searchCustomers(
  services: Services,
  workspace: Workspace,
  query: Static<typeof CustomerSearchQuery>,
) {
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
