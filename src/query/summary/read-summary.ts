import type { DialectName } from '../../core/dialect-name.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';

export interface PeopleCount {
  readonly people: number;
  /** Of these, known since an instant. */
  readonly newPeople: number;
  /** Browsers and sessions that nobody known is behind. */
  readonly anonymous: number;
}

/** How many persons there are: each is named by its oldest known profile, or, where none is known, by an anonymous one. */
export async function countPeople(
  connection: Queryable,
  workspaceId: WorkspaceId,
  since: Date,
): Promise<PeopleCount> {
  const [row] = await connection.query<{ people: number; new_people: number; anonymous: number }>(
    `select count(*) filter (where not anonymous) as people,
            count(*) filter (where not anonymous and created_at >= $2) as new_people,
            count(*) filter (where anonymous) as anonymous
       from profile where workspace_id = $1 and id = person_id and deleted_at is null`,
    [workspaceId, since],
  );
  return { people: row?.people ?? 0, newPeople: row?.new_people ?? 0, anonymous: row?.anonymous ?? 0 };
}

export interface WaitingCount {
  readonly count: number;
  /** When the last of them was put there. */
  readonly newestAt: Date | null;
}

/** How many bad events wait in quarantine. */
export async function countQuarantined(
  connection: Queryable,
  workspaceId: WorkspaceId,
): Promise<WaitingCount> {
  const [row] = await connection.query<{ count: number; newest_at: Date | null }>(
    `select coalesce(sum(events), 0)::bigint as count,
            (select processed_at from quarantine where workspace_id = $1 and replayed_at is null
              order by processed_at desc limit 1) as newest_at
       from quarantine_group where workspace_id = $1`,
    [workspaceId],
  );
  return { count: row?.count ?? 0, newestAt: row?.newest_at ?? null };
}

/** How many of a workspace's jobs are in which state. */
export async function countJobs(
  connection: Queryable,
  workspaceId: WorkspaceId,
): Promise<ReadonlyMap<string, number>> {
  const rows = await connection.query<{ state: string; count: number }>(
    'select state, count(*) as count from job where workspace_id = $1 group by state',
    [workspaceId],
  );
  return new Map(rows.map(({ state, count }) => [state, count]));
}

/** How many events of each dialect were stored, since the beginning. */
export async function countStored(
  connection: Queryable,
  workspaceId: WorkspaceId,
): Promise<ReadonlyMap<DialectName, number>> {
  const rows = await connection.query<{ dialect: DialectName; stored: number }>(
    `select dialect, sum(total)::bigint as stored from accounting
      where workspace_id = $1 and outcome = 'stored' group by dialect`,
    [workspaceId],
  );
  return new Map(rows.map(({ dialect, stored }) => [dialect, stored]));
}
