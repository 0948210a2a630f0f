import type { Logger } from 'pino';
import { listDueWorkspaces } from '../core/attribution/due-workspaces-store.ts';
import { type Rest, type SettlingServices, settleAttribution } from '../projections/attribution/settle.ts';
import { isTransient } from '../store/transaction.ts';
import { attempt, type Rounds, startRounds } from './rounds.ts';

const intervalMilliseconds = 1_000;
/** Of a workspace in a round, so that no workspace waits long for another. */
const settlingMilliseconds = 2_000;
/** What comes in must not wait for it: while events do, it rests for twenty times as long. A report that can't wait settles by itself. */
const rest: Rest = (isBusy) => (isBusy ? 20 : 1);

/**
 * Settles credit that nobody asks for: a second or so after what has made it due. Any number of processes may do so, a report does so
 * itself, and nothing depends on a round's success.
 */
export function startSettling(services: SettlingServices & { readonly logger: Logger }): Rounds {
  const times = { firstMilliseconds: intervalMilliseconds, intervalMilliseconds };
  return startRounds(times, (stopping) => settleDue(services, stopping));
}

/** One round. What fails is logged and left to the next. */
export async function settleDue(
  services: SettlingServices & { readonly logger: Logger },
  stopping: AbortSignal,
): Promise<void> {
  const { database, logger } = services;
  const tryTo = (about: object, work: () => Promise<unknown>) =>
    attempt(logger, { job: 'settle attribution', ...about }, work, isTransient);
  await tryTo({}, async () => {
    for (const workspace of await listDueWorkspaces(database)) {
      if (stopping.aborted) return;
      await tryTo({ workspace }, () =>
        settleAttribution(services, workspace, performance.now() + settlingMilliseconds, rest),
      );
    }
  });
}
