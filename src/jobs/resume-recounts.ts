import type { Logger } from 'pino';
import type { Recounts } from '../projections/conversations/recount-leads.ts';
import { isConnectionError } from '../store/database-error.ts';

const intervalMilliseconds = 60 * 1000;

/**
 * Takes up recounts of leads that a process has left unfinished: now, and every minute. Any number of processes may do so: each slice
 * is done once, under the head lock. Those that are under way end with the app.
 */
export function startRecounts(recounts: Recounts, logger: Logger): { stop(): Promise<void> } {
  const resume = async () => {
    try {
      await recounts.resume();
    } catch (error) {
      const level = isConnectionError(error) ? 'debug' : 'warn';
      logger[level]({ err: error }, 'unfinished recounts could not be looked up; it is tried again');
    }
  };
  let round = resume();
  const timer = setInterval(() => {
    round = round.then(resume);
  }, intervalMilliseconds);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await round;
    },
  };
}
