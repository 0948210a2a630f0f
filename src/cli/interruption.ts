import { CommandError } from './command.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Does work that has to tidy up when it is stopped: the first signal that asks for it aborts `signal`, a second one ends the process.
 * @param left what is said of what the work has left
 * @throws CommandError when it was stopped
 */
export async function untilInterrupted<Result>(
  left: string,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  for (const signal of signals) process.once(signal, abort);
  try {
    return await work(controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? new CommandError(`stopped; ${left}`) : error;
  } finally {
    for (const signal of signals) process.off(signal, abort);
  }
}
