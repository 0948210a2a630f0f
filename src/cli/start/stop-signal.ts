import type { Logger } from 'pino';

/** Ctrl-C reaches a process twice where a parent hands it on; within this it is one request. */
const sameRequestMilliseconds = 1000;

/**
 * The first SIGTERM, SIGINT or SIGHUP (the terminal was closed) asks to stop: `requested` resolves. A second one calls `force`, which ends the process at once.
 */
export function listenForStop(logger: Logger, force: () => void): { readonly requested: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let firstAt: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      logger.info(
        { signal },
        'stopping: accepted requests are answered first; a second signal stops at once',
      );
      resolve();
    } else if (now - firstAt > sameRequestMilliseconds) {
      logger.warn({ signal }, 'stopped at once');
      force();
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, onSignal);
  return { requested: promise };
}
