import { lowestId } from '../../../core/id.ts';
import {
  type Profile,
  type ProfileRow,
  profileColumns,
  profileFromRow,
} from '../../../core/profile/profile-store.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';
import type { DueDates } from './policy.ts';

/** What is looked for in users: where they live, and which of their attributes are personal. */
export interface PersonalUsers {
  readonly nodeIds: readonly number[];
  readonly paths: readonly string[];
}

export interface UserWindow {
  /** Records that something personal is known of: an attribute, or a key. */
  readonly recordIds: readonly string[];
  /** Where the next look begins; undefined: this was all. */
  readonly next: string | undefined;
}

/** Looks through the next `window` profiles by id. */
export async function readPersonalRecords(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { nodeIds, paths }: PersonalUsers,
  after: string | null,
  window: number,
): Promise<UserWindow> {
  const rows = await connection.query<{ id: string; record_id: string; is_personal: boolean }>(
    `select p.id, p.record_id, (p.node_id = any($4::text::integer[])
               and (p.attributes ?| $5::text::text[]
                    or exists (select from identity i where i.workspace_id = $1 and i.profile_id = p.id))) as is_personal
       from (select id, record_id, node_id, attributes from profile
              where workspace_id = $1 and id > $2 order by id limit $3) p
      order by p.id`,
    [workspaceId, after ?? lowestId, window, arrayLiteral(nodeIds), arrayLiteral(paths)],
  );
  const recordIds = rows.filter((row) => row.is_personal).map((row) => row.record_id);
  return {
    recordIds: [...new Set(recordIds)],
    next: rows.length === window ? rows.at(-1)!.id : undefined,
  };
}

/**
 * Those of the records that are due: none of their events is of a type without a policy or younger than its type's, and none of
 * their touchpoints is younger than the policy for those. Without any event only the project's own policy counts.
 */
export async function readDueRecords(
  connection: Queryable,
  workspaceId: WorkspaceId,
  recordIds: readonly string[],
  due: DueDates,
): Promise<string[]> {
  const rows = await connection.query<{ id: string }>(
    `select r.id
       from unnest($2::text::uuid[]) as r (id)
      cross join lateral (
        select bool_or(e.first is not null) as has_events, bool_or(e.held) as held_by_event, bool_or(t.held) as held_by_touchpoint
          from profile p
         cross join lateral (
           select (select v.occurred_at from event v where v.workspace_id = $1 and v.profile_id = p.id
                    order by v.occurred_at limit 1) as first,
                  (select true from event v
                     left join unnest($3::text::integer[], $4::text::timestamptz[]) as d (type_id, before)
                            on d.type_id = v.type_id
                    where v.workspace_id = $1 and v.profile_id = p.id
                      and (d.before is null or v.occurred_at >= d.before)
                    order by v.occurred_at desc limit 1) as held) e
         cross join lateral (
           select (select true from touchpoint v where v.workspace_id = $1 and v.profile_id = p.id
                      and v.occurred_at >= $5 limit 1) as held) t
         where p.workspace_id = $1 and p.record_id = r.id) m
      where m.held_by_event is not true and m.held_by_touchpoint is not true and (m.has_events or $6)`,
    [
      workspaceId,
      arrayLiteral(recordIds),
      arrayLiteral([...due.types.keys()]),
      arrayLiteral([...due.types.values()].map((before) => new Date(before).toISOString())),
      new Date(due.touchpoints),
      due.project !== undefined,
    ],
  );
  return rows.map((row) => row.id);
}

/** All profiles of some records. */
export async function readMembersOfRecords(
  connection: Queryable,
  workspaceId: WorkspaceId,
  recordIds: readonly string[],
): Promise<Profile[]> {
  const rows = await connection.query<ProfileRow>(
    `select ${profileColumns} from profile
      where workspace_id = $1 and record_id = any($2::text::uuid[]) order by created_seq`,
    [workspaceId, arrayLiteral(recordIds)],
  );
  return rows.map(profileFromRow);
}

/** Takes from the touchpoints of some profiles what was told of them besides channel, campaign, ad and cost: pages, click ids. */
export async function forgetTouchpointDetails(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<void> {
  await connection.query(
    `update touchpoint set detail = null
      where workspace_id = $1 and profile_id = any($2::text::uuid[]) and detail is not null`,
    [workspaceId, arrayLiteral(profileIds)],
  );
}
