import type { Logger } from 'pino';
import type { Clock } from '../../../core/clock.ts';
import { changeWorkspace } from '../../../core/workspace/change-workspace.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { JobRunner } from '../../../jobs/run-jobs.ts';
import type { Database } from '../../../store/database.ts';
import type { Transaction } from '../../../store/transaction.ts';
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
  /** Runs a refresh for who waits for it. */
  readonly jobs: Pick<JobRunner, 'run'>;
  /** Sets a recount of leads going that was asked for with a change of ads; without it a running server takes it up. */
  readonly startJobs: () => void;
}

/** A change of what is known of ads, of which no event and no setting depends. */
export function writeAdvertising<Result>(
  services: Pick<AdvertisingServices, 'database' | 'clock'>,
  workspaceId: WorkspaceId,
  work: (tx: Transaction, now: Date) => Promise<Result>,
): Promise<Result> {
  return changeWorkspace(services, workspaceId, new Date(services.clock()), ({ tx, now }) => work(tx, now));
}
