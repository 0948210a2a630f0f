import { type Grouping, lonelyAd } from '../../core/attribution/grouping.ts';
import type { DialectAttribution } from '../../core/attribution/spend.ts';
import { readCampaignSlugs } from '../../core/campaign/campaign-store.ts';
import { isUuid } from '../../core/id.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';

/** A group as it is shown. */
export interface NamedGroup {
  readonly key: string | null;
  /** Null where nothing of that name is there, or any more. */
  readonly label: string | null;
}

/** Names groups by their keys (core/attribution/grouping.ts). */
export type NameGroup = (key: string | null) => NamedGroup;

/** How the groups of a question are called: campaigns by slug, ads and sources by name, all others by their key. */
export async function readLabels(
  connection: Queryable,
  workspace: Workspace,
  dialects: readonly DialectAttribution[],
  grouping: Grouping,
  keys: Iterable<string | null>,
): Promise<NameGroup> {
  if (grouping === 'integration') return (key) => nameSource(workspace, key);
  if (grouping !== 'campaign') return (key) => ({ key, label: key });
  const labels = await readCampaignLabels(connection, workspace, dialects, keys);
  return (key) => ({ key, label: key === null ? null : (labels.get(key) ?? null) });
}

/** A source is known outside by its public id. */
function nameSource({ sources }: Workspace, key: string | null): NamedGroup {
  const source = key === null ? undefined : sources.get(Number(key));
  return source ? { key: source.publicId, label: source.name } : { key, label: null };
}

async function readCampaignLabels(
  connection: Queryable,
  workspace: Workspace,
  dialects: readonly DialectAttribution[],
  keys: Iterable<string | null>,
): Promise<ReadonlyMap<string, string>> {
  const [own, adIds, campaignIds]: [string[], string[], string[]] = [[], [], []];
  for (const key of new Set(keys)) {
    if (key === null) continue;
    if (isUuid(key)) own.push(key);
    else if (key.startsWith(lonelyAd)) adIds.push(key.slice(lonelyAd.length));
    else campaignIds.push(key);
  }
  const labels = new Map(own.length > 0 ? await readCampaignSlugs(connection, workspace.id, own) : []);
  if (adIds.length + campaignIds.length === 0) return labels;
  for (const { adNames } of dialects) {
    const named = await adNames?.(connection, workspace.id, { campaignIds, adIds });
    for (const [id, name] of named?.campaigns ?? []) labels.set(id, name);
    for (const [id, name] of named?.ads ?? []) labels.set(lonelyAd + id, name);
  }
  return labels;
}
