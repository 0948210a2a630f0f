import type { NewTouchpoint } from '../core/campaign/touchpoint-store.ts';
import type { EventContext } from '../core/event/event.ts';
import type { FollowEvents } from '../core/event/event-move.ts';
import type { EventType } from '../core/event-type/event-type.ts';
import type { Move } from '../core/link/neighbourhood.ts';
import type { Profile } from '../core/profile/profile-store.ts';
import type { Workspace, WorkspaceId } from '../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import type { Database } from '../store/database.ts';
import type { Queryable } from '../store/queryable.ts';
import type { Transaction } from '../store/transaction.ts';
import type { Check } from './check.ts';

/** What is derived in a workspace from what is stored, by one rule: it can be dropped and made anew with an equal result. */
export interface Projection {
  /** What `rebuild` counts, as the native API calls it; no two have the same. */
  readonly counts: string;
  /** True: it counts by days of the workspace's time zone, and so is made anew after a change of that. */
  readonly isOfLocalDays?: boolean;
  /**
   * Makes the next part of it anew, under the head lock where it writes, beside what comes in. Each part is right by itself, and can be
   * done again.
   */
  readonly rebuild: (part: RebuildPart) => Promise<RebuildStep>;
  /** Compares it with what it is derived from. */
  readonly verify: (database: Database, workspace: Workspace) => Promise<Check>;
  /**
   * Keeps up what follows from profiles that were written or deleted, or that named records until now: in that transaction, behind all that
   * it stores of them. Sends a constant number of statements, and resolves once they are sent, with those that are not answered by
   * then; undefined where none of the profiles concerns it.
   */
  readonly followProfiles?: (
    tx: Queryable,
    workspace: Workspace,
    profiles: readonly TouchedProfile[],
  ) => Promise<readonly Promise<unknown>[]> | undefined;
  /**
   * Keeps up what follows from events that were changed or deleted; those that a batch stores it has `InBatchProjection` for. A constant
   * number of statements.
   */
  readonly followEvents?: FollowEvents;
  /**
   * Keeps up what follows from rows of any kind that a batch or another change writes, in its transaction, behind all that it stores of them.
   * Sends a constant number of statements, and answers those.
   */
  readonly followRows?: (
    tx: Queryable,
    workspace: Workspace,
    rows: WrittenRows,
  ) => readonly Promise<unknown>[];
  /** Makes anew what a change of links moves: in its transaction, once the moves are stored. */
  readonly followMoves?: (
    tx: Transaction,
    workspace: Workspace,
    moves: readonly Move[],
    now: number,
  ) => Promise<void>;
}

/** How far a rebuild has come, in the projection's own form; null: it begins. */
export type RebuildPlace = Readonly<Record<string, unknown>> | null;

export interface RebuildPart {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
  readonly workspaceId: WorkspaceId;
  readonly place: RebuildPlace;
  /** Says that the part may end early, and answer a place from which the rest is done. */
  readonly stopping: AbortSignal;
}

export interface RebuildStep {
  /** Of what the projection counts. */
  readonly counted: number;
  readonly next: RebuildPlace | 'done';
}

/** What was written, by what projections go by that follow all of it. */
export interface WrittenRows {
  /** Event types that have come into being with it. */
  readonly types: readonly EventType[];
  readonly events: readonly { readonly id: string; readonly typeId: number; readonly profileId: string }[];
  /** Stored events of which metrics were set, or are counted otherwise. */
  readonly measured: readonly { readonly eventId: string; readonly typeId: number }[];
  readonly touchpoints: readonly { readonly profileId: string; readonly at: number }[];
  /** Profiles that are one person with others than before, or gone. */
  readonly persons: readonly string[];
}

export const nothingWritten: WrittenRows = {
  types: [],
  events: [],
  measured: [],
  touchpoints: [],
  persons: [],
};

export interface TouchedProfile {
  readonly id: string;
  readonly nodeId: number;
  /** True: there was none before this very batch, so that nothing is derived from it yet. */
  readonly isNew?: boolean;
  /** As it was left, where it is at hand and the only known profile of its record. */
  readonly alone?: () => Profile | undefined;
}

/** A projection that is kept up in the transaction of each batch. An event's item names those that take it; no other batch begins one. */
export interface InBatchProjection {
  readonly name: string;
  /** True: it looks at the profiles of its events, which are read for it. */
  readonly seesProfiles?: true;
  /**
   * True: all that it writes is in tables of its own, which no batch reads to be worked out, and it notes nothing of earlier batches: the next
   * one may be begun before this one's notes are there.
   */
  readonly isApart?: true;
  readonly begin: (batch: Batch) => BatchProjection;
}

/** What a projection has of the batch that it is in. Only what it makes anew (`settle`) runs under the workspace's lock for certain. */
export interface Batch {
  readonly workspace: Workspace;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What the projection has noted of the workspace after earlier commits of this process; it may have been emptied since. */
  readonly memory: Set<string>;
  /** The workspace's local day (YYYY-MM-DD) of an instant in milliseconds. */
  readonly localDay: (instant: number) => string;
  /** The profiles of the batch's items, as they are by now: for a projection that sees them. */
  readonly profiles: BatchProfiles;
  addTouchpoint(touchpoint: NewTouchpoint): void;
}

export interface BatchProfiles {
  /** The profile that names the record that this one is part of, and what is remembered of it. */
  recordOf(profileId: string): { readonly recordId: string; readonly states: ReadonlyMap<string, unknown> };
  /** What is remembered of the profile itself. */
  statesOf(profileId: string): ReadonlyMap<string, unknown>;
  remember(profileId: string, name: string, value: unknown): void;
}

/** An event that the batch stores, as it is stored. */
export interface TakenEvent {
  readonly type: string;
  readonly eventId: string;
  readonly seq: number;
  readonly profileId: string;
  /** Of its profile. */
  readonly nodeId: number;
  readonly sourceId: number | null;
  readonly context: EventContext | null;
  /** Milliseconds since the epoch. */
  readonly occurredAt: number;
  readonly receivedAt: number;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly detail: Readonly<Record<string, unknown>> | null;
  /** Records that its item has made one, by the profiles that named them. */
  readonly united: ReadonlySet<string>;
}

/** What a projection makes of one batch. */
export interface BatchProjection {
  /** Decides what follows from an event; no input or output. */
  took(event: TakenEvent): void;
  /** Sends what was decided, a statement a kind of row, without waiting for the answers. */
  write(tx: Queryable): Promise<unknown>[];
  /** Makes anew, from all that the batch has written, what could not be decided from the events alone. */
  settle(tx: Queryable): Promise<void>;
  /** After the commit. */
  remember(): void;
}
