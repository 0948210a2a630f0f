import type { FastifyRequest } from 'fastify';
import type { Access } from '../../../../core/credential/authenticator.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { submitReading } from '../../../../http/ingest-operation.ts';
import type { EditItem } from '../../../../ingest/item.ts';
import type { Outcome } from '../../../../ingest/outcome.ts';
import type { Services } from '../../../dialect.ts';
import { authorOf, baseUrlOf } from '../../access.ts';
import { readRecord } from '../../query/record.ts';
import { sourceOfAuthor } from '../../source/source.ts';
import { invalidCustomer } from './parse.ts';

/**
 * What of a call a write of a customer needs besides its own parts. Each of the vendor's sources has a token of its own, so the
 * token's id says which one wrote.
 */
export interface CustomerCall {
  readonly services: Services;
  readonly access: Access;
  readonly request: FastifyRequest;
}

export type SavedOutcome = Extract<Outcome, { kind: 'saved' }>;

const customerGone = () => new RequestError('not-found', 'customer not found');

/**
 * Commits an edit of a customer; `prepare` is given the time of receipt. @throws RequestError when it is refused: `notThere` when what
 * it is about is not in the customer
 */
export async function saveCustomer(
  call: CustomerCall,
  prepare: (workspace: Workspace, receivedAt: number) => EditItem,
  notThere: () => RequestError = customerGone,
): Promise<SavedOutcome> {
  return requireSaved(call, await submitEdit(call, prepare), notThere);
}

/** The same, whatever becomes of it. */
export async function submitEdit(
  call: Omit<CustomerCall, 'request'> & { readonly request: Pick<FastifyRequest, 'rawBody'> },
  prepare: (workspace: Workspace, receivedAt: number) => EditItem,
): Promise<Outcome | undefined> {
  const reading = {
    source: sourceOfAuthor(authorOf(call.access.credential)),
    carriesEvents: false,
    size: 1,
    prepare: (workspace: Workspace, receivedAt: number) => [prepare(workspace, receivedAt)],
  };
  const [outcome] = await submitReading('contacthub', reading, call);
  return outcome;
}

/** @throws RequestError where the edit was refused */
export async function requireSaved(
  call: CustomerCall,
  outcome: Outcome | undefined,
  notThere: () => RequestError = customerGone,
): Promise<SavedOutcome> {
  if (outcome?.kind === 'saved') return outcome;
  throw await refusalOf(call, outcome, notThere);
}

async function refusalOf(
  call: CustomerCall,
  outcome: Outcome | undefined,
  notThere: () => RequestError,
): Promise<RequestError> {
  // A key of somebody who was forgotten (docs/erasure.md).
  if (outcome?.kind === 'dropped')
    return new RequestError('conflict', 'The customer was forgotten, and is not made again');
  if (outcome?.kind !== 'refused') return customerGone();
  switch (outcome.reason) {
    case 'conflict':
      return invalidCustomer(outcome.faults ?? []);
    case 'not-there':
      return notThere();
    case 'closed':
      return reindexing();
    default:
      return outcome.profileId === null ? customerGone() : conflictWith(call, outcome.profileId);
  }
}

/** docs/spec/contacthub.md B: nothing is written in a node while its keys are made anew. */
export function reindexing(): RequestError {
  return new RequestError('overloaded', 'Reindexing in progress', { status: 423, retryAfterSeconds: 1 });
}

/** The vendor's own spelling (docs/spec/contacthub.md F); clients go on with the id that they are given here. */
async function conflictWith(
  { services, access, request }: CustomerCall,
  profileId: string,
): Promise<RequestError> {
  const { workspace, credential } = access;
  // docs/spec/contacthub.md B: to a source that is not trusted it is not said whom the customer is in conflict with.
  if (credential.role === 'UNTRUSTED_APPLICATION')
    return new RequestError('conflict', 'Conflict with exiting customer');
  const record = await readRecord(services.database, workspace.id, profileId);
  const id = record?.id ?? profileId;
  const href = `${baseUrlOf(request)}/workspaces/${workspace.publicId}/customers/${id}`;
  return new RequestError('conflict', `Conflict with exiting customer ${id}`, {
    data: { customer: { id, href } },
  });
}
