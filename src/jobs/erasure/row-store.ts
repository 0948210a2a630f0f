import type { DialectName } from '../../core/dialect-name.ts';
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

/** Takes from events all that was sent; type, times, source and amounts stay. */
export async function emptyEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
  now: Date,
): Promise<void> {
  const which = [workspaceId, arrayLiteral(ids)];
  await connection.query(
    `update event set properties = '{}', detail = null, version = version + 1, updated_at = $3
      where workspace_id = $1 and id = any($2::text::uuid[])`,
    [...which, now],
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
  readonly column: 'detail' | 'value';
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

/** A bad event, as far as it is looked through. */
export interface KeptEvent {
  readonly id: string;
  readonly dialect: DialectName;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly request: Readonly<Record<string, unknown>>;
  readonly raw: Uint8Array;
  readonly receivedAt: Date;
  readonly replayed: boolean;
}

/** The next bad events by id, as many as fit into so many bytes, but one at least. */
export async function readKept(
  connection: Queryable,
  workspaceId: WorkspaceId,
  after: string,
  limit: number,
  bytes: number,
): Promise<KeptEvent[]> {
  const rows = await connection.query<{
    id: string;
    dialect: DialectName;
    detail: Record<string, unknown>;
    request: Record<string, unknown>;
    raw: Uint8Array;
    received_at: Date;
    replayed: boolean;
  }>(
    `select q.id, q.dialect, q.detail, q.request, q.raw, q.received_at, q.replayed_at is not null as replayed
       from (select id, sum(octet_length(raw)) over (order by id) as bytes, row_number() over (order by id) as place
               from (select id, raw from quarantine where workspace_id = $1 and id > $2 order by id limit $3) next) sized
       join quarantine q on q.workspace_id = $1 and q.id = sized.id
      where sized.bytes <= $4 or sized.place = 1
      order by q.id`,
    [workspaceId, after, limit, bytes],
  );
  return rows.map(({ received_at: receivedAt, ...row }) => ({ ...row, receivedAt }));
}

export async function deleteKept(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<void> {
  await connection.query('delete from quarantine where workspace_id = $1 and id = any($2::text::uuid[])', [
    workspaceId,
    arrayLiteral(ids),
  ]);
}
