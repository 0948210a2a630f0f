import cluster from 'node:cluster';
import type { Logger } from 'pino';
import { type App, buildApp } from '../../app.ts';
import type { Config } from '../../config.ts';
import { systemClock } from '../../core/clock.ts';
import { registry } from '../../dialects/registry.ts';
import { openWorkerEnd } from '../../processes/worker-end.ts';
import { dismissAbandoned } from '../../store/backends/embedded.ts';
import { joinEmbedded, openDatabase } from '../../store/database.ts';
import { describeError } from '../../store/startup-error.ts';
import { createLogger } from '../logger.ts';
import { drain, listen } from './listen.ts';
import { listenForStop } from './stop-signal.ts';

/**
 * One of several processes that take requests, by its share of the settings. It begins with what the process that has started it says,
 * and ends with that one.
 */
export async function runWorker(config: Config): Promise<number> {
  let app: App | undefined;
  const { primary, together } = openWorkerEnd(
    (letter) => process.send?.(letter, undefined, undefined, () => {}),
    () => app?.registry,
  );
  process.on('message', (letter) => primary.receive(letter));
  // The port is the other process's: nothing else would keep this one alive.
  process.channel?.ref();
  const { number, embedded } = await primary.ask('begin');
  const logger = createLogger(config.logLevel, number);
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'a fault that nothing handles; the process ends');
    process.exit(1);
  });
  endWithPrimary(embedded && config.dataDir, logger);
  const stop = listenForStop(logger, () => process.exit(1));
  const database = embedded ? joinEmbedded(embedded, config) : await openDatabase(config, logger);
  try {
    app = await buildApp(config, database, logger, systemClock, registry, together);
    primary.tell('listens', await listen(app, config));
    await stop.requested;
    await drain(app, logger);
  } finally {
    await database.close();
    process.channel?.unref();
  }
  logger.info('stopped');
  return 0;
}

/** When the process that has started this one was killed. `dataDir`: that of its embedded database, which nobody else stops. */
function endWithPrimary(dataDir: string | undefined, logger: Logger): void {
  const end = async () => {
    try {
      if (dataDir !== undefined) await dismissAbandoned(dataDir);
    } catch (error) {
      logger.warn({ reason: describeError(error) }, 'the database was left to who starts next');
    }
    process.exit(1);
  };
  process.prependOnceListener('disconnect', () => {
    // By itself the process would end at once.
    if (cluster.worker) cluster.worker.exitedAfterDisconnect = true;
    logger.fatal('the process that has started this one has ended; it ends, too');
    void end();
  });
}
