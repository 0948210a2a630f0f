import {
  type Touchpoint,
  type TouchpointRow,
  touchpointColumns,
  touchpointFromRow,
} from '../../core/campaign/touchpoint-store.ts';
import { lowestId } from '../../core/id.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import { decodePosition, encodePosition } from '../position.ts';

export interface TouchpointsWanted {
  /** Those of these profiles only; null: whoever's. */
  readonly profileIds: readonly string[] | null;
  readonly campaignId: string | null;
  /** Those of these ads only; null: of any, and of none. */
  readonly adIds: readonly string[] | null;
  /** ISO 8601 with an offset; both inclusive. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** A page's `next`, checked before. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** A touchpoint with what its ids stand for now. */
export interface NamedTouchpoint extends Touchpoint {
  readonly personId: string | null;
  readonly campaignSlug: string | null;
}

type Row = TouchpointRow & { person_id: string | null; campaign_slug: string | null };

/** $1 workspace, $2 and $3 where the page before ended, $4 and $5 the bounds, $6 the page's size, $7 the campaign, $8 the ads. */
const wantedRows = `workspace_id = $1 and (occurred_at, id) < ($2::text::timestamptz, $3::uuid)
            and occurred_at <= least($2::text::timestamptz, $5::text::timestamptz) and occurred_at >= $4::text::timestamptz
            and ($7::uuid is null or campaign_id = $7::uuid) and ($8::text is null or ad_id = any($8::text::text[]))`;

/** Each of these is answered by an index from its newest end, so that a page costs by its own size. */
const newest = {
  ofAnybody: `select ${touchpointColumns} from touchpoint where ${wantedRows} order by occurred_at desc, id desc limit $6`,
  ofCampaign: `select ${touchpointColumns} from touchpoint where ${wantedRows} and campaign_id = $7::uuid
               order by occurred_at desc, id desc limit $6`,
  ofAds: `select own.* from unnest($8::text::text[]) as ad (id)
            cross join lateral (select ${touchpointColumns} from touchpoint
                                 where ${wantedRows} and ad_id = ad.id
                                 order by occurred_at desc, id desc limit $6) own
           order by own.occurred_at desc, own.id desc limit $6`,
  ofProfiles: `select own.* from unnest($9::text::uuid[]) as wanted (id)
                 cross join lateral (select ${touchpointColumns} from touchpoint
                                      where ${wantedRows} and profile_id = wanted.id
                                      order by occurred_at desc, id desc limit $6) own
                order by own.occurred_at desc, own.id desc limit $6`,
} as const;

/** A page of touchpoints, newest first. `next` names the last one, so what comes in meanwhile moves nothing. */
export async function readTouchpoints(
  connection: Queryable,
  workspaceId: WorkspaceId,
  wanted: TouchpointsWanted,
): Promise<{ touchpoints: NamedTouchpoint[]; next: string | null }> {
  const { profileIds, campaignId, adIds, from, to, after, limit } = wanted;
  const position = after === undefined ? undefined : decodePosition(after);
  const which = profileIds ? 'ofProfiles' : campaignId ? 'ofCampaign' : adIds ? 'ofAds' : 'ofAnybody';
  const rows = await connection.query<Row>(
    `select t.*, p.person_id, c.slug as campaign_slug from (${newest[which]}) t
       left join profile p on p.workspace_id = $1 and p.id = t.profile_id
       left join campaign c on c.workspace_id = $1 and c.id = t.campaign_id
      order by t.occurred_at desc, t.id desc`,
    [
      workspaceId,
      position?.at ?? 'infinity',
      position?.id ?? lowestId,
      from ?? '-infinity',
      to ?? 'infinity',
      limit + 1,
      campaignId,
      adIds && arrayLiteral(adIds),
      ...(profileIds ? [arrayLiteral(profileIds)] : []),
    ],
  );
  const touchpoints = rows.slice(0, limit).map((row) => ({
    ...touchpointFromRow(row),
    personId: row.person_id,
    campaignSlug: row.campaign_slug,
  }));
  const last = touchpoints.at(-1);
  return { touchpoints, next: rows.length > limit && last ? encodePosition(last.occurredAt, last.id) : null };
}
