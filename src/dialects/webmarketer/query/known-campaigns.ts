import type { CampaignDirectory, KnownCampaign } from '../../../core/attribution/known-campaign.ts';
import { type CampaignRow, campaignColumns, campaignFromRow } from '../../../core/campaign/campaign-store.ts';
import { isUuid, lowestId } from '../../../core/id.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';

/** The campaigns of integrations, those that appeared from traffic too. */
export const campaignDirectory: CampaignDirectory = {
  async list(connection, workspace, { search, after, limit }) {
    const rows = await connection.query<CampaignRow>(
      `select ${campaignColumns} from campaign
        where workspace_id = $1 and id > $2::uuid
          and ($3::text is null or position(lower($3) in lower(slug)) > 0 or position(lower($3) in lower(name)) > 0)
        order by id limit $4`,
      [workspace.id, after ?? lowestId, search, limit],
    );
    return rows.map((row) => knownFrom(workspace, row));
  },
  async find(connection, workspace, key) {
    if (!isUuid(key)) return undefined;
    const [row] = await connection.query<CampaignRow>(
      `select ${campaignColumns} from campaign where workspace_id = $1 and id = $2::uuid`,
      [workspace.id, key],
    );
    return row && { campaign: knownFrom(workspace, row), touchedBy: { campaignId: row.id } };
  },
};

function knownFrom({ sources }: Workspace, row: CampaignRow): KnownCampaign {
  const { id, sourceId, slug, name, active, createdAt } = campaignFromRow(row);
  const source = sources.get(sourceId);
  return {
    key: id,
    dialect: 'webmarketer',
    label: slug,
    name,
    owner: source ? { id: source.externalId, name: source.name } : null,
    status: active ? 'active' : 'inactive',
    createdAt,
  };
}
