import type { WorkspaceId } from '../../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../../store/parameters.ts';
import type { Queryable } from '../../../../store/queryable.ts';

export interface AdPlace {
  readonly id: string;
  readonly campaignId: string | null;
}

export interface ConfiguredGroups {
  readonly active: number;
  /** When the first was set up, archived ones included; null: none was. */
  readonly firstAt: Date | null;
}

/** The event groups that concern each of the ads: its own, its campaign's, and those of all ads. One statement. */
export async function readGroupsOfAds(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ads: readonly AdPlace[],
): Promise<Map<string, ConfiguredGroups>> {
  const rows = await connection.query<{
    ad_id: string | null;
    campaign_id: string | null;
    active: number;
    first_at: Date;
  }>(
    `select ad_id, campaign_id, count(*) filter (where archived_at is null) as active, min(created_at) as first_at
       from event_group
      where workspace_id = $1 and (ad_id is null or ad_id = any($2::text::text[]))
        and (campaign_id is null or campaign_id = any($3::text::text[]))
      group by ad_id, campaign_id`,
    [
      workspaceId,
      arrayLiteral(ads.map(({ id }) => id)),
      arrayLiteral([...new Set(ads.map(({ campaignId }) => campaignId).filter((id) => id !== null))]),
    ],
  );
  const byPlace = new Map(rows.map((row) => [placeOf(row.ad_id, row.campaign_id), row]));
  return new Map(
    ads.map(({ id, campaignId }) => {
      const places = new Set([
        placeOf(null, null),
        placeOf(id, null),
        placeOf(null, campaignId),
        placeOf(id, campaignId),
      ]);
      const found = [...places].flatMap((place) => byPlace.get(place) ?? []);
      const first = found.length === 0 ? null : Math.min(...found.map((row) => row.first_at.getTime()));
      return [
        id,
        {
          active: found.reduce((sum, { active }) => sum + active, 0),
          firstAt: first === null ? null : new Date(first),
        },
      ];
    }),
  );
}

function placeOf(adId: string | null, campaignId: string | null): string {
  return `${adId ?? ''}/${campaignId ?? ''}`;
}
