import { setTimeout as sleep } from 'node:timers/promises';
import type { AdPlatform } from '../../core/attribution/ad-platform.ts';
import { countDue, type Due, deleteDue, readDue, readLastMark } from '../../core/attribution/due-store.ts';
import { insertStep, lockSettling } from '../../core/attribution/sum-store.ts';
import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/id.ts';
import { changeWorkspacePrepared } from '../../core/workspace/change-workspace.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../core/workspace/workspace-cache.ts';
import type { Database } from '../../store/database.ts';
import type { Transaction } from '../../store/transaction.ts';
import { readAround, recountPaths } from './recount-paths.ts';
import { openSettling } from './settling.ts';

export interface SettlingServices {
  readonly database: Pick<Database, 'query' | 'sessions'>;
  readonly workspaces: WorkspaceCache;
  readonly adPlatforms: readonly AdPlatform[];
  readonly clock: Clock;
}

/** Rows that a step takes: some ten milliseconds' worth, of which events wait for the last few. */
const duePerStep = 200;
/** How many of those that are left are told of. */
const mostCounted = 100_000;

/**
 * Settles what was due when it was called, step by step. Answers how much of it is left when its time is up (by the clock of
 * `performance.now`); 0: the sums are what follows from all that was committed before. `share`: of the time so much is spent on it, and what
 * comes in has the rest.
 */
export async function settleAttribution(
  services: SettlingServices,
  workspaceId: WorkspaceId,
  deadline: number,
  share = 1,
): Promise<number> {
  const upTo = await readLastMark(services.database, workspaceId);
  if (upTo === undefined) return 0;
  for (;;) {
    const left = await countDue(services.database, workspaceId, upTo, mostCounted);
    if (left === 0 || performance.now() >= deadline) return left;
    const began = performance.now();
    await settleStep(services, workspaceId);
    if (share < 1) await sleep((performance.now() - began) * (1 / share - 1));
  }
}

/**
 * Takes what was marked first, makes the paths anew that depend on it, and adds to the sums by how much they are others. Whoever settles
 * does so one after the other, and only the end of it is under the head lock.
 */
export async function settleStep(services: SettlingServices, workspaceId: WorkspaceId): Promise<void> {
  const now = new Date(services.clock());
  await changeWorkspacePrepared(
    services,
    workspaceId,
    now,
    (tx) => settleWithin(tx, services, workspaceId),
    async ({ tx, record }, settled) => {
      if (!settled) return;
      if (settled.due.length > 0) await deleteDue(tx, workspaceId, settled.due);
      if (!settled.hasChanged) return;
      const seq = record({ entity: 'attribution', entityId: newId(now.getTime()), operation: 'update' });
      await insertStep(tx, workspaceId, settled.step, seq);
    },
  );
}

interface SettledPart {
  readonly step: number;
  readonly due: readonly Due[];
  readonly hasChanged: boolean;
}

async function settleWithin(
  tx: Transaction,
  services: SettlingServices,
  workspaceId: WorkspaceId,
): Promise<SettledPart | undefined> {
  const head = await lockSettling(tx, workspaceId);
  if (!head) return undefined;
  // The marks are read first: all that follows is read at least as new as they are.
  const due = await readDue(tx, workspaceId, duePerStep);
  if (due.length === 0) return { step: head.step, due, hasChanged: false };
  const settling = await openSettling(tx, services, workspaceId, head);
  const before = await readAround(settling, due);
  const hasChanged = await recountPaths(settling, before);
  return { step: head.step, due, hasChanged };
}
