import { setTimeout as sleep } from 'node:timers/promises';
import type { AdPlatform } from '../../core/attribution/ad-platform.ts';
import { countDue, deleteDue, isAnyDue, readDue, readLastMark } from '../../core/attribution/due-store.ts';
import { insertStep, lockSettling } from '../../core/attribution/sum-store.ts';
import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/id.ts';
import { changeWorkspacePrepared } from '../../core/workspace/change-workspace.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../core/workspace/workspace-cache.ts';
import { readLastSeq } from '../../core/workspace/workspace-store.ts';
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

/** Events and persons that a step takes: some ten milliseconds' worth. */
const leastPerStep = 200;
/** Where nothing else is to be waited for a step takes more; of those who have converted thousands of times all paths are gone through in each. */
const mostPerStep = 3_200;
/** As long as steps take half of it the next are larger, and smaller when they take twice as long: a transaction has its end. */
const stepMilliseconds = 1_000;
/** In how many marks those that are left are counted. */
const mostMarks = 10_000;

/** How long who settles rests between steps, as a multiple of how long a step took. `isBusy`: whether events come in meanwhile. */
export type Rest = (isBusy: boolean) => number;

/**
 * Settles what was due when it was called, step by step. Answers how much of it is left when its time is up (by the clock of
 * `performance.now`); 0: the sums are what follows from all that was committed before.
 */
export async function settleAttribution(
  services: SettlingServices,
  workspaceId: WorkspaceId,
  deadline: number,
  rest?: Rest,
): Promise<number> {
  const { database } = services;
  const upTo = await readLastMark(database, workspaceId);
  if (upTo === undefined) return 0;
  let perStep = leastPerStep;
  while (await isAnyDue(database, workspaceId, upTo)) {
    if (performance.now() >= deadline) return countDue(database, workspaceId, upTo, mostMarks);
    const began = performance.now();
    await settleStep(services, workspaceId, perStep);
    const took = performance.now() - began;
    if (rest) await restBetween(services, workspaceId, took, rest);
    else perStep = nextSize(perStep, took);
  }
  return 0;
}

/** How many a step takes behind one that took so many, and so many milliseconds. */
function nextSize(entries: number, took: number): number {
  if (took > 2 * stepMilliseconds) return Math.max(leastPerStep, Math.floor(entries / 2));
  return took > stepMilliseconds / 2 ? entries : Math.min(2 * entries, mostPerStep);
}

const lookMilliseconds = 20;
/** Whoever stops waits for it. */
const longestRest = 2_000;
/** Fewer a second are no crowd. */
const busyRate = 200;

/** Looks for a moment how fast the order of changes goes on. */
async function restBetween(
  { database }: SettlingServices,
  workspaceId: WorkspaceId,
  took: number,
  rest: Rest,
): Promise<void> {
  const before = await readLastSeq(database, workspaceId);
  const began = performance.now();
  await sleep(Math.min(longestRest, Math.max(lookMilliseconds, took * rest(false))));
  const seconds = (performance.now() - began) / 1000;
  const isBusy = (await readLastSeq(database, workspaceId)) - before > busyRate * seconds;
  if (isBusy) await sleep(Math.min(longestRest, took * (rest(true) - rest(false))));
}

/**
 * Takes what was marked first, makes the paths anew that depend on it, and adds to the sums by how much they are others. Whoever settles
 * does so one after the other, and only the end of it is under the head lock.
 */
export async function settleStep(
  services: SettlingServices,
  workspaceId: WorkspaceId,
  limit = leastPerStep,
): Promise<void> {
  const now = new Date(services.clock());
  await changeWorkspacePrepared(
    services,
    workspaceId,
    now,
    (tx) => settleWithin(tx, services, workspaceId, limit),
    async ({ tx, record }, settled) => {
      if (!settled) return;
      const { step, marks, hasChanged } = settled;
      if (marks.length > 0) await deleteDue(tx, workspaceId, marks);
      if (!hasChanged) return;
      const seq = record({ entity: 'attribution', entityId: newId(now.getTime()), operation: 'update' });
      await insertStep(tx, workspaceId, step, seq);
    },
  );
}

interface SettledPart {
  readonly step: number;
  readonly marks: readonly string[];
  readonly hasChanged: boolean;
}

async function settleWithin(
  tx: Transaction,
  services: SettlingServices,
  workspaceId: WorkspaceId,
  limit: number,
): Promise<SettledPart | undefined> {
  const head = await lockSettling(tx, workspaceId);
  if (!head) return undefined;
  // The marks are read first: all that follows is read at least as new as they are.
  const { marks, ...due } = await readDue(tx, workspaceId, limit);
  if (marks.length === 0) return { step: head.step, marks, hasChanged: false };
  const settling = await openSettling(tx, services, workspaceId, head);
  const hasChanged = await recountPaths(settling, await readAround(settling, due));
  return { step: head.step, marks, hasChanged };
}
