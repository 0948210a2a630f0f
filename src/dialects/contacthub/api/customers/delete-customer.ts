import { deleteRecord } from '../../../../change/delete-record.ts';
import type { Access } from '../../../../core/credential/authenticator.ts';
import { changeWorkspace } from '../../../../core/workspace/change-workspace.ts';
import type { Services } from '../../../dialect.ts';
import { findOwnNode, refuseArchivedSource } from '../../access.ts';
import { readRecord } from '../../query/record.ts';
import { requireSeen } from '../../rights/seen-workspace.ts';
import { customerNotFound, refusalOfMissing, requireCustomerId } from './find-customer.ts';
import { reindexing } from './save-customer.ts';

/**
 * Deletes a customer, by the id of any of its profiles, with its events; those of a long one follow as a job.
 * @throws RequestError
 */
export async function deleteCustomer(
  services: Services,
  { workspace: seen, credential }: Access,
  customerId: string,
  nodeId: string | undefined,
): Promise<void> {
  const named = requireCustomerId(customerId);
  const workspaceId = seen.id;
  const deleted = await changeWorkspace(services, workspaceId, new Date(services.clock()), async (change) => {
    const { tx, head } = change;
    const workspace = await services.workspaces.getVersion(workspaceId, head.configVersion, tx);
    refuseArchivedSource(workspace, credential);
    const customer = await readRecord(tx, workspaceId, named);
    if (customer) requireSeen(seen, customer.nodeId);
    const node = customer && findOwnNode(workspace, customer.nodeId);
    if (!node) throw await refusalOfMissing(services, workspace, named);
    if (nodeId !== undefined && node.publicId !== nodeId.toLowerCase()) throw customerNotFound(named);
    if (node.settings.reindexing) throw reindexing();
    return deleteRecord(services, change, {
      workspace,
      recordId: customer.id,
      requestedBy: credential.name,
    });
  });
  if (deleted.hasMore) void services.jobs.look();
}
