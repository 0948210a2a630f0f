import type { Clock } from '../../../../core/clock.ts';
import type { FollowMoves } from '../../../../core/link/manage-links.ts';
import { nodeIdsOf, type WorkspaceId } from '../../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../../core/workspace/workspace-cache.ts';
import { arrayLiteral } from '../../../../store/parameters.ts';
import { foldLeadsAnew } from './fold-leads.ts';

interface FoldServices {
  readonly workspaces: WorkspaceCache;
  readonly clock: Clock;
}

/** Folds the leads anew that a join or an undoing has made one, or two: with the change of the link, so that undoing it is exact. */
export function foldMovedLeads({ workspaces, clock }: FoldServices, workspaceId: WorkspaceId): FollowMoves {
  return async (tx, head, moves) => {
    const ids = new Set<string>();
    for (const { profileId, from, to } of moves)
      if (from.record !== to.record) ids.add(profileId).add(from.record).add(to.record);
    if (ids.size === 0) return;
    const workspace = await workspaces.getVersion(workspaceId, head.configVersion, tx);
    const leads = await tx.query<{ id: string }>(
      `select id from profile
        where workspace_id = $1 and id = any($2::text::uuid[]) and node_id = any($3::text::integer[])`,
      [workspaceId, arrayLiteral([...ids]), arrayLiteral(nodeIdsOf(workspace, 'signals'))],
    );
    const folding = { connection: tx, workspace, now: clock() };
    await foldLeadsAnew(
      folding,
      leads.map(({ id }) => id),
    );
  };
}
