import { attempt, type Rounds, startRounds } from '../../../jobs/rounds.ts';
import { readAdAccount } from './ad-account-store.ts';
import { type AdvertisingServices, writeAdvertising } from './advertising-services.ts';
import { countOpenRefreshes, type DueAdAccount, listDueAdAccounts } from './due-account-store.ts';
import { requestRefresh } from './refresh-ad-account.ts';

const minute = 60 * 1000;
/** Other jobs come to their turn between so many. */
const maximumOpen = 5;

type RoundServices = Pick<AdvertisingServices, 'database' | 'clock' | 'logger'>;

/**
 * Every minute: asks for a refresh of the ad accounts whose day has come. Any number of processes may do so: an account has one refresh
 * open at a time. Without accounts it is one look at an index a minute.
 */
export function startAdvertisingRefresh(services: RoundServices): Rounds {
  const times = { firstMilliseconds: minute, intervalMilliseconds: minute };
  return startRounds(times, (stopping) => requestDueRefreshes(services, stopping));
}

/** One round. What fails is logged and left to the next. */
export async function requestDueRefreshes(services: RoundServices, stopping: AbortSignal): Promise<void> {
  const { database, clock, logger } = services;
  const job = 'ask for refreshes of ads';
  await attempt(logger, { job }, async () => {
    const now = new Date(clock());
    const due = await listDueAdAccounts(database, now, maximumOpen);
    if (due.length === 0) return;
    const room = Math.max(0, maximumOpen - (await countOpenRefreshes(database, now)));
    for (const account of due.slice(0, room)) {
      if (stopping.aborted) return;
      await attempt(logger, { job, adAccount: account.id }, () => requestIfDue(services, account));
    }
  });
}

/** Under the lock, under which a refresh notes its end: who has looked at the same time has not had the account refreshed meanwhile. */
async function requestIfDue(services: RoundServices, { workspaceId, id }: DueAdAccount): Promise<void> {
  await writeAdvertising(services, workspaceId, async (tx, now) => {
    const nextRefreshAt = (await readAdAccount(tx, workspaceId, id))?.nextRefreshAt;
    if (nextRefreshAt && nextRefreshAt <= now) await requestRefresh(tx, workspaceId, id, 'schedule', now);
  });
}
