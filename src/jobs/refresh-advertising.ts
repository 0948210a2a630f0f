import type { AdvertisingServices } from '../core/advertising/advertising-services.ts';
import { refreshAdAccount } from '../core/advertising/refresh-ad-account.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';
import type { Database } from '../store/database.ts';
import { isConnectionError } from '../store/database-error.ts';

const intervalMilliseconds = 60 * 1000;
/** One account's; what is not done by then goes on a minute later. */
const accountMilliseconds = 10 * 60 * 1000;
/** Of one round; the next begins a minute after it. */
const accountsAtOnce = 50;

export interface AdvertisingRounds {
  /** Breaks off what is under way; the next start goes on there. */
  stop(): Promise<void>;
}

/**
 * Every minute: refreshes the ad accounts whose day has come, one after the other. Any number of processes may do so: each claims an
 * account by its row. Without accounts it is one look at an index a minute.
 */
export function startAdvertisingRefresh(services: AdvertisingServices): AdvertisingRounds {
  const stopping = new AbortController();
  let round = Promise.resolve();
  let timer = setTimeout(begin, intervalMilliseconds).unref();
  function begin(): void {
    round = refreshDueAccounts(services, stopping.signal);
    void round.then(() => {
      if (!stopping.signal.aborted) timer = setTimeout(begin, intervalMilliseconds).unref();
    });
  }
  return {
    async stop() {
      clearTimeout(timer);
      stopping.abort();
      await round;
    },
  };
}

/** One round. What fails is logged and left to the next. */
export async function refreshDueAccounts(
  services: AdvertisingServices,
  stopping: AbortSignal,
): Promise<void> {
  const { database, clock, logger } = services;
  const attempt = async (work: () => Promise<unknown>, adAccount?: string) => {
    try {
      await work();
    } catch (error) {
      const level = isConnectionError(error) ? 'debug' : 'warn';
      logger[level]({ err: error, adAccount }, 'refreshing ads failed; it is tried again');
    }
  };
  await attempt(async () => {
    for (const { workspaceId, id } of await listDueAdAccounts(database, new Date(clock()))) {
      if (stopping.aborted) return;
      const limits = { deadline: Date.now() + accountMilliseconds, signal: stopping };
      await attempt(() => refreshAdAccount(services, workspaceId, id, limits, true), id);
    }
  });
}

/** Over all workspaces, those that wait longest first. */
async function listDueAdAccounts(
  database: Database,
  now: Date,
): Promise<{ workspaceId: WorkspaceId; id: string }[]> {
  const rows = await database.query<{ workspace_id: WorkspaceId; id: string }>(
    `select workspace_id, id from ad_account
      where next_refresh_at <= $1 and (claimed_until is null or claimed_until <= $1)
      order by next_refresh_at limit $2`,
    [now, accountsAtOnce],
  );
  return rows.map(({ workspace_id, id }) => ({ workspaceId: workspace_id, id }));
}
