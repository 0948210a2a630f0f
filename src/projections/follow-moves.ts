import type { Move } from '../core/link/neighbourhood.ts';
import type { WorkspaceChange } from '../core/workspace/change-workspace.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import type { Projection } from './projection.ts';

interface Services {
  readonly projections: readonly Projection[];
  readonly workspaces: WorkspaceCache;
}

/** Makes anew what follows from which profiles are one record: in the change's transaction, once the moves are stored. */
export type FollowMoves = (change: WorkspaceChange, moves: readonly Move[]) => Promise<void>;

/** What the projections make of a change of links, with the change: so that undoing it is exact. */
export function followMoves({ projections, workspaces }: Services): FollowMoves {
  return async ({ tx, head, workspaceId, now }, moves) => {
    if (moves.length === 0) return;
    const workspace = await workspaces.getVersion(workspaceId, head.configVersion, tx);
    for (const projection of projections) await projection.followMoves?.(tx, workspace, moves, now.getTime());
  };
}
