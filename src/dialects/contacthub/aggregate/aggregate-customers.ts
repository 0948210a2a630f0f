import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { Projection } from '../../../projections/projection.ts';
import { followedAggregates } from './aggregate.ts';
import { checkAggregates } from './check-aggregates.ts';
import { sendFollowing } from './follow-records.ts';
import { rebuildAggregates } from './rebuild-aggregates.ts';

/** Its name, and so the subject of the job that makes it anew alone. */
export const aggregatesMade = 'aggregateParts';

/**
 * Which entry customers are one customer of an aggregate node, and what that one shows. Each write of an entry customer, and each change of
 * links, keeps it up, in its own transaction; a workspace without an active aggregate does nothing for it.
 */
export const aggregateCustomers: Projection = {
  counts: aggregatesMade,
  rebuild: rebuildAggregates,
  verify: checkAggregates,
  followProfiles(tx, workspace, profiles) {
    const nodes = entryNodesOf(workspace);
    const ids = profiles.filter(({ nodeId }) => nodes.has(nodeId)).map(({ id }) => id);
    if (ids.length === 0) return undefined;
    return sendFollowing(tx, workspace, ids);
  },
  async followMoves(tx, workspace, moves) {
    if (entryNodesOf(workspace).size === 0) return;
    const ids = moves.flatMap(({ profileId, from, to }) => [profileId, from.record, to.record]);
    await Promise.all(await sendFollowing(tx, workspace, [...new Set(ids)]));
  },
};

function entryNodesOf(workspace: Workspace): ReadonlySet<number> {
  return new Set(followedAggregates(workspace).flatMap(({ entryNodeIds }) => [...entryNodeIds]));
}
