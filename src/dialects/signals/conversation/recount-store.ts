import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';

/** Whose leads are counted anew: of all ads, or of a campaign's. */
export type RecountScope = 'all' | { readonly campaignId: string };

/** A recount, under way or finished. */
export interface Recount {
  /** null: all leads. */
  readonly campaignIds: readonly string[] | null;
  /** The last profile that is done. */
  readonly cursor: string | null;
  /** Leads that are looked at, as far as is known. */
  readonly total: number;
  readonly done: number;
  readonly requestedAt: Date;
  readonly updatedAt: Date;
  readonly finishedAt: Date | null;
}

/**
 * Asks for a recount, in the transaction that changes the rules: it is not forgotten whatever happens to the process. One that is
 * under way begins again, for what either was asked for. `Recounts.start` sets it going.
 */
export async function requestRecount(
  connection: Queryable,
  workspaceId: WorkspaceId,
  scope: RecountScope,
  now: Date,
): Promise<void> {
  const campaignIds = scope === 'all' ? null : JSON.stringify([scope.campaignId]);
  await connection.query(
    `insert into conversation_recount as r (workspace_id, campaign_ids, cursor, total, done, requested_at, updated_at, finished_at)
     select h.workspace_id, $2::text::jsonb, null, 0, 0, $3::timestamptz, $3::timestamptz, null
       from workspace_head h where h.workspace_id = $1
     on conflict (workspace_id) do update
       set campaign_ids = case when r.finished_at is not null then excluded.campaign_ids
                               when r.campaign_ids @> excluded.campaign_ids then r.campaign_ids
                               else r.campaign_ids || excluded.campaign_ids end,
           cursor = null, total = 0, done = 0, requested_at = excluded.requested_at, updated_at = excluded.updated_at,
           finished_at = null`,
    [workspaceId, campaignIds, now],
  );
}

interface Row {
  campaign_ids: string[] | null;
  cursor: string | null;
  total: number;
  done: number;
  requested_at: Date;
  updated_at: Date;
  finished_at: Date | null;
}

/** The last recount that was asked for. */
export async function readRecount(
  connection: Queryable,
  workspaceId: WorkspaceId,
): Promise<Recount | undefined> {
  const [row] = await connection.query<Row>(
    `select campaign_ids, cursor, total, done, requested_at, updated_at, finished_at
       from conversation_recount where workspace_id = $1`,
    [workspaceId],
  );
  return (
    row && {
      campaignIds: row.campaign_ids,
      cursor: row.cursor,
      total: row.total,
      done: row.done,
      requestedAt: row.requested_at,
      updatedAt: row.updated_at,
      finishedAt: row.finished_at,
    }
  );
}

/** How far it has come; under the head lock. */
export async function storeRecountProgress(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { cursor, total, done, updatedAt, finishedAt }: Recount,
): Promise<void> {
  await connection.query(
    `update conversation_recount set cursor = $2, total = $3, done = $4, updated_at = $5, finished_at = $6
      where workspace_id = $1`,
    [workspaceId, cursor, total, done, updatedAt, finishedAt],
  );
}

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
