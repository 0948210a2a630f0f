import type { Logger } from 'pino';
import { isConnectionError } from '../store/database-error.ts';

/** Work beside the requests. */
export interface Rounds {
  /** Ends after the round that is under way. */
  stop(): Promise<void>;
}

export interface RoundTimes {
  /** From the start to the first round. */
  readonly firstMilliseconds: number;
  /** From the end of a round to the next. */
  readonly intervalMilliseconds: number;
}

/** Does one round after the other. `round` does not fail (`attempt`); its signal says that it may end early. */
export function startRounds(
  { firstMilliseconds, intervalMilliseconds }: RoundTimes,
  round: (stopping: AbortSignal) => Promise<void>,
): Rounds {
  const stopping = new AbortController();
  let current = Promise.resolve();
  const begin = () => {
    current = round(stopping.signal).then(() => {
      if (!stopping.signal.aborted) timer = setTimeout(begin, intervalMilliseconds).unref();
    });
  };
  let timer = setTimeout(begin, firstMilliseconds).unref();
  return {
    async stop() {
      clearTimeout(timer);
      stopping.abort();
      await current;
    },
  };
}

/**
 * Does a part of a round. What fails is logged, with what it was about, and left to the next round; `isExpected`: nobody has to look
 * into it.
 */
export async function attempt(
  logger: Logger,
  about: Readonly<Record<string, unknown>>,
  work: () => Promise<unknown>,
  isExpected: (error: unknown) => boolean = isConnectionError,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    logger[isExpected(error) ? 'debug' : 'warn']({ err: error, ...about }, 'a job failed; it is tried again');
  }
}
