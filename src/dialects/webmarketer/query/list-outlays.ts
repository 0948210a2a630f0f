import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { type Page, readPage } from '../../../query/page.ts';
import type { Queryable } from '../../../store/queryable.ts';
import type { Outlay } from '../campaign/outlay.ts';
import { type OutlayRow, outlayColumns, outlayFromRow } from '../campaign/outlay-store.ts';

const orders = {
  campaignId: 'campaign_id',
  startDate: 'starts_at',
  endDate: 'ends_at',
  amount: 'amount',
  country: 'country',
  region: 'region',
} as const;

export type OutlayOrder = keyof typeof orders;

export interface OutlayQuestion {
  readonly campaignId: string;
  /** Those that cover any instant from `since` (null: ever) through `until` (null: ever). */
  readonly since: Date | null;
  readonly until: Date | null;
  readonly sort: { readonly by: OutlayOrder; readonly descending: boolean };
}

/** A page of a campaign's outlays, and how many there are in all. Ties go by id, which is by age. */
export async function listOutlays(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { campaignId, since, until, sort }: OutlayQuestion,
  page: Page,
): Promise<{ outlays: Outlay[]; total: number }> {
  const where = `workspace_id = $1 and campaign_id = $2 and ($3::timestamptz is null or ends_at > $3)
        and ($4::timestamptz is null or starts_at <= $4)`;
  const order = `${orders[sort.by]} ${sort.descending ? 'desc' : 'asc'}, id`;
  const question = {
    rows: `select ${outlayColumns} from outlay where ${where} order by ${order}`,
    count: `select count(*) as total from outlay where ${where}`,
    parameters: [workspaceId, campaignId, since, until],
  };
  const { rows, total } = await readPage<OutlayRow>(connection, question, page);
  return { outlays: rows.map(outlayFromRow), total };
}
