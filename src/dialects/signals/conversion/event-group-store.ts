import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';
import type { ConversationEventType } from '../conversation/conversation-event.ts';
import { type EventGroup, statusOf } from './event-group.ts';

interface Row {
  id: string;
  type: ConversationEventType;
  type_value: string | null;
  ad_id: string | null;
  campaign_id: string | null;
  archived_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

const columns = 'id, type, type_value, ad_id, campaign_id, archived_at, created_at, updated_at';

/** Newest first. */
export async function readEventGroups(
  connection: Queryable,
  workspaceId: WorkspaceId,
): Promise<EventGroup[]> {
  const rows = await connection.query<Row>(
    `select ${columns} from event_group where workspace_id = $1 order by id desc`,
    [workspaceId],
  );
  return rows.map(fromRow);
}

export async function readEventGroup(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<EventGroup | undefined> {
  const [row] = await connection.query<Row>(
    `select ${columns} from event_group where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  );
  return row && fromRow(row);
}

export async function insertEventGroup(
  connection: Queryable,
  workspaceId: WorkspaceId,
  group: EventGroup,
): Promise<void> {
  await connection.query(
    `insert into event_group (workspace_id, id, type, type_value, ad_id, campaign_id, status, archived_at, created_at, updated_at)
     select h.workspace_id, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text, $8::timestamptz, $9::timestamptz,
            $10::timestamptz
       from workspace_head h where h.workspace_id = $1`,
    [
      workspaceId,
      group.id,
      group.type,
      group.typeValue,
      group.adId,
      group.campaignId,
      statusOf(group),
      group.archivedAt,
      group.createdAt,
      group.updatedAt,
    ],
  );
}

/** Writes what can change of a group. */
export async function updateEventGroupRow(
  connection: Queryable,
  workspaceId: WorkspaceId,
  group: EventGroup,
): Promise<void> {
  await connection.query(
    `update event_group set type_value = $3, status = $4, archived_at = $5, updated_at = $6
      where workspace_id = $1 and id = $2`,
    [workspaceId, group.id, group.typeValue, statusOf(group), group.archivedAt, group.updatedAt],
  );
}

function fromRow(row: Row): EventGroup {
  return {
    id: row.id,
    type: row.type,
    typeValue: row.type_value,
    adId: row.ad_id,
    campaignId: row.campaign_id,
    archivedAt: row.archived_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
