import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import { lowestId, newId } from '../id.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import { longestLookbackDays } from './conversion.ts';

/*
 * What has to be looked at anew is marked in the transaction that makes it so, under the head lock. Who settles (projections/attribution/settle.ts)
 * reads the marks first and all that follows from what they stand for behind that, and takes away those alone that are still the ones it has
 * read. So nothing is lost whatever is written meanwhile: a write marks again what has been read before it.
 */

/** An event that may convert, or may not do so any more. */
export interface DueEvent {
  readonly id: string;
  readonly profileId: string;
}

/** A profile whose person's paths may be others: by a touch at that time (milliseconds since the epoch), or, where there is none, by whatever. */
export interface DuePerson {
  readonly profileId: string;
  readonly at: number | null;
}

const upsert = `on conflict (workspace_id, profile_id, event_id) do update set mark = excluded.mark`;

function newMark(): string {
  return newId(Date.now());
}

export async function markEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  events: readonly DueEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const distinct = [...new Map(events.map((event) => [event.id, event])).values()];
  await connection.query(
    `insert into attribution_due (workspace_id, profile_id, event_id, mark)
     select h.workspace_id, e.profile_id, e.id, $2::uuid
       from workspace_head h, unnest($3::text::uuid[], $4::text::uuid[]) as e (id, profile_id)
      where h.workspace_id = $1
     ${upsert}`,
    [
      workspaceId,
      newMark(),
      arrayLiteral(distinct.map(({ id }) => id)),
      arrayLiteral(distinct.map(({ profileId }) => profileId)),
    ],
  );
}

/** As `markEvents`, of stored events whose profiles are not at hand. */
export async function markStoredEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  eventIds: readonly string[],
): Promise<void> {
  if (eventIds.length === 0) return;
  await connection.query(
    `insert into attribution_due (workspace_id, profile_id, event_id, mark)
     select h.workspace_id, e.profile_id, e.id, $2::uuid
       from workspace_head h
      cross join unnest($3::text::uuid[]) as k (id)
      cross join lateral (select id, profile_id from event where workspace_id = $1 and id = k.id limit 1) e
      where h.workspace_id = $1
     ${upsert}`,
    [workspaceId, newMark(), arrayLiteral([...new Set(eventIds)])],
  );
}

/**
 * Marks those of the persons, as they are by now, who have converted at or after the time, or of whom something is due. By the profile that
 * names the person, with no event.
 */
export async function markPersons(
  connection: Queryable,
  workspaceId: WorkspaceId,
  persons: readonly DuePerson[],
): Promise<void> {
  if (persons.length === 0) return;
  await connection.query(
    `insert into attribution_due (workspace_id, profile_id, event_id, mark)
     select distinct h.workspace_id, p.person_id, '${lowestId}'::uuid, $2::uuid
       from workspace_head h
      cross join unnest($3::text::uuid[], $4::text::bigint[]) as k (profile_id, at)
      cross join lateral (select person_id from profile where workspace_id = $1 and id = k.profile_id limit 1) p
      where h.workspace_id = $1
        and exists (
          select from profile m
           where m.workspace_id = $1 and m.person_id = p.person_id
             and (exists (select from attribution_path a
                           where a.workspace_id = $1 and a.profile_id = m.id
                             and (k.at is null or (a.converted_at >= to_timestamp(k.at / 1000)
                                                   and a.converted_at <= to_timestamp(k.at / 1000) + interval '${longestLookbackDays + 1} days')))
                  or exists (select from attribution_due d where d.workspace_id = $1 and d.profile_id = m.id)))
     ${upsert}`,
    [
      workspaceId,
      newMark(),
      arrayLiteral(persons.map(({ profileId }) => profileId)),
      arrayLiteral(persons.map(({ at }) => at)),
    ],
  );
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
    rows.map((row) => ({ profileId: row.profile_id, at: null })),
  );
}

/** A row of what is due, and its mark when it was read. `eventId`: null where it is all of the profile's person. */
export interface Due {
  readonly profileId: string;
  readonly eventId: string | null;
  readonly mark: string;
}

/** Those that were marked first. */
export async function readDue(
  connection: Queryable,
  workspaceId: WorkspaceId,
  limit: number,
): Promise<Due[]> {
  const rows = await connection.query<{ profile_id: string; event_id: string; mark: string }>(
    `select profile_id, event_id, mark from attribution_due where workspace_id = $1 order by mark limit $2`,
    [workspaceId, limit],
  );
  return rows.map((row) => ({
    profileId: row.profile_id,
    eventId: row.event_id === lowestId ? null : row.event_id,
    mark: row.mark,
  }));
}

/** Those of the events whose paths may be others by now: they are due, or all of a person whose they are, or are counted as. */
export async function findDue(
  connection: Queryable,
  workspaceId: WorkspaceId,
  eventIds: readonly string[],
): Promise<Set<string>> {
  const rows = await connection.query<{ id: string }>(
    `select k.id
       from unnest($2::text::uuid[]) as k (id)
      where exists (select from attribution_due d where d.workspace_id = $1 and d.event_id = k.id)
         or exists (
           select from (select profile_id from event where workspace_id = $1 and id = k.id
                        union select profile_id from attribution_path where workspace_id = $1 and event_id = k.id
                        union select person_id from attribution_path where workspace_id = $1 and event_id = k.id) o
             join profile p on p.workspace_id = $1 and p.id = o.profile_id
             join profile m on m.workspace_id = $1 and m.person_id = p.person_id
             join attribution_due d on d.workspace_id = $1 and d.profile_id = m.id and d.event_id = '${lowestId}')`,
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

/** How many are due up to a mark, counted no further than `most`. */
export async function countDue(
  connection: Queryable,
  workspaceId: WorkspaceId,
  upTo: string,
  most: number,
): Promise<number> {
  const [row] = await connection.query<{ total: number }>(
    `select count(*) as total
       from (select from attribution_due where workspace_id = $1 and mark <= $2::uuid limit $3) d`,
    [workspaceId, upTo, most],
  );
  return row?.total ?? 0;
}

/** Takes away those whose marks are still the ones that were read. */
export async function deleteDue(
  connection: Queryable,
  workspaceId: WorkspaceId,
  due: readonly Due[],
): Promise<void> {
  await connection.query(
    `delete from attribution_due d
      using unnest($2::text::uuid[], $3::text::uuid[], $4::text::uuid[]) as k (profile_id, event_id, mark)
      where d.workspace_id = $1 and d.profile_id = k.profile_id and d.event_id = k.event_id and d.mark = k.mark`,
    [
      workspaceId,
      arrayLiteral(due.map(({ profileId }) => profileId)),
      arrayLiteral(due.map(({ eventId }) => eventId ?? lowestId)),
      arrayLiteral(due.map(({ mark }) => mark)),
    ],
  );
}
