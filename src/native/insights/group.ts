import type { EventContext } from '../../core/event/event.ts';
import { eventContextNumber, eventContextOf, eventContexts } from '../../core/event/event.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { readLabels } from '../../query/attribution/read-labels.ts';
import { type ChartGrouping, namedCampaign } from '../../query/insights/chart-grouping.ts';
import type { PointQuestion } from '../../query/insights/explain-point.ts';
import { wrong } from '../refusals.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import type { AskedMetric } from './metric.ts';

/** What the groups of a chart are called outside, where numbers say nothing, and what they are shown as. */
export interface GroupName {
  readonly key: string;
  readonly label: string;
}

/** Names the groups that were found. */
export async function nameGroups(
  { database }: NativeServices,
  dialects: readonly NativeDialect[],
  workspace: Workspace,
  grouping: ChartGrouping,
  keys: readonly string[],
): Promise<(key: string) => GroupName> {
  if (grouping !== 'campaign') return (key) => nameGroup(workspace, dialects, grouping, key);
  const attributions = dialects.flatMap(({ attribution }) => attribution ?? []);
  const ids = keys.filter((key) => !key.startsWith(namedCampaign));
  const labelOf = await readLabels(database, workspace, attributions, 'campaign', ids);
  return (key) => ({
    key,
    label: key.startsWith(namedCampaign) ? key.slice(namedCampaign.length) : (labelOf(key).label ?? key),
  });
}

function nameGroup(
  { eventTypes, sources }: Workspace,
  dialects: readonly NativeDialect[],
  grouping: Exclude<ChartGrouping, 'campaign'>,
  key: string,
): GroupName {
  switch (grouping) {
    case 'type': {
      const type = eventTypes.byId(Number(key));
      return { key: type?.publicId ?? key, label: type?.name ?? key };
    }
    case 'source': {
      const source = sources.get(Number(key));
      return { key: source?.publicId ?? key, label: source?.name ?? key };
    }
    case 'api':
      return { key, label: dialects.find(({ name }) => name === key)?.demo?.api ?? key };
    case 'context': {
      const context = eventContextOf(Number(key)) ?? key;
      return { key: context, label: context };
    }
  }
}

/** What stands for events of no group, and for those of all groups that are not shown by themselves. */
export const ofNone = '(none)';
export const ofOthers = '(other)';

/** Which events a question narrows a metric down to. */
export interface AskedGroup {
  readonly typeIds: readonly number[];
  readonly group: PointQuestion['group'];
}

/** Reads the group of a point. @throws RequestError `invalid-request` where it is none */
export function readGroup(
  workspace: Workspace,
  grouping: ChartGrouping,
  { typeIds }: AskedMetric,
  said: { readonly group: string; readonly except: readonly string[] },
): AskedGroup {
  const others = said.group === ofOthers;
  const keys = (others ? said.except : [said.group]).filter((key) => key !== ofNone);
  const stored = keys.map((key) => {
    const found = storedKey(workspace, grouping, key);
    const path = others ? 'querystring/except' : 'querystring/group';
    if (found === undefined)
      throw wrong(path, `${path} is no group of a chart by ${grouping}: give the key of one of its series.`);
    return found;
  });
  if (grouping === 'type' || grouping === 'api') {
    const isNamed = (id: number) => {
      const type = workspace.eventTypes.byId(id);
      return type !== undefined && stored.includes(grouping === 'type' ? String(id) : type.dialect);
    };
    return { typeIds: typeIds.filter((id) => isNamed(id) !== others), group: null };
  }
  const [is = null] = stored;
  return { typeIds, group: others ? { by: grouping, not: stored } : { by: grouping, is } };
}

/** The key as the store has it; undefined where there can be no such group. */
function storedKey(
  { eventTypes, sources, nodes }: Workspace,
  grouping: ChartGrouping,
  key: string,
): string | undefined {
  switch (grouping) {
    case 'type':
      return eventTypes.byPublicId(key)?.id.toString();
    case 'source':
      return sources.byPublicId(key)?.id.toString();
    case 'api':
      return [...nodes.values()].find(({ dialect }) => dialect === key)?.dialect;
    case 'context':
      return isContext(key) ? eventContextNumber(key)?.toString() : undefined;
    case 'campaign':
      return key;
  }
}

function isContext(text: string): text is EventContext {
  return Object.hasOwn(eventContexts, text);
}
