import { isUuid } from '../../../../core/id.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import type { RequestError } from '../../../../errors.ts';
import type { Services } from '../../../dialect.ts';
import { findOwnNode } from '../../access.ts';
import { notFound } from '../../errors.ts';
import { readRecord, readRecordsOf, type ShownRecord } from '../../query/record.ts';

/** The customer that has a profile of this id. Records of other dialects are none. */
export async function findCustomer(
  services: Services,
  workspace: Workspace,
  id: string,
): Promise<ShownRecord | undefined> {
  if (!isUuid(id)) return undefined;
  return ownRecord(workspace, await readRecord(services.database, workspace.id, id));
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
  const customer =
    (await findCustomer(services, workspace, named)) ?? (await findForgotten(services, workspace, named));
  if (!customer) throw customerNotFound(named);
  return customer;
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
  if (!customer) throw customerNotFound(named);
  return { customer, profileId: customer.profileIds.includes(named) ? named : customer.id };
}
