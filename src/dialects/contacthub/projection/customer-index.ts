import { nodeIdsOf } from '../../../core/workspace/workspace.ts';
import type { Projection } from '../../../projections/projection.ts';
import { checkCustomers } from './check-customers.ts';
import { rebuildCustomers } from './rebuild-customers.ts';
import { refreshCustomers, sendRefresh } from './refresh-customers.ts';

/** Its name, and so the subject of the job that makes it anew alone. */
export const customersIndexed = 'customersIndexed';

/** What customers are searched by, a row for each record, and how many each node has. Writes and changes of links keep it up. */
export const customerIndex: Projection = {
  counts: customersIndexed,
  rebuild: rebuildCustomers,
  verify: checkCustomers,
  followProfiles(tx, workspace, profiles) {
    const nodes = nodeIdsOf(workspace, 'contacthub');
    const ids = profiles.filter(({ nodeId }) => nodes.includes(nodeId)).map(({ id }) => id);
    return ids.length > 0 ? sendRefresh(tx, workspace, ids) : undefined;
  },
  async followMoves(tx, workspace, moves) {
    const ids = moves.flatMap(({ profileId, from, to }) => [profileId, from.record, to.record]);
    await refreshCustomers(tx, workspace, [...new Set(ids)]);
  },
};
