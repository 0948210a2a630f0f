import type { Logger } from 'pino';
import { attempt, type Rounds, startRounds } from '../../../../jobs/rounds.ts';
import type { Recounts } from './recount-leads.ts';

const intervalMilliseconds = 60 * 1000;

/**
 * Takes up recounts of leads that a process has left unfinished: now, and every minute. Any number of processes may do so: each slice
 * is done once, under the head lock. Those that are under way end with the app.
 */
export function startRecounts(recounts: Recounts, logger: Logger): Rounds {
  const times = { firstMilliseconds: 0, intervalMilliseconds };
  return startRounds(times, () => attempt(logger, { job: 'resume recounts' }, () => recounts.resume()));
}
