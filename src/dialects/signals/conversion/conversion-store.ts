import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { onlyRow, type Queryable } from '../../../store/queryable.ts';
import type { ConversationEventType } from '../conversation/conversation-event.ts';
import type { Conversion } from '../conversation/rules.ts';
import type { WantedConversion } from './conversion.ts';

interface Row {
  campaign_id: string;
  type: ConversationEventType;
  type_value: string | null;
  type_id: string | null;
  created_at: Date;
}

const columns = 'campaign_id, type, type_value, type_id, created_at';

export async function readConversions(
  connection: Queryable,
  workspaceId: WorkspaceId,
): Promise<Conversion[]> {
  const rows = await connection.query<Row>(
    `select ${columns} from conversion where workspace_id = $1 order by campaign_id`,
    [workspaceId],
  );
  return rows.map(fromRow);
}

/** In the order of the campaigns' ids, from behind `after`. */
export async function listConversions(
  connection: Queryable,
  workspaceId: WorkspaceId,
  after: string,
  limit: number,
): Promise<Conversion[]> {
  const rows = await connection.query<Row>(
    `select ${columns} from conversion where workspace_id = $1 and campaign_id > $2 order by campaign_id limit $3`,
    [workspaceId, after, limit],
  );
  return rows.map(fromRow);
}

export async function readConversion(
  connection: Queryable,
  workspaceId: WorkspaceId,
  campaignId: string,
): Promise<Conversion | undefined> {
  const [row] = await connection.query<Row>(
    `select ${columns} from conversion where workspace_id = $1 and campaign_id = $2`,
    [workspaceId, campaignId],
  );
  return row && fromRow(row);
}

export async function countConversions(connection: Queryable, workspaceId: WorkspaceId): Promise<number> {
  const rows = await connection.query<{ total: number }>(
    'select count(*) as total from conversion where workspace_id = $1',
    [workspaceId],
  );
  return onlyRow(rows).total;
}

/** Takes the place of the campaign's conversion if it has one; that one's date stays. */
export async function upsertConversion(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { campaignId, type, typeValue, typeId }: WantedConversion,
  now: Date,
): Promise<void> {
  await connection.query(
    `insert into conversion (workspace_id, campaign_id, type, type_value, type_id, created_at, updated_at)
     select h.workspace_id, $2::text, $3::text, $4::text, $5::text, $6::timestamptz, $6::timestamptz
       from workspace_head h where h.workspace_id = $1
     on conflict (workspace_id, campaign_id) do update
        set type = excluded.type, type_value = excluded.type_value, type_id = excluded.type_id,
            updated_at = excluded.updated_at`,
    [workspaceId, campaignId, type, typeValue, typeId, now],
  );
}

function fromRow(row: Row): Conversion {
  return {
    campaignId: row.campaign_id,
    type: row.type,
    typeValue: row.type_value,
    typeId: row.type_id,
    createdAt: row.created_at,
  };
}
