import type { Static } from 'typebox';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { sendJson } from '../../../../http/json-text.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import { queryObject } from '../../../../http/validation.ts';
import type { Services } from '../../../dialect.ts';
import { at } from '../../access.ts';
import { listPartsOf } from '../../query/aggregate-record.ts';
import { readRecordsOf } from '../../query/record.ts';
import { requireSeen } from '../../rights/seen-workspace.ts';
import { writePage } from '../paging.ts';
import { CustomerParameters, requiredPaging } from '../schemas.ts';
import { requireShownCustomer } from './find-customer.ts';
import { writeCustomer } from './present.ts';

/** List entry customers: both are required. */
const EntriesQuery = queryObject(requiredPaging);

export const entryOperations: readonly Operation<Services>[] = [
  operation({
    ...at('listEntryCustomers'),
    summary: 'List the entry customers that are part of an aggregate customer',
    checks: { path: CustomerParameters, query: EntriesQuery },
    handle: async ({ services, access: { workspace }, path, query, reply }) =>
      sendJson(reply, await listEntries(services, workspace, path.customerId, query)),
  }),
];

/** The oldest first. */
async function listEntries(
  services: Services,
  workspace: Workspace,
  customerId: string,
  query: Static<typeof EntriesQuery>,
): Promise<string> {
  const { id, nodeId } = await requireShownCustomer(services, workspace, customerId);
  if (workspace.nodes.get(nodeId)?.kind !== 'aggregate')
    throw new RequestError(
      'invalid-request',
      `customer ${id} is of an entry node: only customers of aggregate nodes have entries`,
    );
  const { database } = services;
  const range = { offset: query.page * query.size, limit: query.size };
  const { recordIds, total } = await listPartsOf(database, workspace.id, id, range);
  const records = await readRecordsOf(database, workspace.id, recordIds);
  // The right in an aggregate is none in its entry nodes.
  for (const { nodeId: entry } of records.values()) requireSeen(workspace, entry);
  const shown = recordIds.flatMap((recordId) => {
    const record = records.get(recordId);
    return record && record.removal === null ? [writeCustomer(record, workspace)] : [];
  });
  return writePage(shown, query, total, total);
}
