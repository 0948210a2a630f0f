import { instantText } from '../../store/instants.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import { longestLookbackDays } from './conversion.ts';

/** A converting event as it is counted: with its touches that count, oldest first. */
export interface CountedPath {
  readonly conversion: number;
  /** By which rules and whose days (attribution_rule). */
  readonly revision: number;
  readonly eventId: string;
  readonly profileId: string;
  readonly personId: string;
  /** Milliseconds since the epoch. */
  readonly convertedAt: number;
  /** In plain decimal notation; null: none. */
  readonly value: string | null;
  /** Of the value; null of a number. */
  readonly currency: string | null;
  /** Milliseconds since the epoch. */
  readonly times: readonly number[];
  /** The number of each touch's origin. */
  readonly origins: readonly number[];
}

/** A path as it is stored, and whose it is by now. */
export interface StoredPath extends CountedPath {
  readonly presentPersonId: string;
}

interface PathRow {
  conversion: number;
  revision: number;
  event_id: string;
  profile_id: string;
  person_id: string;
  present_person_id: string;
  converted_at: Date;
  value: string | null;
  currency: string | null;
  times: string;
  origins: string;
}

const pathColumns = `a.conversion, a.revision, a.event_id, a.profile_id, a.person_id, p.person_id as present_person_id, a.converted_at,
            a.value, a.currency, array_to_string(a.touch_times, ',') as times, array_to_string(a.touch_origins, ',') as origins`;

function pathFromRow(row: PathRow): StoredPath {
  const numbers = (text: string) => (text === '' ? [] : text.split(',').map(Number));
  return {
    conversion: row.conversion,
    revision: row.revision,
    eventId: row.event_id,
    profileId: row.profile_id,
    personId: row.person_id,
    presentPersonId: row.present_person_id,
    convertedAt: row.converted_at.getTime(),
    value: row.value,
    currency: row.currency,
    times: numbers(row.times),
    origins: numbers(row.origins),
  };
}

/** All paths that are counted as these persons', or are theirs by now. */
export async function readPathsOfPersons(
  connection: Queryable,
  workspaceId: WorkspaceId,
  personIds: readonly string[],
): Promise<StoredPath[]> {
  const rows = await connection.query<PathRow>(
    `select ${pathColumns}
       from (select event_id, conversion from attribution_path
              where workspace_id = $1 and person_id = any($2::text::uuid[])
              union
             select c.event_id, c.conversion from profile m
               join attribution_path c on c.workspace_id = $1 and c.profile_id = m.id
              where m.workspace_id = $1 and m.person_id = any($2::text::uuid[])) k
       join attribution_path a on a.workspace_id = $1 and a.event_id = k.event_id and a.conversion = k.conversion
       join profile p on p.workspace_id = $1 and p.id = a.profile_id`,
    [workspaceId, arrayLiteral(personIds)],
  );
  return rows.map(pathFromRow);
}

/** Whose events are, and whose their paths are counted as: profiles, each once. */
export async function readProfilesOfEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  eventIds: readonly string[],
): Promise<string[]> {
  if (eventIds.length === 0) return [];
  const rows = await connection.query<{ id: string }>(
    `select profile_id as id from event where workspace_id = $1 and id = any($2::text::uuid[])
      union select profile_id from attribution_path where workspace_id = $1 and event_id = any($2::text::uuid[])
      union select person_id from attribution_path where workspace_id = $1 and event_id = any($2::text::uuid[])`,
    [workspaceId, arrayLiteral(eventIds)],
  );
  return rows.map(({ id }) => id);
}

/**
 * The persons of those profiles who have converted since they were touched, by as long as touches are ever looked back for, with the times of
 * those touches. Most touches come before anything has converted.
 */
export async function readTouchedPersons(
  connection: Queryable,
  workspaceId: WorkspaceId,
  touched: readonly { readonly profileId: string; readonly at: number | null }[],
): Promise<Map<string, number[]>> {
  if (touched.length === 0) return new Map();
  const rows = await connection.query<{ person_id: string; at: number }>(
    `select distinct p.person_id, k.at
       from unnest($2::text::uuid[], $3::text::bigint[]) as k (profile_id, at)
      cross join lateral (select person_id from profile where workspace_id = $1 and id = k.profile_id limit 1) p
      where exists (
        select from profile m
         where m.workspace_id = $1 and m.person_id = p.person_id
           and exists (select from attribution_path a
                        where a.workspace_id = $1 and a.profile_id = m.id and a.converted_at >= to_timestamp(k.at / 1000)
                          and a.converted_at <= to_timestamp(k.at / 1000) + interval '${longestLookbackDays + 1} days'))`,
    [
      workspaceId,
      arrayLiteral(touched.map(({ profileId }) => profileId)),
      arrayLiteral(touched.map(({ at }) => at)),
    ],
  );
  const times = Map.groupBy(rows, (row) => row.person_id);
  return new Map([...times].map(([id, ofPerson]) => [id, ofPerson.map(({ at }) => Number(at))]));
}

