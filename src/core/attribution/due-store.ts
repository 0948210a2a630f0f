import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import { newId } from '../id.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';

/*
 * What has to be looked at anew is marked in the transaction that makes it so, under the head lock: by rows that are written once, and read
 * nothing. Who settles (projections/attribution/settle.ts) reads marks first and all that follows from what they stand for behind that, works
 * out what they concern, and takes away those that it has read. So nothing is lost whatever is written meanwhile: it has marks of its own.
 */

/** A profile whose person's paths may be others: by a touch at that time (milliseconds since the epoch), or, where there is none, by whatever. */
export interface DuePerson {
  readonly profileId: string;
  readonly at: number | null;
}

/** What is marked: events that may convert, or may not do so any more, and persons. */
export interface Due {
  readonly eventIds: readonly string[];
  readonly persons: readonly DuePerson[];
}

/** So many fit into a row that is not stored in pieces. */
const entriesOfMark = 64;

/** One statement; none where there is nothing to mark. In a workspace that never had a conversion nobody settles, and nothing is marked. */
export async function markDue(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { eventIds, persons }: Due,
): Promise<void> {
  const distinct = new Map(persons.map((person) => [`${person.profileId} ${person.at}`, person]));
  const marks = [
    ...inParts([...new Set(eventIds)]).map((ids) => ({ ids, touched: [] })),
    ...inParts([...distinct.values()]).map((touched) => ({ ids: [], touched })),
  ];
  if (marks.length === 0) return;
  const column = (value: (mark: (typeof marks)[number]) => string) => arrayLiteral(marks.map(value));
  await connection.query(
    `insert into attribution_due (workspace_id, mark, event_ids, profile_ids, touched_at)
     select a.workspace_id, d.mark, d.event_ids::uuid[], d.profile_ids::uuid[], d.touched_at::bigint[]
       from attribution_head a, unnest($2::text::uuid[], $3::text::text[], $4::text::text[], $5::text::text[])
              as d (mark, event_ids, profile_ids, touched_at)
      where a.workspace_id = $1`,
    [
      workspaceId,
      column(() => newId(Date.now())),
      column(({ ids }) => arrayLiteral(ids)),
      column(({ touched }) => arrayLiteral(touched.map(({ profileId }) => profileId))),
      column(({ touched }) => arrayLiteral(touched.map(({ at }) => at))),
    ],
  );
}

function inParts<Entry>(entries: readonly Entry[]): Entry[][] {
  const parts: Entry[][] = [];
  for (let index = 0; index < entries.length; index += entriesOfMark)
    parts.push(entries.slice(index, index + entriesOfMark));
  return parts;
}

/** Marks the persons who have clicked on ads, of a dialect's platform. */
export async function markPersonsOfAds(
  connection: Queryable,
  workspaceId: WorkspaceId,
  adIds: readonly string[],
): Promise<void> {
  if (adIds.length === 0) return;
  const rows = await connection.query<{ profile_id: string }>(
    `select distinct profile_id from touchpoint
      where workspace_id = $1 and ad_id is not null and ad_id = any($2::text::text[])`,
    [workspaceId, arrayLiteral(adIds)],
  );
  await markPersons(
    connection,
    workspaceId,
    rows.map((row) => row.profile_id),
  );
}

