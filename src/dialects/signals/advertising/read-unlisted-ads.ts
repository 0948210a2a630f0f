import type { AdPlatform, PlatformAd, PlatformAnswer } from './ad-platform.ts';

export interface UnlistedAds {
  readonly found: readonly PlatformAd[];
  /** Of the stored ones: those that the platform has no more. */
  readonly gone: readonly string[];
}

/**
 * Asks by id for the ads that no list had: of `stored` ones it is to be known whether they are still there (one that the token may
 * not read is taken to be), of `rumoured` ones, which only messages have told of, whether there are such.
 */
export async function readUnlistedAds(
  platform: AdPlatform,
  listed: readonly PlatformAd[],
  stored: readonly string[],
  rumoured: readonly string[] = [],
): Promise<PlatformAnswer<UnlistedAds>> {
  const seen = new Set(listed.map(({ ad }) => ad.id));
  const missing = stored.filter((id) => !seen.has(id));
  const answer = await platform.readAds([...missing, ...rumoured.filter((id) => !seen.has(id))]);
  if (answer.kind !== 'answer') return answer;
  const { found, hidden } = answer.value;
  const there = new Set([...found.map(({ ad }) => ad.id), ...hidden]);
  return { kind: 'answer', value: { found, gone: missing.filter((id) => !there.has(id)) } };
}
