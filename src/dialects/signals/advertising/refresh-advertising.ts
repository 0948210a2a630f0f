import { attempt, type Rounds, startRounds } from '../../../jobs/rounds.ts';
import type { AdvertisingServices } from './advertising-services.ts';
import { listDueAdAccounts } from './due-account-store.ts';
import { refreshAdAccount } from './refresh-ad-account.ts';

const minute = 60 * 1000;
/** One account's; what is not done by then goes on a minute later. */
const accountMilliseconds = 10 * 60 * 1000;
/** Of one round; the next begins a minute after it. */
const accountsAtOnce = 50;

/**
 * Every minute: refreshes the ad accounts whose day has come, one after the other. Any number of processes may do so: each claims an
 * account by its row. Without accounts it is one look at an index a minute. A stop breaks off what is under way; the next start goes
 * on there.
 */
export function startAdvertisingRefresh(services: AdvertisingServices): Rounds {
  const times = { firstMilliseconds: minute, intervalMilliseconds: minute };
  return startRounds(times, (stopping) => refreshDueAccounts(services, stopping));
}

/** One round. What fails is logged and left to the next. */
export async function refreshDueAccounts(
  services: AdvertisingServices,
  stopping: AbortSignal,
): Promise<void> {
  const { database, clock, logger } = services;
  const job = 'refresh ads';
  await attempt(logger, { job }, async () => {
    for (const { workspaceId, id } of await listDueAdAccounts(database, new Date(clock()), accountsAtOnce)) {
      if (stopping.aborted) return;
      const limits = { deadline: Date.now() + accountMilliseconds, signal: stopping };
      const refresh = () => refreshAdAccount(services, workspaceId, id, limits, true);
      await attempt(logger, { job, adAccount: id }, refresh);
    }
  });
}