/** Marks all paths of the persons, as they are by the time that it is settled, whose the profiles are. */
export function markPersons(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<void> {
  const persons = profileIds.map((profileId) => ({ profileId, at: null }));
  return markDue(connection, workspaceId, { eventIds: [], persons });
}

/** Marks that were read together. */
export interface ReadMarks extends Due {
  readonly marks: readonly string[];
}

/** Most touches concern no path, which is soon seen: so many of them are as an event. */
const touchesOfEvent = 10;

/** Those that were marked first: at least one, and then as long as they stand for no more than so many events, persons and tens of touches. */
export async function readDue(
  connection: Queryable,
  workspaceId: WorkspaceId,
  limit: number,
): Promise<ReadMarks> {
  const rows = await connection.query<{
    mark: string;
    event_ids: string;
    profile_ids: string;
    touched_at: string;
  }>(
    `select mark, array_to_string(event_ids, ',') as event_ids, array_to_string(profile_ids, ',') as profile_ids,
            array_to_string(touched_at, ',', 'null') as touched_at
       from (select d.*, sum(weight) over (order by mark) as counted
               from (select *, ${touchesOfEvent} * (cardinality(event_ids) + cardinality(array_positions(touched_at, null))) + cardinality(profile_ids)
                                 as weight
                       from attribution_due where workspace_id = $1 order by mark limit $2) d) d
      where counted <= ${touchesOfEvent} * $2 or counted = weight
      order by mark`,
    [workspaceId, limit],
  );
  const listed = (text: string) => (text === '' ? [] : text.split(','));
  return {
    marks: rows.map(({ mark }) => mark),
    eventIds: rows.flatMap(({ event_ids: ids }) => listed(ids)),
    persons: rows.flatMap(({ profile_ids: ids, touched_at: times }) => {
      const touched = listed(times);
      return listed(ids).map((profileId, index) => ({ profileId, at: timeOf(touched[index]) }));
    }),
  };
}

function timeOf(text: string | undefined): number | null {
  return text === undefined || text === 'null' ? null : Number(text);
}

/** Those of the events whose paths may be others by now: they are due, or somebody whose they are, or are counted as. */
export async function findDue(
  connection: Queryable,
  workspaceId: WorkspaceId,
  eventIds: readonly string[],
): Promise<Set<string>> {
  const rows = await connection.query<{ id: string }>(
    `select k.id
       from unnest($2::text::uuid[]) as k (id)
      where exists (select from attribution_due d where d.workspace_id = $1 and k.id = any(d.event_ids))
         or exists (
           select from (select profile_id from event where workspace_id = $1 and id = k.id
                        union select profile_id from attribution_path where workspace_id = $1 and event_id = k.id
                        union select person_id from attribution_path where workspace_id = $1 and event_id = k.id) o
             join profile p on p.workspace_id = $1 and p.id = o.profile_id
             join profile m on m.workspace_id = $1 and m.person_id = p.person_id
             join attribution_due d on d.workspace_id = $1 and m.id = any(d.profile_ids))`,
    [workspaceId, arrayLiteral(eventIds)],
  );
  return new Set(rows.map(({ id }) => id));
}

/** The mark that no row of now is behind; undefined: nothing is due. */
export async function readLastMark(
  connection: Queryable,
  workspaceId: WorkspaceId,
): Promise<string | undefined> {
  const [row] = await connection.query<{ mark: string }>(
    `select mark from attribution_due where workspace_id = $1 order by mark desc limit 1`,
    [workspaceId],
  );
  return row?.mark;
}

/** Whether anything is left that was marked up to a mark. */
export async function isAnyDue(
  connection: Queryable,
  workspaceId: WorkspaceId,
  upTo: string,
): Promise<boolean> {
  const rows = await connection.query(
    `select from attribution_due where workspace_id = $1 and mark <= $2::uuid order by mark limit 1`,
    [workspaceId, upTo],
  );
  return rows.length > 0;
}

/** How many events and persons are due up to a mark, counted in no more than so many marks. */
export async function countDue(
  connection: Queryable,
  workspaceId: WorkspaceId,
  upTo: string,
  mostMarks: number,
): Promise<number> {
  const [row] = await connection.query<{ total: number }>(
    `select coalesce(sum(entries), 0)::bigint as total
       from (select cardinality(event_ids) + cardinality(profile_ids) as entries from attribution_due
              where workspace_id = $1 and mark <= $2::uuid limit $3) d`,
    [workspaceId, upTo, mostMarks],
  );
  return row?.total ?? 0;
}

/** Takes marks away. */
export async function deleteDue(
  connection: Queryable,
  workspaceId: WorkspaceId,
  marks: readonly string[],
): Promise<void> {
  await connection.query(
    `delete from attribution_due where workspace_id = $1 and mark = any($2::text::uuid[])`,
    [workspaceId, arrayLiteral(marks)],
  );
}
