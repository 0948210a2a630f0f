import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';

export interface ListedLead {
  /** The profile that names its record. */
  readonly leadId: string;
  /** False: none of its conversations was by an ad of the campaigns. */
  readonly isConcerned: boolean;
}

/** The leads of a workspace's nodes in the order of their ids, from behind `after`: profiles of one record are one lead. */
export async function listLeads(
  connection: Queryable,
  workspaceId: WorkspaceId,
  nodeIds: readonly number[],
  campaignIds: readonly string[] | null,
  after: string | null,
  limit: number,
): Promise<ListedLead[]> {
  const rows = await connection.query<{ id: string; concerned: boolean }>(
    `select p.id, $5::text is null or exists (
              select from conversation_event c
               where c.workspace_id = $1 and c.profile_id = p.id
                 and c.ad_id in (select a.id from ad a
                                  where a.workspace_id = $1 and a.campaign_id = any($5::text::text[]))) as concerned
       from profile p
      where p.workspace_id = $1 and p.node_id = any($2::text::integer[]) and p.id = p.record_id and ($3::uuid is null or p.id > $3)
      order by p.id limit $4`,
    [workspaceId, arrayLiteral(nodeIds), after, limit, campaignIds && arrayLiteral(campaignIds)],
  );
  return rows.map((row) => ({ leadId: row.id, isConcerned: row.concerned }));
}

/** How many leads there are. */
export async function countLeads(
  connection: Queryable,
  workspaceId: WorkspaceId,
  nodeIds: readonly number[],
): Promise<number> {
  const [row] = await connection.query<{ total: number }>(
    `select count(*) as total from profile
      where workspace_id = $1 and node_id = any($2::text::integer[]) and id = record_id`,
    [workspaceId, arrayLiteral(nodeIds)],
  );
  return row!.total;
}
