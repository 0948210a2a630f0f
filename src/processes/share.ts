import type { Config } from '../config.ts';

/** What each of the processes has of something that holds over all of them; one at least. */
export function shareOf(whole: number, processes: number): number {
  return Math.max(1, Math.floor(whole / processes));
}

/** The settings by which one of the processes runs: what they say of the whole server, each has its share of. */
export function settingsOfOne(config: Config): Config {
  const { processes } = config;
  if (processes === 1) return config;
  const databasePoolSize = Math.max(2, shareOf(config.databasePoolSize, processes));
  return Object.freeze({
    ...config,
    databasePoolSize,
    readsPerWorkspace: Math.min(databasePoolSize - 1, shareOf(config.readsPerWorkspace, processes)),
    queueLimitBytes: shareOf(config.queueLimitBytes, processes),
    maximumConnections: Math.ceil(config.maximumConnections / processes),
  });
}
