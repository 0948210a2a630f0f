import { requestRebuild } from '../../../core/job/rebuild-request.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { customersIndexed } from '../projection/customer-index.ts';
import { followedAggregates } from './aggregate.ts';
import { aggregatesMade } from './aggregate-customers.ts';

/** Asks for all to be made anew that follows from what customers show, in the transaction by which they show something else. */
export async function remakeShown(tx: Queryable, workspace: Workspace, now: Date): Promise<void> {
  await requestRebuild(tx, workspace.id, customersIndexed, now);
  if (followedAggregates(workspace).length > 0) await requestRebuild(tx, workspace.id, aggregatesMade, now);
}
