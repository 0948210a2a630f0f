import type { Logger } from 'pino';
import type { Clock } from '../../../core/clock.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import { lockHead, storeHead } from '../../../core/workspace/workspace-store.ts';
import type { Database } from '../../../store/database.ts';
import { inTransaction, type Transaction } from '../../../store/transaction.ts';
import type { ConnectPlatform } from './ad-platform.ts';

/** What keeping ads and their numbers takes. `connectAdvertising` makes it. */
export interface AdvertisingServices {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly connectPlatform: ConnectPlatform;
  /** How many days the first refresh of an account asks for. */
  readonly backfillDays: number;
  /** Sets a recount of leads going that was asked for with a change of ads; without it a running server takes it up. */
  readonly startJobs: () => void;
}

/** A transaction that begins with the workspace's lock, as every one that writes. */
export function writeAdvertising<Result>(
  { database }: Pick<AdvertisingServices, 'database'>,
  workspaceId: WorkspaceId,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  return inTransaction(database, async (tx) => {
    const head = await lockHead(tx, workspaceId);
    const result = await work(tx);
    await storeHead(tx, workspaceId, head);
    return result;
  });
}
