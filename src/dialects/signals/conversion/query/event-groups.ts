import type { Source } from '../../../../core/source/source.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../../store/queryable.ts';
import { readAds } from '../../advertising/ad-store.ts';
import type { ConversationEventType } from '../../conversation/conversation-event.ts';
import { foldText } from '../../conversation/match-text.ts';
import { conversationRules } from '../conversation-rules-store.ts';
import { type EventGroup, type GroupStatus, statusOf } from '../event-group.ts';
import { readEventGroups } from '../event-group-store.ts';
import { fetchEventCells, fetchFigures, fetchLeads, noFigures } from './fetch-figures.ts';
import { type AskedAd, concernsAd, type GroupItem, groupTypeId, listGroupItems } from './group-items.ts';

export interface GroupQuestion {
  readonly status: GroupStatus | null;
  readonly adId: AskedAd;
  /** Null: all. */
  readonly types: readonly ConversationEventType[] | null;
  /** 24 hex digits: of the events with one of the apps, or the group's own. */
  readonly typeId: string | null;
  readonly value: string | null;
  readonly offset: number;
  readonly limit: number;
}

/** A group with what it counts of one app and ad. */
export interface GroupView {
  readonly group: EventGroup;
  readonly app: Source;
  readonly adId: string | null;
  readonly campaignId: string | null;
  readonly firstAt: Date | null;
  readonly lastAt: Date | null;
  readonly events: number;
  /** Leads that have raised any of the events. */
  readonly leads: number;
  /** All leads of the app and ad, by which the rate is made. */
  readonly allLeads: number;
}

/**
 * The groups with what they count by app and ad, newest group first, and how many such items there are in all.
 * @param apps the client's, the asked one first
 */
export async function listEventGroups(
  connection: Queryable,
  workspace: Workspace,
  apps: readonly Source[],
  question: GroupQuestion,
): Promise<{ views: GroupView[]; total: number }> {
  const { campaignOfAd } = workspace.parts.get(conversationRules);
  const stored = await readEventGroups(connection, workspace.id);
  const groups = stored.filter((group) => isAsked(group, apps, question, campaignOfAd));
  const cells = await fetchEventCells(connection, workspace.id, groups, apps, question.adId);
  const items = listGroupItems(groups, apps, cells, campaignOfAd, question.adId);
  const page = items.slice(question.offset, question.offset + question.limit);
  return { views: await viewItems(connection, workspace, page), total: items.length };
}

/** One group with what it counts of an app, all ads together: a lead of two ads is counted with each. */
export async function viewEventGroup(
  connection: Queryable,
  workspace: Workspace,
  app: Source,
  group: EventGroup,
): Promise<GroupView> {
  const { campaignOfAd } = workspace.parts.get(conversationRules);
  const cells = await fetchEventCells(connection, workspace.id, [group], [app], null);
  const items = listGroupItems([group], [app], cells, campaignOfAd, null);
  const views = await viewItems(connection, workspace, items);
  const sum = (value: (view: GroupView) => number) => views.reduce((total, view) => total + value(view), 0);
  const times = views.flatMap(({ firstAt, lastAt }) => (firstAt && lastAt ? [firstAt, lastAt] : []));
  times.sort((a, b) => a.getTime() - b.getTime());
  return {
    group,
    app,
    adId: group.adId,
    campaignId: group.campaignId ?? (group.adId === null ? null : (views[0]?.campaignId ?? null)),
    firstAt: times[0] ?? null,
    lastAt: times.at(-1) ?? null,
    events: sum(({ events }) => events),
    leads: sum(({ leads }) => leads),
    allLeads: sum(({ allLeads }) => allLeads),
  };
}

function isAsked(
  group: EventGroup,
  apps: readonly Source[],
  { status, adId, types, typeId, value }: GroupQuestion,
  campaignOfAd: ReadonlyMap<string, string>,
): boolean {
  if (status !== null && statusOf(group) !== status) return false;
  if (types !== null && !types.includes(group.type)) return false;
  if (adId !== null && !concernsAd(group, adId, campaignOfAd)) return false;
  if (value !== null && (group.typeValue === null || foldText(group.typeValue) !== foldText(value)))
    return false;
  if (typeId === null || typeId === group.id) return true;
  return apps.some((app) => groupTypeId(group, app) === typeId);
}

async function viewItems(
  connection: Queryable,
  workspace: Workspace,
  items: readonly GroupItem[],
): Promise<GroupView[]> {
  const adIds = [...new Set(items.flatMap(({ adId }) => adId ?? []))];
  const [figures, leads, ads] = await Promise.all([
    fetchFigures(connection, workspace.id, items),
    fetchLeads(connection, workspace.id, items),
    readAds(connection, workspace.id, adIds),
  ]);
  const campaigns = new Map(ads.map((ad) => [ad.id, ad.campaignId]));
  return items.map(({ group, app, adId }, index) => ({
    group,
    app,
    adId,
    campaignId: (adId === null ? null : campaigns.get(adId)) ?? group.campaignId,
    ...(figures.get(index) ?? noFigures),
    allLeads: leads.get(app.id)?.get(adId ?? '') ?? 0,
  }));
}