/** The next paths of a conversion by when they converted, from behind one of them. */
export async function listPaths(
  connection: Queryable,
  workspaceId: WorkspaceId,
  conversion: number,
  after: { readonly at: number; readonly id: string } | null,
  limit: number,
): Promise<StoredPath[]> {
  const rows = await connection.query<PathRow>(
    `select ${pathColumns}
       from (select * from attribution_path
              where workspace_id = $1 and conversion = $2
                and ($3::timestamptz is null or (converted_at, event_id) > ($3::timestamptz, $4::uuid))
              order by converted_at, event_id limit $5) a
       join profile p on p.workspace_id = $1 and p.id = a.profile_id
      order by a.converted_at, a.event_id`,
    [workspaceId, conversion, after && new Date(after.at), after?.id ?? null, limit],
  );
  return rows.map(pathFromRow);
}

/** The next paths of a conversion by person, all of so many persons. */
export async function listPathsByPerson(
  connection: Queryable,
  workspaceId: WorkspaceId,
  conversion: number,
  afterPerson: string,
  persons: number,
): Promise<StoredPath[]> {
  const rows = await connection.query<PathRow>(
    `select ${pathColumns}
       from (select distinct person_id from attribution_path
              where workspace_id = $1 and conversion = $2 and person_id > $3 order by person_id limit $4) k
       join attribution_path a on a.workspace_id = $1 and a.person_id = k.person_id and a.conversion = $2
       join profile p on p.workspace_id = $1 and p.id = a.profile_id
      order by a.person_id`,
    [workspaceId, conversion, afterPerson, persons],
  );
  return rows.map(pathFromRow);
}

/** The paths of a conversion that events have. */
export async function readPathsOfEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  conversion: number,
  eventIds: readonly string[],
): Promise<StoredPath[]> {
  const rows = await connection.query<PathRow>(
    `select ${pathColumns}
       from attribution_path a
       join profile p on p.workspace_id = $1 and p.id = a.profile_id
      where a.workspace_id = $1 and a.conversion = $2 and a.event_id = any($3::text::uuid[])`,
    [workspaceId, conversion, arrayLiteral(eventIds)],
  );
  return rows.map(pathFromRow);
}

/** Under the lock of who settles. */
export async function deletePaths(
  connection: Queryable,
  workspaceId: WorkspaceId,
  paths: readonly Pick<CountedPath, 'eventId' | 'conversion'>[],
): Promise<void> {
  if (paths.length === 0) return;
  await connection.query(
    `delete from attribution_path a using unnest($2::text::uuid[], $3::text::integer[]) as k (event_id, conversion)
      where a.workspace_id = $1 and a.event_id = k.event_id and a.conversion = k.conversion`,
    [
      workspaceId,
      arrayLiteral(paths.map(({ eventId }) => eventId)),
      arrayLiteral(paths.map(({ conversion }) => conversion)),
    ],
  );
}

/** Writes paths, those that are there anew. Under the lock of who settles. */
export async function upsertPaths(
  connection: Queryable,
  workspaceId: WorkspaceId,
  paths: readonly CountedPath[],
): Promise<void> {
  if (paths.length === 0) return;
  await connection.query(
    `insert into attribution_path (workspace_id, conversion, revision, event_id, profile_id, person_id, converted_at, value, currency,
                                   touch_times, touch_origins)
     select h.workspace_id, a.conversion, a.revision, a.event_id, a.profile_id, a.person_id, a.converted_at, a.value, a.currency,
            string_to_array(a.times, ',')::bigint[], string_to_array(a.origins, ',')::integer[]
       from workspace_head h,
            unnest($2::text::integer[], $3::text::integer[], $4::text::uuid[], $5::text::uuid[], $6::text::uuid[],
                   $7::text::timestamptz[], $8::text::numeric[], $9::text::text[], $10::text::text[], $11::text::text[])
              as a (conversion, revision, event_id, profile_id, person_id, converted_at, value, currency, times, origins)
      where h.workspace_id = $1
     on conflict (workspace_id, event_id, conversion) do update
       set revision = excluded.revision, profile_id = excluded.profile_id, person_id = excluded.person_id,
           converted_at = excluded.converted_at, value = excluded.value, currency = excluded.currency,
           touch_times = excluded.touch_times, touch_origins = excluded.touch_origins`,
    [
      workspaceId,
      arrayLiteral(paths.map(({ conversion }) => conversion)),
      arrayLiteral(paths.map(({ revision }) => revision)),
      arrayLiteral(paths.map(({ eventId }) => eventId)),
      arrayLiteral(paths.map(({ profileId }) => profileId)),
      arrayLiteral(paths.map(({ personId }) => personId)),
      arrayLiteral(paths.map(({ convertedAt }) => instantText(convertedAt))),
      arrayLiteral(paths.map(({ value }) => value)),
      arrayLiteral(paths.map(({ currency }) => currency)),
      arrayLiteral(paths.map(({ times }) => times.join(','))),
      arrayLiteral(paths.map(({ origins }) => origins.join(','))),
    ],
  );
}
