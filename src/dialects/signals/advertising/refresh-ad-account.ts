import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import {
  advanceAdAccount,
  claimAdAccount,
  finishAdAccountRefresh,
  readAdAccount,
  updateAdAccountFacts,
} from './ad-account-store.ts';
import type { AdPlatform, PlatformFailure, PlatformLimits } from './ad-platform.ts';
import { listAdIds, listUnknownAdIds } from './ad-store.ts';
import type { AdAccount } from './advertising.ts';
import type { AdvertisingServices } from './advertising-services.ts';
import { noteFailure, openConnection } from './connection.ts';
import { dayAfter, planAccountSpans } from './plan-days.ts';
import { readUnlistedAds } from './read-unlisted-ads.ts';
import { refreshDays } from './refresh-days.ts';
import { nextRefreshAfter, type RefreshOutcome, stateOf } from './refresh-outcome.ts';
import { storeDeletedAds } from './store-advertising.ts';
import { storeStructure } from './store-structure.ts';

/** A process that dies keeps its claim for so long beyond its deadline. */
const claimSlackMilliseconds = 60_000;
/** Ads that only messages have told of, asked for by id: one batch. */
const maximumUnknownAds = 50;

/**
 * Brings an account's campaigns, ads and daily numbers to what Meta tells now. What was read before something failed stays. One
 * refresh of an account at a time; with `onlyIfDue` only when it is the daily job's turn.
 */
export async function refreshAdAccount(
  services: AdvertisingServices,
  workspaceId: WorkspaceId,
  id: string,
  limits: PlatformLimits,
  onlyIfDue = false,
): Promise<RefreshOutcome> {
  const { database, clock } = services;
  const now = clock();
  const until = new Date(now + Math.max(0, limits.deadline - Date.now()) + claimSlackMilliseconds);
  const account = await claimAdAccount(database, workspaceId, id, { now: new Date(now), until, onlyIfDue });
  if (!account) return { kind: (await readAdAccount(database, workspaceId, id)) ? 'busy' : 'unknown' };
  let outcome: RefreshOutcome = { kind: 'unreachable', reason: 'a fault here; the log says more' };
  try {
    outcome = await refreshClaimed(services, workspaceId, account, limits);
  } finally {
    const end = { ...stateOf(outcome), nextRefreshAt: nextRefreshAfter(outcome, clock()) };
    await finishAdAccountRefresh(database, workspaceId, id, end, new Date(clock()));
  }
  return outcome;
}

async function refreshClaimed(
  services: AdvertisingServices,
  workspaceId: WorkspaceId,
  account: AdAccount,
  limits: PlatformLimits,
): Promise<RefreshOutcome> {
  const connection = await openConnection(services, workspaceId, account.facebookAccountId, limits);
  if (!('platform' in connection)) return connection;
  const { platform } = connection;
  const failure =
    (await refreshStructure(services, workspaceId, account.id, platform)) ??
    (await refreshNumbers(services, workspaceId, account, platform));
  if (!failure) return { kind: 'refreshed' };
  await noteFailure(services, workspaceId, connection, failure);
  return failure;
}

/** The account's own properties, its campaigns and its ads. */
async function refreshStructure(
  services: AdvertisingServices,
  workspaceId: WorkspaceId,
  id: string,
  platform: AdPlatform,
): Promise<PlatformFailure | undefined> {
  const { database, clock } = services;
  const facts = await platform.readAdAccount(id);
  if (facts.kind !== 'answer') return facts;
  await updateAdAccountFacts(database, workspaceId, facts.value, new Date(clock()));
  const campaigns = await platform.listCampaigns(id);
  if (campaigns.kind !== 'answer') return campaigns;
  const listed = await platform.listAds({ adAccountId: id });
  if (listed.kind !== 'answer') return listed;
  const stored = await listAdIds(database, workspaceId, id);
  const rumoured = await listUnknownAdIds(database, workspaceId, maximumUnknownAds);
  const unlisted = await readUnlistedAds(platform, listed.value, stored, rumoured);
  if (unlisted.kind !== 'answer') return unlisted;
  const { found, gone } = unlisted.value;
  const own = [...listed.value, ...found.filter(({ ad }) => ad.adAccountId === id)];
  const failure = await storeStructure(services, workspaceId, id, campaigns.value, own, platform);
  if (failure) return failure;
  await storeDeletedAds(services, workspaceId, gone);
  return undefined;
}

/** Daily numbers, span by span; how far it came is noted, so that what is cut off goes on there. */
async function refreshNumbers(
  services: AdvertisingServices,
  workspaceId: WorkspaceId,
  { id, ...before }: AdAccount,
  platform: AdPlatform,
): Promise<PlatformFailure | undefined> {
  // The zone may have been learnt just now, and days are days in it.
  const timezone = (await readAdAccount(services.database, workspaceId, id))?.timezone ?? before.timezone;
  const spans = planAccountSpans({ ...before, timezone }, services.clock(), services.backfillDays);
  const backfilledFrom = spans[0]!.since;
  for (const span of spans) {
    const failure = await refreshDays(services, workspaceId, { adAccountId: id }, id, span, platform);
    if (failure) return failure;
    const done = { backfilledFrom, resumeFrom: dayAfter(span.until) };
    await advanceAdAccount(services.database, workspaceId, id, done);
  }
  return undefined;
}
