import { deleteEventWithin } from '../../../change/delete-events.ts';
import { deleteRecord } from '../../../change/delete-record.ts';
import { dedupeKeyText } from '../../../core/dedupe/dedupe.ts';
import { readForeverKeys, upsertForeverKeys } from '../../../core/dedupe/dedupe-store.ts';
import { isUuid } from '../../../core/id.ts';
import type { Key } from '../../../core/identity/identity.ts';
import { readHolders } from '../../../core/identity/identity-store.ts';
import { changeWorkspace, type WorkspaceChange } from '../../../core/workspace/change-workspace.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { SliceFailure } from '../../../jobs/job-kind.ts';
import { followedBy } from '../../../projections/follow-events.ts';
import type { JobKindServices } from '../../dialect.ts';
import { readRecord } from '../query/record.ts';
import { flattenCustomer } from '../rules/customer-attributes.ts';
import { matchingKey, matchingPolicyOf } from '../rules/customer-keys.ts';
import type { LoadedFile } from './bulk-job.ts';
import { bodyOf } from './columns.ts';
import { describeNotFound } from './describe-not-found.ts';
import { rowKey } from './row-keys.ts';

/** What deletions of rows work with. */
export interface DeletionPlace {
  readonly services: Pick<JobKindServices, 'jobDatabase' | 'workspaces' | 'projections' | 'clock'>;
  readonly workspace: Workspace;
  readonly nodeId: number;
  readonly file: LoadedFile;
}

/** What was deleted, or why nothing was. */
export type Deleted = { readonly id: string } | { readonly reason: string };

const retryMilliseconds = 5_000;

/**
 * Deletes what a row names, in a transaction of its own, as the wire does. Its key is spent in the same one: a row that is read again
 * answers as it did. @throws SliceFailure while the workspace is closed to writes, or the keys of the node are made anew
 */
export async function deleteRow(
  { services, workspace: { id: workspaceId }, nodeId, file }: DeletionPlace,
  row: number,
  cells: readonly string[],
): Promise<Deleted> {
  const { jobDatabase: database, workspaces, clock } = services;
  const key = rowKey(file.id, row);
  const now = new Date(clock());
  return changeWorkspace({ database }, workspaceId, now, async (change): Promise<Deleted> => {
    const { tx, head } = change;
    const known = await readForeverKeys(tx, workspaceId, [key]);
    const first = known.get(dedupeKeyText(key));
    if (first?.eventId) return { id: first.eventId };
    const workspace = await workspaces.getVersion(workspaceId, head.configVersion, tx);
    const later = () => new Date(clock() + retryMilliseconds);
    if (workspace.status !== 'enabled')
      throw new SliceFailure('nothing of the workspace is written at the moment', later());
    if (workspace.nodes.get(nodeId)?.settings.reindexing)
      throw new SliceFailure('the keys of the node are being made anew', later());
    const where = { services, workspace, nodeId, file };
    const deleted =
      file.entity === 'EVENT'
        ? await deleteEventOf(change, where, cells)
        : await deleteCustomerOf(change, where, cells);
    if ('id' in deleted)
      await upsertForeverKeys(tx, workspaceId, [
        { key, eventId: deleted.id, outcome: 'saved', firstAt: now.getTime() },
      ]);
    return deleted;
  });
}

async function deleteEventOf(
  change: WorkspaceChange,
  { services, workspace, nodeId, file }: DeletionPlace,
  cells: readonly string[],
): Promise<Deleted> {
  const id = (cells[file.columns.indexOf('id')] ?? '').toLowerCase();
  const event = { workspace, dialect: 'contacthub', id, nodeId } as const;
  return isUuid(id) && (await deleteEventWithin(followedBy(services.projections, change), event))
    ? { id }
    : { reason: describeNotFound('event', id) };
}

async function deleteCustomerOf(
  change: WorkspaceChange,
  place: DeletionPlace,
  cells: readonly string[],
): Promise<Deleted> {
  const { tx, workspaceId } = change;
  const { services, workspace, nodeId, file } = place;
  const named = await findNamed(change, place, cells);
  if ('reason' in named) return named;
  const customer = await readRecord(tx, workspaceId, named.id);
  if (customer?.nodeId !== nodeId) return { reason: `customer not found ${named.id}` };
  const recordId = customer.id;
  await deleteRecord(services, change, { workspace, recordId, requestedBy: `bulk job ${file.id}` });
  return { id: recordId };
}

/** The customer whose id the row has, or whom its unique properties find, or, without them, the only one with its externalId. */
async function findNamed(
  { tx, workspaceId }: WorkspaceChange,
  { workspace, nodeId, file }: DeletionPlace,
  cells: readonly string[],
): Promise<Deleted> {
  // What is no text finds nobody, so that it need not be read.
  const columns = file.columns.map((name) => ({ path: name.split('.'), type: 'text' as const }));
  const { id, ...rest } = bodyOf(columns, cells).body;
  if (typeof id === 'string') {
    const named = id.toLowerCase();
    return isUuid(named) ? { id: named } : { reason: describeNotFound('customer', named) };
  }
  const key = keyOf(rest, workspace, nodeId);
  if (!key) return { reason: 'the row says not whose customer it is' };
  const holders = await readHolders(tx, workspaceId, [key], [nodeId]);
  const found = new Set(holders.filter((one) => one.nodeId === nodeId).map((one) => one.profileId));
  const [oldest] = found;
  if (oldest === undefined) return { reason: 'customer not found' };
  if (key.kind === 'external' && found.size > 1)
    return { reason: `${found.size} customers have this externalId` };
  return { id: oldest };
}

function keyOf(body: Record<string, unknown>, workspace: Workspace, nodeId: number): Key | undefined {
  const node = workspace.nodes.get(nodeId);
  const policy = node && matchingPolicyOf(node);
  const key = policy && matchingKey(Object.fromEntries(flattenCustomer(body).given), policy);
  if (key) return key;
  const { externalId } = body;
  return typeof externalId === 'string' ? { kind: 'external', value: externalId } : undefined;
}
