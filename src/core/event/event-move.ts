import type { Queryable } from '../../store/queryable.ts';
import type { Move } from '../link/neighbourhood.ts';
import type { WorkspaceChange } from '../workspace/change-workspace.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** What projections go by of a stored event. Instants are milliseconds since the epoch. */
export interface FollowedEvent {
  readonly id: string;
  readonly typeId: number;
  readonly profileId: string;
  /** Of its profile. */
  readonly nodeId: number;
  /** By the number that it is stored under. */
  readonly context: number | null;
  readonly occurredAt: number;
  readonly receivedAt: number;
  /** When it was changed last; null: never. */
  readonly updatedAt: number | null;
}

/** An event as it was and as it is; null: it was not there, or is there no more. */
export interface EventMove {
  readonly before: FollowedEvent | null;
  readonly after: FollowedEvent | null;
}

/** Keeps up what follows from events that were changed or deleted, in the transaction that does it. */
export type FollowEvents = (
  tx: Queryable,
  workspace: Workspace,
  moves: readonly EventMove[],
) => Promise<void>;

/** As `FollowEvents`, of profiles that are other records or persons than before. */
export type FollowProfileMoves = (workspace: Workspace, moves: readonly Move[]) => Promise<void>;

/** A change that writes or deletes stored events, or parts whose they are. */
export interface EventChange extends WorkspaceChange {
  readonly followEvents: FollowEvents;
  readonly followMoves: FollowProfileMoves;
}
