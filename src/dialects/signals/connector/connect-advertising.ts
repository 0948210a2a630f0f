import type { Config } from '../../../config.ts';
import type { JobRunner } from '../../../jobs/run-jobs.ts';
import type { JobKindServices } from '../../dialect.ts';
import type { AdvertisingServices } from '../advertising/advertising-services.ts';
import { MetaPlatform } from './meta/meta-platform.ts';

/** What keeping ads takes, with Meta as the platform that they are read from. */
export function connectAdvertising(
  config: Pick<Config, 'meta'>,
  services: Omit<AdvertisingServices, 'connectPlatform' | 'backfillDays'>,
): AdvertisingServices {
  const { backfillDays, ...graph } = config.meta;
  return {
    ...services,
    backfillDays,
    connectPlatform: (accessToken, limits) => new MetaPlatform(graph, accessToken, limits),
  };
}

/** By the runner that a server has one of. */
const known = new WeakMap<JobRunner, AdvertisingServices>();

/** What keeping ads takes, in a server: made once of its services. */
export function advertisingOf(services: JobKindServices): AdvertisingServices {
  return known.getOrInsertComputed(services.jobs, (jobs) => {
    const { config, database, workspaces, clock, logger } = services;
    const startJobs = () => void jobs.look();
    return connectAdvertising(config, { database, workspaces, clock, logger, jobs, startJobs });
  });
}
