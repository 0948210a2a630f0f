import { markPersonsOfAds } from '../../../core/attribution/due-store.ts';
import { changeWorkspace } from '../../../core/workspace/change-workspace.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Transaction } from '../../../store/transaction.ts';
import { requestRecount } from '../conversation/recount.ts';
import { readConversions } from '../conversion/conversion-store.ts';
import { readEventGroups } from '../conversion/event-group-store.ts';
import { upsertAdCampaigns } from './ad-campaign-store.ts';
import { type DayScope, deleteAbsentAdDays, upsertAdDays } from './ad-day-store.ts';
import { markAdsDeleted, readAds, upsertAds } from './ad-store.ts';
import type { Ad, AdCampaign, AdDay } from './advertising.ts';
import { type AdvertisingServices, writeAdvertising } from './advertising-services.ts';

type StoreServices = Pick<AdvertisingServices, 'database' | 'workspaces' | 'clock' | 'startJobs'>;

/** Rows of one transaction: events wait for it. */
const rowsPerTransaction = 1_000;

/** Writes campaigns; of those named twice the last holds. */
export async function storeCampaigns(
  services: StoreServices,
  workspaceId: WorkspaceId,
  campaigns: readonly AdCampaign[],
): Promise<void> {
  for (const part of partsOf(byId(campaigns))) {
    await writeAdvertising(services, workspaceId, (tx, now) => upsertAdCampaigns(tx, workspaceId, part, now));
  }
}

/** Notes of stored ads that the platform has them no more; they keep their campaign and their numbers. */
export async function storeDeletedAds(
  services: StoreServices,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await writeAdvertising(services, workspaceId, (tx, now) => markAdsDeleted(tx, workspaceId, ids, now));
}

/**
 * Writes ads; of those named twice the last holds. Where an ad comes to a campaign for which something is set, messages are read by
 * other rules from then on: the configuration's version moves, and the leads of the campaign are counted anew.
 */
export async function storeAds(
  services: StoreServices,
  workspaceId: WorkspaceId,
  ads: readonly Ad[],
): Promise<void> {
  let isConcerned = false;
  for (const part of partsOf(byId(ads))) {
    const at = new Date(services.clock());
    const hasMoved = await changeWorkspace(services, workspaceId, at, async ({ tx, head, now }) => {
      const ids = part.map(({ id }) => id);
      const known = new Map((await readAds(tx, workspaceId, ids)).map((ad) => [ad.id, ad]));
      await upsertAds(tx, workspaceId, part, now);
      const moves = part.flatMap((ad) => moveOf(known.get(ad.id), ad));
      await markPersonsOfAds(
        tx,
        workspaceId,
        moves.map(({ adId }) => adId),
      );
      const concerned = await campaignsConcerned(tx, workspaceId, moves);
      if (concerned.length > 0) head.configVersion++;
      for (const campaignId of concerned) await requestRecount(tx, workspaceId, { campaignId }, now);
      return concerned.length > 0;
    });
    if (hasMoved) await services.workspaces.renew(workspaceId);
    isConcerned ||= hasMoved;
  }
  if (isConcerned) services.startJobs();
}

interface Move {
  readonly adId: string;
  readonly from: string | null;
  readonly to: string;
}

/** An ad keeps its campaign when none is told. */
function moveOf(before: Ad | undefined, after: Ad): Move[] {
  const from = before?.campaignId ?? null;
  const to = after.campaignId ?? from;
  return to === null || to === from ? [] : [{ adId: after.id, from, to }];
}

/** The campaigns in which ads are now whose old or new campaign has a conversion or an event group: messages are found by those. */
async function campaignsConcerned(
  tx: Transaction,
  workspaceId: WorkspaceId,
  moves: readonly Move[],
): Promise<string[]> {
  if (moves.length === 0) return [];
  const [conversions, groups] = await Promise.all([
    readConversions(tx, workspaceId),
    readEventGroups(tx, workspaceId),
  ]);
  const ruled = new Set<string | null>([...conversions, ...groups].map(({ campaignId }) => campaignId));
  // Groups of no campaign are for all, wherever an ad belongs.
  ruled.delete(null);
  return [...new Set(moves.filter(({ from, to }) => ruled.has(from) || ruled.has(to)).map(({ to }) => to))];
}

/** Writes the numbers of one day in place of all that were known of the scope; of an ad named twice the last holds. */
export async function replaceDay(
  services: StoreServices,
  workspaceId: WorkspaceId,
  scope: DayScope,
  day: string,
  rows: readonly AdDay[],
): Promise<void> {
  const distinct = [...new Map(rows.map((row) => [row.adId, row])).values()];
  await writeAdvertising(services, workspaceId, (tx) =>
    deleteAbsentAdDays(
      tx,
      workspaceId,
      scope,
      day,
      distinct.map(({ adId }) => adId),
    ),
  );
  await storeDays(services, workspaceId, distinct);
}

/** Writes numbers; one row an ad and day. */
export async function storeDays(
  services: StoreServices,
  workspaceId: WorkspaceId,
  rows: readonly AdDay[],
): Promise<void> {
  for (const part of partsOf(rows)) {
    await writeAdvertising(services, workspaceId, (tx, now) => upsertAdDays(tx, workspaceId, part, now));
  }
}

function byId<Item extends { readonly id: string }>(items: readonly Item[]): Item[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}

function* partsOf<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let start = 0; start < items.length; start += rowsPerTransaction)
    yield items.slice(start, start + rowsPerTransaction);
}
