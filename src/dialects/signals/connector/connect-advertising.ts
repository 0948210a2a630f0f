import type { Config } from '../../../config.ts';
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
