import type { Campaign } from '../../../core/campaign/campaign.ts';
import { type CampaignRow, campaignColumns, campaignFromRow } from '../../../core/campaign/campaign-store.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { type Page, readPage } from '../../../query/page.ts';
import type { Queryable } from '../../../store/queryable.ts';

const orders = {
  name: 'lower(name)',
  campaignId: 'id',
  active: 'active',
  createdAt: 'created_at',
} as const;

export type CampaignOrder = keyof typeof orders;

/** What is undefined does not restrict. */
export interface CampaignQuestion {
  /** The integration. */
  readonly sourceId: number;
  readonly active?: boolean | undefined;
  readonly explicit?: boolean | undefined;
  readonly id?: string | undefined;
  readonly slug?: string | undefined;
  /** Part of the name, whatever the case. */
  readonly nameLike?: string | undefined;
  readonly sort: { readonly by: CampaignOrder; readonly descending: boolean };
}

/** A page of an integration's campaigns, and how many there are in all. Ties go by id, which is by age. */
export async function listCampaigns(
  connection: Queryable,
  workspaceId: WorkspaceId,
  question: CampaignQuestion,
  page: Page,
): Promise<{ campaigns: Campaign[]; total: number }> {
  const where = `workspace_id = $1 and source_id = $2 and ($3::boolean is null or active = $3)
        and ($4::boolean is null or explicit = $4) and ($5::uuid is null or id = $5) and ($6::text is null or slug = $6)
        and ($7::text is null or position(lower($7) in lower(name)) > 0)`;
  const parameters = [
    workspaceId,
    question.sourceId,
    question.active ?? null,
    question.explicit ?? null,
    question.id ?? null,
    question.slug ?? null,
    question.nameLike ?? null,
  ];
  const { by, descending } = question.sort;
  const order = `${orders[by]} ${descending ? 'desc' : 'asc'}, id`;
  const asked = {
    rows: `select ${campaignColumns} from campaign where ${where} order by ${order}`,
    count: `select count(*) as total from campaign where ${where}`,
    parameters,
  };
  const { rows, total } = await readPage<CampaignRow>(connection, asked, page);
  return { campaigns: rows.map(campaignFromRow), total };
}
