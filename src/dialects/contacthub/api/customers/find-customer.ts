import { isUuid } from '../../../../core/id.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import type { RequestError } from '../../../../errors.ts';
import type { Services } from '../../../dialect.ts';
import { aggregateNodesOf, findOwnNode, requireMade } from '../../access.ts';
import { readPartProfilesOf } from '../../aggregate/aggregate-store.ts';
import { notFound, onlyRead } from '../../errors.ts';
import { listPartsOf, readAggregateRecord } from '../../query/aggregate-record.ts';
import { readRecord, readRecordsOf, type ShownRecord } from '../../query/record.ts';
import { requireSeen, wholeOf } from '../../rights/seen-workspace.ts';

/** The customer that has a profile of this id. Records of other dialects are none. */
export async function findCustomer(
  services: Services,
  workspace: Workspace,
  id: string,
): Promise<ShownRecord | undefined> {
  if (!isUuid(id)) return undefined;
  return ownRecord(workspace, await readRecord(services.database, workspace.id, id));
}

/** The customer of an aggregate node that is there, of this id. @throws RequestError `forbidden` where the token has no right in it */
export async function findAggregateCustomer(
  services: Services,
  workspace: Workspace,
  id: string,
): Promise<ShownRecord | undefined> {
  const nodes = aggregateNodesOf(wholeOf(workspace));
  if (!isUuid(id) || nodes.length === 0) return undefined;
  const customer = await readAggregateRecord(services.database, workspace.id, id);
  const node = customer && nodes.find(({ id: nodeId }) => nodeId === customer.nodeId);
  if (node) requireSeen(workspace, node.id);
  if (node) requireMade(node);
  return node && customer;
}

/** A customer to be looked at: of an entry node or of an aggregate. */
export async function requireShownCustomer(
  services: Services,
  workspace: Workspace,
  customerId: string,
): Promise<ShownRecord> {
  const named = requireCustomerId(customerId);
  const customer =
    (await findCustomer(services, workspace, named)) ??
    (await findAggregateCustomer(services, workspace, named));
  if (!customer) throw customerNotFound(named);
  return customer;
}

/** An aggregate's customer has that many parts at most of which anything is read. */
const maximumParts = 10_000;

/** The same with the records that it is made of, itself or an aggregate's parts, and the profiles of whom it shows something. */
export async function requireRecords(services: Services, workspace: Workspace, customerId: string) {
  const customer = await requireShownCustomer(services, workspace, customerId);
  if (workspace.nodes.get(customer.nodeId)?.kind !== 'aggregate')
    return { customer, recordIds: [customer.id], profiles: customer.profiles };
  const { database } = services;
  const [shown, { recordIds }] = await Promise.all([
    readPartProfilesOf(database, workspace.id, customer.id),
    listPartsOf(database, workspace.id, customer.id, { offset: 0, limit: maximumParts }),
  ]);
  return { customer, recordIds, profiles: shown.map(({ profile }) => profile) };
}

/** Why there is no customer of an entry node of this id, to whom something could be written. */
export async function refusalOfMissing(
  services: Services,
  workspace: Workspace,
  id: string,
): Promise<RequestError> {
  const aggregated = await findAggregateCustomer(services, workspace, id);
  return aggregated ? onlyRead('customer', id) : customerNotFound(id);
}

/**
 * The customer that the path names, or what is left of one who was forgotten: ids and times.
 * @throws RequestError `not-found`, also for ids of another form
 */
export async function requireKnownCustomer(
  services: Services,
  workspace: Workspace,
  customerId: string,
): Promise<ShownRecord> {
  const named = requireCustomerId(customerId);
  const customer = await findKnownCustomer(services, workspace, named);
  if (!customer) throw await refusalOfMissing(services, workspace, named);
  return customer;
}

/** The same, or a customer of an aggregate. */
export async function requireAnyCustomer(
  services: Services,
  workspace: Workspace,
  customerId: string,
): Promise<ShownRecord> {
  const named = requireCustomerId(customerId);
  const customer = await findKnownCustomer(services, workspace, named);
  return customer ?? requireShownCustomer(services, workspace, named);
}

async function findKnownCustomer(
  services: Services,
  workspace: Workspace,
  id: string,
): Promise<ShownRecord | undefined> {
  return (await findCustomer(services, workspace, id)) ?? findForgotten(services, workspace, id);
}

async function findForgotten(
  services: Services,
  workspace: Workspace,
  id: string,
): Promise<ShownRecord | undefined> {
  const record = (await readRecordsOf(services.database, workspace.id, [id])).get(id);
  return record?.removal === 'forgotten' ? ownRecord(workspace, record) : undefined;
}

function ownRecord(workspace: Workspace, record: ShownRecord | undefined): ShownRecord | undefined {
  return record && findOwnNode(workspace, record.nodeId) ? record : undefined;
}

/**
 * The customer's id in the path, before the body is looked at: nobody has one that is no UUID, whatever the body says.
 * @throws RequestError `not-found`
 */
export function requireCustomerId(customerId: string): string {
  const named = customerId.toLowerCase();
  if (!isUuid(named)) throw customerNotFound(named);
  return named;
}

export function customerNotFound(id: string): RequestError {
  return notFound('customer', id);
}

/**
 * The customer that the path names by the id of any of its profiles, and the profile that a write to it goes to.
 * @throws RequestError `not-found`, also for ids of another form
 */
export async function requireCustomer(
  services: Services,
  workspace: Workspace,
  customerId: string,
): Promise<{ customer: ShownRecord; profileId: string }> {
  const named = requireCustomerId(customerId);
  const customer = await findCustomer(services, workspace, named);
  if (!customer) throw await refusalOfMissing(services, workspace, named);
  return { customer, profileId: customer.profileIds.includes(named) ? named : customer.id };
}
