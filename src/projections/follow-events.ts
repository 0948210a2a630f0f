import type { EventChange } from '../core/event/event-move.ts';
import type { WorkspaceChange } from '../core/workspace/change-workspace.ts';
import type { Projection } from './projection.ts';

/** A change whose events the projections follow. */
export function followedBy<Change extends WorkspaceChange>(
  projections: readonly Projection[],
  change: Change,
): Change & EventChange {
  return {
    ...change,
    followEvents: async (tx, workspace, moves) => {
      if (moves.length === 0) return;
      for (const projection of projections) await projection.followEvents?.(tx, workspace, moves);
    },
    followMoves: async (workspace, moves) => {
      if (moves.length === 0) return;
      for (const projection of projections)
        await projection.followMoves?.(change.tx, workspace, moves, change.now.getTime());
    },
  };
}
