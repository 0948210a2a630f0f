import { lowestId } from '../../../../core/id.ts';
import type { Workspace, WorkspaceId } from '../../../../core/workspace/workspace.ts';
import { instantText } from '../../../../store/instants.ts';
import { arrayLiteral } from '../../../../store/parameters.ts';
import type { Queryable } from '../../../../store/queryable.ts';
import { indexedCharacters, propertyTerm } from '../derive-values.ts';
import { indexedOfEvents } from './indexed-events.ts';

/** An event as its rows name it. */
export interface EventName {
  readonly id: string;
  readonly profileId: string;
}

const columns = 'workspace_id, profile_id, event_id, type_id, property, place, number, text';
const isOf = (type: 'number' | 'string') => `jsonb_typeof(v.value) = '${type}'`;

/** SQL of the rows of the events $2, by the properties at $5 of the types $3, which conditions name $4. Of who was forgotten there are none. */
const derived = `
  select e.workspace_id, e.profile_id, e.id as event_id, e.type_id, ${propertyTerm('m.path')} as property, v.place::integer as place,
         case when ${isOf('number')} then v.value::numeric end as number,
         case when ${isOf('string')} then left(v.value #>> '{}', ${indexedCharacters}) end collate "C" as text
    from unnest($2::text::uuid[]) as k (id)
   cross join lateral (select workspace_id, id, profile_id, type_id, properties from event
                        where workspace_id = $1 and id = k.id offset 0) e
    join event_type t on t.workspace_id = $1 and t.id = e.type_id and t.dialect = 'contacthub'
    join unnest($3::text::text[], $4::text::text[], $5::text::text[]) as m (type, path, place) on m.type = t.name
   cross join lateral jsonb_path_query(e.properties::jsonb, m.place::jsonpath) with ordinality as v (value, place)
   where (${isOf('number')} or ${isOf('string')})
     and not exists (select from profile f where f.workspace_id = $1 and f.id = e.profile_id and f.forgotten_at is not null)`;

function derivedOf(workspace: Workspace, ids: readonly string[]) {
  const properties = indexedOfEvents(workspace);
  return [
    workspace.id,
    arrayLiteral(ids),
    arrayLiteral(properties.map(({ type }) => type)),
    arrayLiteral(properties.map(({ path }) => path)),
    arrayLiteral(properties.map(({ place }) => place)),
  ];
}

/** Adds the rows of events that have none. */
export async function insertEventValues(
  connection: Queryable,
  workspace: Workspace,
  ids: readonly string[],
): Promise<void> {
  await connection.query(`insert into event_value (${columns}) ${derived}`, derivedOf(workspace, ids));
}

export async function deleteEventValues(
  connection: Queryable,
  workspaceId: WorkspaceId,
  events: readonly EventName[],
): Promise<void> {
  await connection.query(
    `delete from event_value v using unnest($2::text::uuid[], $3::text::uuid[]) as k (profile_id, event_id)
      where v.workspace_id = $1 and v.profile_id = k.profile_id and v.event_id = k.event_id`,
    [
      workspaceId,
      arrayLiteral(events.map(({ profileId }) => profileId)),
      arrayLiteral(events.map(({ id }) => id)),
    ],
  );
}

/** Events whose rows are others than they should be. */
export async function findDifferingValues(
  connection: Queryable,
  workspace: Workspace,
  events: readonly EventName[],
): Promise<string[]> {
  const stored = `
    select ${columns} from event_value
     where workspace_id = $1 and (profile_id, event_id) in (select * from unnest($6::text::uuid[], $2::text::uuid[]))`;
  const rows = await connection.query<{ event_id: string }>(
    `with derived as materialized (${derived}), stored as materialized (${stored})
     select distinct w.event_id from (
       (select ${columns} from derived except select ${columns} from stored)
       union all
       (select ${columns} from stored except select ${columns} from derived)) w`,
    [
      ...derivedOf(
        workspace,
        events.map(({ id }) => id),
      ),
      arrayLiteral(events.map(({ profileId }) => profileId)),
    ],
  );
  return rows.map(({ event_id: id }) => id);
}

/** Events that have rows, in the order of their profiles, from behind one. */
export async function listIndexedEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  after: EventName | null,
  limit: number,
): Promise<EventName[]> {
  const rows = await connection.query<{ profile_id: string; event_id: string }>(
    `select distinct profile_id, event_id from event_value
      where workspace_id = $1 and (profile_id, event_id) > ($2::text::uuid, $3::text::uuid)
      order by profile_id, event_id limit $4::bigint`,
    [workspaceId, after?.profileId ?? lowestId, after?.id ?? lowestId, limit],
  );
  return rows.map(({ profile_id: profileId, event_id: id }) => ({ id, profileId }));
}

/** Behind which event of a type was looked. `at`: milliseconds since the epoch. */
export interface EventPlace {
  readonly at: number;
  readonly id: string;
}

/** The events of a type by date, from behind one. */
export async function listEventsOfType(
  connection: Queryable,
  workspaceId: WorkspaceId,
  typeId: number,
  after: EventPlace | null,
  limit: number,
): Promise<(EventName & EventPlace)[]> {
  const rows = await connection.query<{ id: string; profile_id: string; occurred_at: Date }>(
    `select id, profile_id, occurred_at from event
      where workspace_id = $1 and type_id = $2 and (occurred_at, id) > ($3::text::timestamptz, $4::text::uuid)
      order by occurred_at, id limit $5::bigint`,
    [workspaceId, typeId, after ? instantText(after.at) : '-infinity', after?.id ?? lowestId, limit],
  );
  return rows.map((row) => ({ id: row.id, profileId: row.profile_id, at: row.occurred_at.getTime() }));
}

/** How many rows profiles have. */
export async function countValuesOfProfiles(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<number> {
  const [row] = await connection.query<{ total: number }>(
    'select count(*) as total from event_value where workspace_id = $1 and profile_id = any($2::text::uuid[])',
    [workspaceId, arrayLiteral(profileIds)],
  );
  return row?.total ?? 0;
}

/** Deletes the rows of profiles, no more than the limit; answers how many. */
export async function deleteValuesOfProfiles(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
  limit: number,
): Promise<number> {
  const events = await connection.query<{ profile_id: string; event_id: string }>(
    `select profile_id, event_id from event_value
      where workspace_id = $1 and profile_id = any($2::text::uuid[]) limit $3::bigint`,
    [workspaceId, arrayLiteral(profileIds), limit],
  );
  await deleteEventValues(
    connection,
    workspaceId,
    events.map(({ profile_id: profileId, event_id: id }) => ({ id, profileId })),
  );
  return events.length;
}
