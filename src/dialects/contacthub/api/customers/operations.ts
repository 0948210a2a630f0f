import type { Static } from 'typebox';
import type { Access } from '../../../../core/credential/authenticator.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { parseBody } from '../../../../http/body.ts';
import { sendJson } from '../../../../http/json-text.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { RestOfWay } from '../../../../http/short-way.ts';
import type { Services } from '../../../dialect.ts';
import { at, authorOf, plainAccessTo, requireNode } from '../../access.ts';
import { customerBodySchemas } from '../../documents/customer.ts';
import { resolveReferences } from '../../documents/references.ts';
import { notFound } from '../../errors.ts';
import { readRecord, recordOf } from '../../query/record.ts';
import { CustomerParameters, payloadLimit, WorkspaceParameters } from '../schemas.ts';
import { deleteCustomer } from './delete-customer.ts';
import { exportCustomer } from './export-customer.ts';
import { customerNotFound, requireAnyCustomer, requireCustomer, requireCustomerId } from './find-customer.ts';
import { checkImmutable, checkKept, checkRequired, parseCustomer } from './parse.ts';
import { prepareCreate, prepareUpdate } from './prepare.ts';
import { presentCustomer, writeCustomer } from './present.ts';
import {
  type CustomerCall,
  requireSaved,
  type SavedOutcome,
  saveCustomer,
  submitEdit,
} from './save-customer.ts';
import {
  CustomerCreateQuery,
  CustomerDeleteQuery,
  CustomerSearchQuery,
  CustomerUpdateQuery,
} from './schemas.ts';
import { searchCustomers } from './search.ts';

const exampleCustomer = {
  nodeId: '0198c0de-0000-7000-8000-000000000001',
  externalId: 'customer-1042',
  base: {
    firstName: 'Ada',
    lastName: 'Lovelace',
    contacts: { email: 'ada@example.com' },
    dob: '1985-12-10',
  },
  tags: { manual: ['vip'] },
};

export const customerOperations: readonly Operation<Services>[] = [
  operation({
    ...at('searchCustomers'),
    summary: 'Search customers',
    checks: { path: WorkspaceParameters, query: CustomerSearchQuery },
    handle: async ({ services, access, query, reply }) =>
      sendJson(reply, await searchCustomers(services, access.workspace, query)),
  }),
  operation({
    ...at('createCustomer'),
    summary: 'Create a customer, or update the one that the matching policy finds',
    checks: { path: WorkspaceParameters, query: CustomerCreateQuery },
    documents: { body: resolveReferences(customerBodySchemas.create) },
    example: exampleCustomer,
    status: 201,
    bodyLimit: payloadLimit,
    handle: async ({ query, body, reply, ...call }) =>
      sendJson(reply, await createCustomer(call, query, body)),
    short: async (services, head) => {
      const access = await plainAccessTo('createCustomer')(services, head);
      return access && ((text) => createPlainly(services, access, text));
    },
  }),
  operation({
    ...at('readCustomer'),
    summary: 'Get a customer',
    checks: { path: CustomerParameters },
    handle: async ({ services, access: { workspace }, path, reply }) => {
      const customer = await requireAnyCustomer(services, workspace, path.customerId);
      return sendJson(reply, writeCustomer(customer, workspace));
    },
  }),
  operation({
    ...at('patchCustomer'),
    summary: 'Modify parts of a customer',
    checks: { path: CustomerParameters, query: CustomerUpdateQuery },
    documents: { body: resolveReferences(customerBodySchemas.patch) },
    example: { base: { contacts: { mobilePhone: '+4915112345678' } } },
    bodyLimit: payloadLimit,
    handle: async ({ path, query, body, reply, ...call }) =>
      sendJson(reply, await updateCustomer('patch', call, path.customerId, query, body)),
  }),
  operation({
    ...at('replaceCustomer'),
    summary: 'Modify a customer',
    checks: { path: CustomerParameters, query: CustomerUpdateQuery },
    documents: { body: resolveReferences(customerBodySchemas.replace) },
    example: exampleCustomer,
    bodyLimit: payloadLimit,
    handle: async ({ path, query, body, reply, ...call }) =>
      sendJson(reply, await updateCustomer('replace', call, path.customerId, query, body)),
  }),
  operation({
    ...at('deleteCustomer'),
    summary: 'Delete a customer, with its events',
    checks: { path: CustomerParameters, query: CustomerDeleteQuery },
    handle: async ({ services, access, path, query }) => {
      await deleteCustomer(services, access, path.customerId, query.nodeId);
      return {};
    },
  }),
  operation({
    ...at('exportCustomer'),
    summary: 'Export a customer with its events',
    checks: { path: CustomerParameters },
    // It writes to the log of consents.
    hasHead: false,
    handle: ({ path, ...call }) => exportCustomer(call, path.customerId),
  }),
];

/** A new customer as it was read, and how it is told that its node is gone. */
function readNew(
  { workspace, credential }: Access,
  query: Static<typeof CustomerCreateQuery>,
  body: unknown,
) {
  const write = parseCustomer('create', body, query, authorOf(credential));
  const node = requireNode(workspace, String(write.body.nodeId));
  checkRequired(write, node);
  return {
    prepare: (current: Workspace, receivedAt: number) => prepareCreate(write, current, node.id, receivedAt),
    notThere: () => notFound('node', node.publicId),
  };
}

async function createCustomer(call: CustomerCall, query: Static<typeof CustomerCreateQuery>, body: unknown) {
  const { prepare, notThere } = readNew(call.access, query, body);
  return presentWritten(call, await saveCustomer(call, prepare, notThere));
}

/** On the short way: what is refused, or has to be read for the answer, is told on the whole one. */
async function createPlainly(services: Services, access: Access, text: string): Promise<string | RestOfWay> {
  const { prepare, notThere } = readNew(access, {}, parseBody(text));
  const outcome = await submitEdit({ services, access, request: { rawBody: text } }, prepare);
  const record = outcome?.kind === 'saved' && outcome.record && recordOf(outcome.record);
  if (record) return writeCustomer(record, access.workspace);
  return async (request, reply) => {
    const call = { services, access, request };
    return sendJson(reply, await presentWritten(call, await requireSaved(call, outcome, notThere)));
  };
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
  const saved = await saveCustomer(call, (current, receivedAt) =>
    prepareUpdate(write, current, customer, profileId, receivedAt),
  );
  return presentWritten(call, saved);
}

/** The customer as the write left it. It is read only where the write did not know it whole, as where it made two customers one. */
async function presentWritten(
  { services, access: { workspace } }: CustomerCall,
  { record: profiles = [], profileIds: [profileId = ''] }: SavedOutcome,
) {
  const record = recordOf(profiles) ?? (await readRecord(services.database, workspace.id, profileId));
  if (!record) throw customerNotFound(profileId);
  return writeCustomer(record, workspace);
}
