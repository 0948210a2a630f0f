import { lonelyAd } from '../../../../core/attribution/grouping.ts';
import type {
  CampaignDirectory,
  FoundCampaign,
  KnownCampaign,
} from '../../../../core/attribution/known-campaign.ts';
import type { WorkspaceId } from '../../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../../store/queryable.ts';

interface Row {
  key: string;
  name: string | null;
  status: string | null;
  created_at: Date | null;
  account_id: string | null;
  account_name: string | null;
}

const campaigns = `select c.id as key, c.name, c.status, c.start_time as created_at, c.ad_account_id as account_id
                     from ad_campaign c where c.workspace_id = $1`;

/** Ads of no known campaign are told of by themselves. */
const lonelyAds = `select '${lonelyAd}' || a.id as key, a.name, a.status, a.created_time as created_at, a.ad_account_id as account_id
                     from ad a where a.workspace_id = $1 and a.campaign_id is null`;

const withAccount = (rows: string) => `
  select k.*, t.name as account_name from (${rows}) k
    left join ad_account t on t.workspace_id = $1 and t.id = k.account_id`;

/** The campaigns that Meta runs, and the ads of none. */
export const campaignDirectory: CampaignDirectory = {
  async list(connection, { id }, { search, after, limit }) {
    const rows = await connection.query<Row>(
      `${withAccount(`${campaigns} union all ${lonelyAds}`)}
        where ($2::text is null or k.key > $2::text)
          and ($3::text is null or position(lower($3) in lower(k.name)) > 0 or position($3 in k.key) > 0)
        order by k.key limit $4`,
      [id, after, search, limit],
    );
    return rows.map(knownFrom);
  },
  find: (connection, { id }, key) =>
    key.startsWith(lonelyAd)
      ? findLonelyAd(connection, id, key.slice(lonelyAd.length))
      : findCampaign(connection, id, key),
};

async function findLonelyAd(
  connection: Queryable,
  workspaceId: WorkspaceId,
  adId: string,
): Promise<FoundCampaign | undefined> {
  const [row] = await connection.query<Row>(`${withAccount(`${lonelyAds} and a.id = $2`)}`, [
    workspaceId,
    adId,
  ]);
  return row && { campaign: knownFrom(row), touchedBy: { adIds: [adId] } };
}

/** A campaign may be known by its ads alone. */
async function findCampaign(
  connection: Queryable,
  workspaceId: WorkspaceId,
  campaignId: string,
): Promise<FoundCampaign | undefined> {
  const [rows, ads] = await Promise.all([
    connection.query<Row>(withAccount(`${campaigns} and c.id = $2`), [workspaceId, campaignId]),
    connection.query<{ id: string; ad_account_id: string | null }>(
      'select id, ad_account_id from ad where workspace_id = $1 and campaign_id = $2 order by id',
      [workspaceId, campaignId],
    ),
  ]);
  const [row] = rows;
  if (!row && ads.length === 0) return undefined;
  const nameless = { key: campaignId, name: null, status: null, created_at: null };
  const account = { account_id: ads[0]?.ad_account_id ?? null, account_name: null };
  return {
    campaign: knownFrom(row ?? { ...nameless, ...account }),
    touchedBy: { adIds: ads.map(({ id }) => id) },
  };
}

function knownFrom(row: Row): KnownCampaign {
  return {
    key: row.key,
    dialect: 'signals',
    label: row.name,
    name: row.name,
    owner: row.account_id === null ? null : { id: row.account_id, name: row.account_name },
    status: row.status,
    createdAt: row.created_at,
  };
}
