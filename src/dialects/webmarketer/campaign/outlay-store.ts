import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { instantText } from '../../../store/instants.ts';
import type { Queryable } from '../../../store/queryable.ts';
import type { Outlay } from './outlay.ts';

export interface OutlayRow {
  id: string;
  campaign_id: string;
  amount: string;
  currency: string;
  starts_at: Date;
  ends_at: Date;
  country: string | null;
  region: string | null;
  created_at: Date;
  updated_at: Date;
}

export const outlayColumns =
  'id, campaign_id, amount, currency, starts_at, ends_at, country, region, created_at, updated_at';

export function outlayFromRow(row: OutlayRow): Outlay {
  return {
    id: row.id,
    campaignId: row.campaign_id,
    amount: Number(row.amount),
    currency: row.currency,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    country: row.country,
    region: row.region,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** An outlay of the campaign by its id. */
export async function readOutlay(
  connection: Queryable,
  workspaceId: WorkspaceId,
  campaignId: string,
  id: string,
): Promise<Outlay | undefined> {
  const [row] = await connection.query<OutlayRow>(
    `select ${outlayColumns} from outlay where workspace_id = $1 and campaign_id = $2 and id = $3`,
    [workspaceId, campaignId, id],
  );
  return row && outlayFromRow(row);
}

/** The next outlays of a campaign, by id, which is by age. */
export async function listOutlaysById(
  connection: Queryable,
  workspaceId: WorkspaceId,
  campaignId: string,
  after: string,
  limit: number,
): Promise<Outlay[]> {
  const rows = await connection.query<OutlayRow>(
    `select ${outlayColumns} from outlay where workspace_id = $1 and campaign_id = $2 and id > $3::uuid order by id limit $4`,
    [workspaceId, campaignId, after, limit],
  );
  return rows.map(outlayFromRow);
}

export async function insertOutlay(
  connection: Queryable,
  workspaceId: WorkspaceId,
  outlay: Outlay,
): Promise<void> {
  await connection.query(
    `insert into outlay (workspace_id, id, campaign_id, amount, currency, starts_at, ends_at, country, region, created_at,
                         updated_at)
     select h.workspace_id, $2::uuid, $3::uuid, $4::text::numeric, $5::text, $6::timestamptz, $7::timestamptz, $8::text,
            $9::text, $10::timestamptz, $11::timestamptz
       from workspace_head h where h.workspace_id = $1`,
    [
      workspaceId,
      outlay.id,
      outlay.campaignId,
      String(outlay.amount),
      outlay.currency,
      outlay.startsAt,
      outlay.endsAt,
      outlay.country,
      outlay.region,
      outlay.createdAt,
      outlay.updatedAt,
    ],
  );
}

/** Writes what can change of an outlay. */
export async function updateOutlayRow(
  connection: Queryable,
  workspaceId: WorkspaceId,
  outlay: Outlay,
): Promise<void> {
  await connection.query(
    `update outlay set campaign_id = $3, amount = $4::text::numeric, starts_at = $5, ends_at = $6, country = $7, region = $8,
            updated_at = $9
      where workspace_id = $1 and id = $2`,
    [
      workspaceId,
      outlay.id,
      outlay.campaignId,
      String(outlay.amount),
      outlay.startsAt,
      outlay.endsAt,
      outlay.country,
      outlay.region,
      outlay.updatedAt,
    ],
  );
}

/** An outlay with the integration of its campaign, for what it comes to by days. */
export interface SpentOutlay extends Pick<Outlay, 'campaignId' | 'currency' | 'startsAt' | 'endsAt'> {
  readonly sourceId: number;
  /** In the units of the currency, as a decimal number. */
  readonly amount: string;
}

/** Outlays that cover any time from `from` up to, but not at, `until` (milliseconds since the epoch). */
export async function readOutlaysBetween(
  connection: Queryable,
  workspaceId: WorkspaceId,
  from: number,
  until: number,
): Promise<SpentOutlay[]> {
  const rows = await connection.query<OutlayRow & { source_id: number }>(
    `select o.campaign_id, o.amount, o.currency, o.starts_at, o.ends_at, c.source_id
       from outlay o join campaign c on c.workspace_id = $1 and c.id = o.campaign_id
      where o.workspace_id = $1 and o.ends_at > $2::text::timestamptz and o.starts_at < $3::text::timestamptz`,
    [workspaceId, instantText(from), instantText(until)],
  );
  return rows.map((row) => ({
    campaignId: row.campaign_id,
    sourceId: row.source_id,
    amount: row.amount,
    currency: row.currency,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
  }));
}
