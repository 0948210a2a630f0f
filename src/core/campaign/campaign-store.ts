import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import { type Campaign, maximumCampaigns } from './campaign.ts';

export interface CampaignRow {
  id: string;
  source_id: number;
  slug: string;
  name: string;
  active: boolean;
  explicit: boolean;
  created_at: Date;
  updated_at: Date;
}

export const campaignColumns = 'id, source_id, slug, name, active, explicit, created_at, updated_at';

export function campaignFromRow(row: CampaignRow): Campaign {
  return {
    id: row.id,
    sourceId: row.source_id,
    slug: row.slug,
    name: row.name,
    active: row.active,
    explicit: row.explicit,
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

export async function countCampaigns(
  connection: Queryable,
  workspaceId: WorkspaceId,
  sourceId: number,
): Promise<number> {
  const [row] = await connection.query<{ total: number }>(
    'select count(*) as total from campaign where workspace_id = $1 and source_id = $2',
    [workspaceId, sourceId],
  );
  return row!.total;
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

/** Writes what can change of a campaign. */
export async function updateCampaignRow(
  connection: Queryable,
  workspaceId: WorkspaceId,
  campaign: Campaign,
): Promise<void> {
  await connection.query(
    `update campaign set name = $3, active = $4, explicit = $5, updated_at = $6 where workspace_id = $1 and id = $2`,
    [workspaceId, campaign.id, campaign.name, campaign.active, campaign.explicit, campaign.updatedAt],
  );
}

export interface ImplicitCampaign {
  readonly id: string;
  readonly sourceId: number;
  readonly slug: string;
}

/** Makes the campaigns that traffic names and nobody has made; one that is there, of either kind, stays as it is. */
export async function insertImplicitCampaigns(
  connection: Queryable,
  workspaceId: WorkspaceId,
  campaigns: readonly ImplicitCampaign[],
  now: Date,
): Promise<void> {
  await connection.query(
    `insert into campaign (workspace_id, id, source_id, slug, name, active, explicit, created_at, updated_at)
     select h.workspace_id, n.id, n.source_id, n.slug, n.slug, true, false, $2::timestamptz, $2::timestamptz
       from workspace_head h, unnest($3::text::uuid[], $4::text::integer[], $5::text::text[]) as n (id, source_id, slug)
      where h.workspace_id = $1
        and not exists (select from campaign c
                         where c.workspace_id = $1 and c.source_id = n.source_id and c.slug = n.slug)
        and (select count(*) from campaign a
              where a.workspace_id = $1 and a.source_id = n.source_id) < ${maximumCampaigns}
     on conflict do nothing`,
    [
      workspaceId,
      now,
      arrayLiteral(campaigns.map((campaign) => campaign.id)),
      arrayLiteral(campaigns.map((campaign) => campaign.sourceId)),
      arrayLiteral(campaigns.map((campaign) => campaign.slug)),
    ],
  );
}
