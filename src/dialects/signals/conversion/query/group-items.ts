import type { Source } from '../../../../core/source/source.ts';
import { utcDayOf } from '../../conversation/day-measures.ts';
import { eventTypeId } from '../../conversation/event-type-id.ts';
import type { EventGroup } from '../event-group.ts';

/** What a group counts of one app and ad. */
export interface GroupItem {
  readonly group: EventGroup;
  readonly app: Source;
  /** Null: conversations that no ad began; or, where nothing was counted, whichever ad. */
  readonly adId: string | null;
  /** False: nothing was counted yet, or all that was is of the time after it was archived. */
  readonly isMet: boolean;
}

/** That there are events of a type with an app and ad. */
export interface EventCell {
  readonly sourceId: number;
  /** '': no ad. */
  readonly adId: string;
  readonly type: string;
  readonly typeId: string;
  /** YYYY-MM-DD in UTC. */
  readonly firstDay: string;
}

/** Which ad's groups are asked for; null: all. */
export type AskedAd = string | null;

/**
 * What each group counts by app and ad, the groups in their order, then the apps in theirs; a group that has counted nothing is one
 * item, of the first app.
 */
export function listGroupItems(
  groups: readonly EventGroup[],
  apps: readonly Source[],
  cells: readonly EventCell[],
  campaignOfAd: ReadonlyMap<string, string>,
  askedAd: AskedAd,
): GroupItem[] {
  const byType = Map.groupBy(cells, (cell) => keyOf(cell.sourceId, cell.type));
  const byTypeId = Map.groupBy(cells, (cell) => keyOf(cell.sourceId, cell.type, cell.typeId));
  return groups.flatMap((group) => {
    const items = apps.flatMap((app) => {
      const typeId = groupTypeId(group, app);
      const met =
        typeId === null
          ? byType.get(keyOf(app.id, group.type))
          : byTypeId.get(keyOf(app.id, group.type, typeId));
      const ads = new Set((met ?? []).filter((cell) => counts(group, cell, campaignOfAd)).map(adOf));
      return [...ads].sort(compareAds).map((adId) => ({ group, app, adId, isMet: true }));
    });
    if (items.length > 0 || !apps[0]) return items;
    return [{ group, app: apps[0], adId: askedAd ?? group.adId, isMet: false }];
  });
}

/** The type id of the events that a group counts with an app; null: of whichever value. */
export function groupTypeId({ type, typeValue }: EventGroup, app: Source): string | null {
  return typeValue === null ? null : eventTypeId(app.externalId, type, typeValue);
}

/** Whether a group is for conversations that this ad began. */
export function concernsAd(
  group: EventGroup,
  adId: string | null,
  campaignOfAd: ReadonlyMap<string, string>,
): boolean {
  if (group.adId !== null && group.adId !== adId) return false;
  return group.campaignId === null || (adId !== null && campaignOfAd.get(adId) === group.campaignId);
}

function counts(group: EventGroup, cell: EventCell, campaignOfAd: ReadonlyMap<string, string>): boolean {
  if (group.archivedAt !== null && cell.firstDay > utcDayOf(group.archivedAt.getTime())) return false;
  return concernsAd(group, adOf(cell), campaignOfAd);
}

function adOf({ adId }: EventCell): string | null {
  return adId === '' ? null : adId;
}

function compareAds(a: string | null, b: string | null): number {
  const [first, second] = [a ?? '', b ?? ''];
  return first < second ? -1 : first > second ? 1 : 0;
}

function keyOf(...parts: (string | number)[]): string {
  return parts.join('\n');
}
