import type { WorkspaceId } from '../../../../core/workspace/workspace.ts';
import { type Page, readPage } from '../../../../query/page.ts';
import type { Queryable } from '../../../../store/queryable.ts';
import type { AdCampaign } from '../advertising.ts';
import {
  type AccountColumns,
  type AccountName,
  accountColumns,
  accountOf,
  type CampaignColumns,
  campaignColumns,
  campaignOf,
} from './columns.ts';

export interface ListedCampaign extends AdCampaign {
  /** null: of none that is known. */
  readonly account: AccountName | null;
}

interface Row extends AccountColumns, CampaignColumns {
  id: string;
  ad_account_id: string | null;
}

const selectCampaigns = `
  select c.id, c.ad_account_id, ${accountColumns('t')}, ${campaignColumns('c')}
    from ad_campaign c
    left join ad_account t on t.workspace_id = $1 and t.id = c.ad_account_id`;

/** A page of an account's campaigns by id, and how many there are in all. */
export async function listCampaigns(
  connection: Queryable,
  workspaceId: WorkspaceId,
  adAccountId: string,
  page: Page,
): Promise<{ campaigns: ListedCampaign[]; total: number }> {
  const question = {
    rows: `${selectCampaigns} where c.workspace_id = $1 and c.ad_account_id = $2 order by c.id`,
    count: 'select count(*) as total from ad_campaign where workspace_id = $1 and ad_account_id = $2',
    parameters: [workspaceId, adAccountId],
  };
  const { rows, total } = await readPage<Row>(connection, question, page);
  return { campaigns: rows.map(fromRow), total };
}

export async function findCampaign(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<ListedCampaign | undefined> {
  const [row] = await connection.query<Row>(`${selectCampaigns} where c.workspace_id = $1 and c.id = $2`, [
    workspaceId,
    id,
  ]);
  return row && fromRow(row);
}

function fromRow(row: Row): ListedCampaign {
  return {
    ...campaignOf(row.id, row.ad_account_id, row),
    account: row.ad_account_id === null ? null : accountOf(row.ad_account_id, row),
  };
}
