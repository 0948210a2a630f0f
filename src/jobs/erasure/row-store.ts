import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import { onlyRow, type Queryable } from '../../store/queryable.ts';

/** An event of a profile, and its node. */
export interface OwnEvent {
  readonly id: string;
  readonly nodeId: number;
  readonly occurredAt: Date;
  /** The profile's place among those that were given, from 0. */
  readonly place: number;
}

/** The next events of the profiles, in the profiles' order and then in time's, from behind one of the first profile. */
export async function readOwnEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
  after: { readonly at: Date; readonly id: string } | null,
  limit: number,
): Promise<OwnEvent[]> {
  const rows = await connection.query<{ id: string; node_id: number; occurred_at: Date; place: number }>(
    `select e.id, n.node_id, e.occurred_at, p.place - 1 as place
       from unnest($2::text::uuid[]) with ordinality as p (id, place)
      cross join lateral (select node_id from profile where workspace_id = $1 and id = p.id limit 1) n
      cross join lateral (
        select id, occurred_at from event
         where workspace_id = $1 and profile_id = p.id
           and ($3::timestamptz is null or p.place > 1 or (occurred_at, id) > ($3::timestamptz, $4::uuid))
         order by occurred_at, id limit $5) e
      order by p.place, e.occurred_at, e.id limit $5`,
    [workspaceId, arrayLiteral(profileIds), after?.at ?? null, after?.id ?? null, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    nodeId: row.node_id,
    occurredAt: row.occurred_at,
    place: row.place,
  }));
}

/** Takes from events all that was sent; type, times, source and amounts stay, also when the event was changed by its sender last. */
export async function emptyEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<void> {
  const which = [workspaceId, arrayLiteral(ids)];
  await connection.query(
    `update event set properties = '{}', detail = null, version = version + 1
      where workspace_id = $1 and id = any($2::text::uuid[])`,
    which,
  );
  for (const table of ['metric', 'metric_history'])
    await connection.query(
      `update ${table} set raw = 'null'
        where workspace_id = $1 and event_id = any($2::text::uuid[]) and raw::text <> 'null'`,
      which,
    );
}

/** A column that holds something personal, or null, in rows of profiles. */
export interface PersonalColumn {
  readonly table: 'touchpoint' | 'consent_log';
  readonly column: 'detail' | 'arrival' | 'value';
}

function isFilled({ column }: PersonalColumn): string {
  return `workspace_id = $1 and profile_id = any($2::text::uuid[]) and ${column} is not null`;
}

/** Takes from the profiles' rows what the column holds; the rows stay. Answers how many held something. */
export async function emptyColumn(
  connection: Queryable,
  workspaceId: WorkspaceId,
  personal: PersonalColumn,
  profileIds: readonly string[],
): Promise<number> {
  const rows = await connection.query<{ total: number }>(
    `with emptied as (update ${personal.table} set ${personal.column} = null where ${isFilled(personal)} returning 1)
     select count(*) as total from emptied`,
    [workspaceId, arrayLiteral(profileIds)],
  );
  return onlyRow(rows).total;
}

export async function countFilled(
  connection: Queryable,
  workspaceId: WorkspaceId,
  personal: PersonalColumn,
  profileIds: readonly string[],
): Promise<number> {
  const rows = await connection.query<{ total: number }>(
    `select count(*) as total from ${personal.table} where ${isFilled(personal)}`,
    [workspaceId, arrayLiteral(profileIds)],
  );
  return onlyRow(rows).total;
}
