import { arrayLiteral } from '../../store/parameters.ts';
import { onlyRow, type Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import { type Campaign, maximumCampaigns, maximumKeylessCampaigns } from './campaign.ts';

export interface CampaignRow {
  id: string;
  source_id: number;
  slug: string;
  name: string;
  active: boolean;
  explicit: boolean;
  keyless: boolean;
  created_at: Date;
  updated_at: Date;
}

export const campaignColumns = 'id, source_id, slug, name, active, explicit, keyless, created_at, updated_at';

export function campaignFromRow(row: CampaignRow): Campaign {
  return {
    id: row.id,
    sourceId: row.source_id,
    slug: row.slug,
    name: row.name,
    active: row.active,
    explicit: row.explicit,
    keyless: row.keyless,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** A campaign of the integration by its id. */
export async function readCampaign(
  connection: Queryable,
  workspaceId: WorkspaceId,
  sourceId: number,
  id: string,
): Promise<Campaign | undefined> {
  const [row] = await connection.query<CampaignRow>(
    `select ${campaignColumns} from campaign where workspace_id = $1 and source_id = $2 and id = $3`,
    [workspaceId, sourceId, id],
  );
  return row && campaignFromRow(row);
}

/** A campaign of the integration by its slug. */
export async function readCampaignBySlug(
  connection: Queryable,
  workspaceId: WorkspaceId,
  sourceId: number,
  slug: string,
): Promise<Campaign | undefined> {
  const [row] = await connection.query<CampaignRow>(
    `select ${campaignColumns} from campaign where workspace_id = $1 and source_id = $2 and slug = $3`,
    [workspaceId, sourceId, slug],
  );
  return row && campaignFromRow(row);
}

/** Those that keyed calls have made. */
export async function countCampaigns(
  connection: Queryable,
  workspaceId: WorkspaceId,
  sourceId: number,
): Promise<number> {
  const rows = await connection.query<{ total: number }>(
    'select count(*) as total from campaign where workspace_id = $1 and source_id = $2 and not keyless',
    [workspaceId, sourceId],
  );
  return onlyRow(rows).total;
}

export async function insertCampaign(
  connection: Queryable,
  workspaceId: WorkspaceId,
  campaign: Campaign,
): Promise<void> {
  await connection.query(
    `insert into campaign (workspace_id, id, source_id, slug, name, active, explicit, created_at, updated_at)
     select h.workspace_id, $2::uuid, $3::integer, $4::text, $5::text, $6::boolean, $7::boolean, $8::timestamptz,
            $9::timestamptz
       from workspace_head h where h.workspace_id = $1`,
    [
      workspaceId,
      campaign.id,
      campaign.sourceId,
      campaign.slug,
      campaign.name,
      campaign.active,
      campaign.explicit,
      campaign.createdAt,
      campaign.updatedAt,
    ],
  );
}

/** Writes what can change of a campaign. One that is made explicit is no visitor's any more. */
export async function updateCampaignRow(
  connection: Queryable,
  workspaceId: WorkspaceId,
  campaign: Campaign,
): Promise<void> {
  await connection.query(
    `update campaign set name = $3, active = $4, explicit = $5, keyless = keyless and not $5, updated_at = $6 where workspace_id = $1 and id = $2`,
    [workspaceId, campaign.id, campaign.name, campaign.active, campaign.explicit, campaign.updatedAt],
  );
}

export interface ImplicitCampaign {
  readonly id: string;
  readonly sourceId: number;
  readonly slug: string;
  readonly keyless: boolean;
}

/**
 * Makes the campaigns that traffic names and nobody has made, each given once; one that is there, of either kind, stays as it is. What
 * there is already is counted only where a new one is named.
 */
export async function insertImplicitCampaigns(
  connection: Queryable,
  workspaceId: WorkspaceId,
  campaigns: readonly ImplicitCampaign[],
  now: Date,
): Promise<void> {
  await connection.query(
    `insert into campaign (workspace_id, id, source_id, slug, name, active, explicit, keyless, created_at, updated_at)
     with fresh as materialized (
       select n.*, row_number() over (partition by n.source_id, n.keyless order by n.id) as place
         from unnest($3::text::uuid[], $4::text::integer[], $5::text::text[], $6::text::boolean[])
                as n (id, source_id, slug, keyless)
        where not exists (select from campaign c
                           where c.workspace_id = $1 and c.source_id = n.source_id and c.slug = n.slug)),
     known as materialized (
       select g.source_id, g.keyless, a.total
         from (select distinct source_id, keyless from fresh) g
        cross join lateral (select count(*) as total from campaign c
                             where c.workspace_id = $1 and c.source_id = g.source_id and c.keyless = g.keyless) a)
     select h.workspace_id, f.id, f.source_id, f.slug, f.slug, true, false, f.keyless, $2::timestamptz, $2::timestamptz
       from workspace_head h
      cross join fresh f
       join known k on k.source_id = f.source_id and k.keyless = f.keyless
      where h.workspace_id = $1
        and k.total + f.place <= case when f.keyless then ${maximumKeylessCampaigns} else ${maximumCampaigns} end
     on conflict do nothing`,
    [
      workspaceId,
      now,
      arrayLiteral(campaigns.map((campaign) => campaign.id)),
      arrayLiteral(campaigns.map((campaign) => campaign.sourceId)),
      arrayLiteral(campaigns.map((campaign) => campaign.slug)),
      arrayLiteral(campaigns.map((campaign) => String(campaign.keyless))),
    ],
  );
}

/** Implicit campaigns, of an integration where one is given, the oldest first; `keyless` undefined: of either kind. */
export async function listImplicitCampaigns(
  connection: Queryable,
  workspaceId: WorkspaceId,
  question: {
    readonly sourceId: number | undefined;
    readonly keyless: boolean | undefined;
    readonly after: string;
    readonly limit: number;
  },
): Promise<Campaign[]> {
  const { sourceId, keyless, after, limit } = question;
  const rows = await connection.query<CampaignRow>(
    `select ${campaignColumns} from campaign
      where workspace_id = $1 and not explicit and id > $4 and ($2::integer is null or source_id = $2)
        and ($3::boolean is null or keyless = $3)
      order by id limit $5`,
    [workspaceId, sourceId ?? null, keyless ?? null, after, limit],
  );
  return rows.map(campaignFromRow);
}

/** Takes some of a campaign's touchpoints from it: each is a contact without a campaign then. Answers of whom each is. */
export async function releaseTouchpoints(
  connection: Queryable,
  workspaceId: WorkspaceId,
  campaignId: string,
  limit: number,
): Promise<string[]> {
  const rows = await connection.query<{ profile_id: string }>(
    `update touchpoint set campaign_id = null
      where workspace_id = $1 and id = any(array(select id from touchpoint
                                                  where workspace_id = $1 and campaign_id = $2 limit $3))
     returning profile_id`,
    [workspaceId, campaignId, limit],
  );
  return rows.map((row) => row.profile_id);
}

/** Deletes an implicit campaign that costs nothing. Answers whether there was one. */
export async function deleteImplicitCampaign(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<boolean> {
  const rows = await connection.query<{ id: string }>(
    `delete from campaign where workspace_id = $1 and id = $2 and not explicit
        and not exists (select from outlay o where o.workspace_id = $1 and o.campaign_id = $2) returning id`,
    [workspaceId, id],
  );
  return rows.length > 0;
}

/** Whether an implicit campaign may be deleted: `kept` when it has outlays or was made by a call. */
export async function findDeletable(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<'deletable' | 'kept' | undefined> {
  const [row] = await connection.query<{ kept: boolean }>(
    `select explicit or exists (select from outlay o where o.workspace_id = $1 and o.campaign_id = c.id) as kept
       from campaign c where c.workspace_id = $1 and c.id = $2`,
    [workspaceId, id],
  );
  return row && (row.kept ? 'kept' : 'deletable');
}

/** The slugs of campaigns of any integration, by their ids. */
export async function readCampaignSlugs(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await connection.query<{ id: string; slug: string }>(
    'select id, slug from campaign where workspace_id = $1 and id = any($2::text::uuid[])',
    [workspaceId, arrayLiteral(ids)],
  );
  return new Map(rows.map(({ id, slug }) => [id, slug]));
}
