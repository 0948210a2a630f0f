import type { Logger } from 'pino';
import type { Recounts } from '../projections/conversations/recount-leads.ts';

const intervalMilliseconds = 60 * 1000;

/**
 * Takes up recounts of leads that a process has left unfinished: now, and every minute. Any number of processes may do so: each slice
 * is done once, under the head lock. Those that are under way end with the app.
 */
export function startRecounts(recounts: Recounts, logger: Logger): { stop(): Promise<void> } {
  const round = () => {
    recounts.resume().catch((error: unknown) => {
      logger.warn({ err: error }, 'unfinished recounts could not be looked up; it is tried again');
    });
  };
  round();
  const timer = setInterval(round, intervalMilliseconds);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
    },
  };
}
