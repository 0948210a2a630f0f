import type { Profile } from '../../../core/profile/profile-store.ts';
import { nodeIdsOf, type Workspace } from '../../../core/workspace/workspace.ts';
import type { Projection, TouchedProfile } from '../../../projections/projection.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { hasRankedSources } from '../rules/source-priority.ts';
import { checkCustomers } from './check-customers.ts';
import { hasIndexedProperties } from './derive-values.ts';
import { rebuildCustomers } from './rebuild-customers.ts';
import { refreshCustomers, sendRefresh } from './refresh-customers.ts';
import { writeCustomers } from './write-customers.ts';

/** Its name, and so the subject of the job that makes it anew alone. */
export const customersIndexed = 'customersIndexed';

/** What customers are searched by, a row for each record, and how many each node has. Writes and changes of links keep it up. */
export const customerIndex: Projection = {
  counts: customersIndexed,
  rebuild: rebuildCustomers,
  verify: checkCustomers,
  followProfiles(tx, workspace, profiles) {
    const nodes = nodeIdsOf(workspace, 'contacthub');
    const own = profiles.filter(({ nodeId }) => nodes.includes(nodeId));
    return own.length > 0 ? follow(tx, workspace, own) : undefined;
  },
  async followMoves(tx, workspace, moves) {
    const ids = moves.flatMap(({ profileId, from, to }) => [profileId, from.record, to.record]);
    await refreshCustomers(tx, workspace, [...new Set(ids)]);
  },
};

/**
 * Most records are one profile, which the batch that has written it knows; the others are looked up, and all where properties are marked
 * as indexed, whose values stand in a table of their own, or several sources have told of it, in whose order its values are.
 */
async function follow(
  tx: Queryable,
  workspace: Workspace,
  profiles: readonly TouchedProfile[],
): Promise<readonly Promise<unknown>[]> {
  const hasValues = hasIndexedProperties(workspace);
  const alone: Record<'new' | 'known', Profile[]> = { new: [], known: [] };
  const others: string[] = [];
  for (const profile of profiles) {
    const known = hasValues ? undefined : profile.alone?.();
    if (known && !hasRankedSources(known, workspace.nodes.get(known.nodeId)))
      alone[profile.isNew ? 'new' : 'known'].push(known);
    else others.push(profile.id);
  }
  const sent = others.length > 0 ? await sendRefresh(tx, workspace, others) : [];
  return [
    ...sent,
    ...(alone.new.length > 0 ? [writeCustomers(tx, workspace, alone.new, true)] : []),
    ...(alone.known.length > 0 ? [writeCustomers(tx, workspace, alone.known, false)] : []),
  ];
}
