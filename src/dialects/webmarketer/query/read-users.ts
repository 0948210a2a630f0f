import {
  type Profile,
  type ProfileRow,
  profileColumns,
  profileFromRow,
} from '../../../core/profile/profile-store.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { columnsOf } from '../../../store/columns.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';

/** A user as the project's events have made it known. */
export interface User {
  /** Of the record. */
  readonly id: string;
  /** By field: every value that its profiles have, the one written last first. */
  readonly fields: ReadonlyMap<string, readonly unknown[]>;
  /** When the oldest and the newest of its events happened; null without events. */
  readonly firstEventAt: Date | null;
  readonly lastEventAt: Date | null;
  /** Likewise of its touchpoints: visits and offline interactions. */
  readonly firstInteractionAt: Date | null;
  readonly lastInteractionAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

interface MemberRow extends ProfileRow {
  first_event_at: Date | null;
  last_event_at: Date | null;
  first_interaction_at: Date | null;
  last_interaction_at: Date | null;
}

/** The users of some records, in the order given; without those that have become part of another meanwhile. */
export async function readUsers(
  connection: Queryable,
  workspaceId: WorkspaceId,
  recordIds: readonly string[],
): Promise<User[]> {
  if (recordIds.length === 0) return [];
  const rows = await connection.query<MemberRow>(
    `select ${columnsOf('p', profileColumns)}, f.at as first_event_at, l.at as last_event_at,
            i.at as first_interaction_at, j.at as last_interaction_at
       from unnest($2::text::uuid[]) as wanted (id)
       join profile p on p.workspace_id = $1 and p.record_id = wanted.id
      cross join lateral (select min(occurred_at) as at from event
                           where workspace_id = $1 and profile_id = p.id) f
      cross join lateral (select max(occurred_at) as at from event
                           where workspace_id = $1 and profile_id = p.id) l
      cross join lateral (select min(occurred_at) as at from touchpoint
                           where workspace_id = $1 and profile_id = p.id) i
      cross join lateral (select max(occurred_at) as at from touchpoint
                           where workspace_id = $1 and profile_id = p.id) j`,
    [workspaceId, arrayLiteral(recordIds)],
  );
  const byRecord = Map.groupBy(rows, (row) => row.record_id);
  return recordIds.flatMap((id) => {
    const members = byRecord.get(id);
    return members ? [userOf(id, members)] : [];
  });
}

function userOf(id: string, members: readonly MemberRow[]): User {
  const profiles = members.map(profileFromRow);
  return {
    id,
    fields: fieldsOfUser(profiles),
    firstEventAt: earliest(members.map((row) => row.first_event_at)),
    lastEventAt: latest(members.map((row) => row.last_event_at)),
    firstInteractionAt: earliest(members.map((row) => row.first_interaction_at)),
    lastInteractionAt: latest(members.map((row) => row.last_interaction_at)),
    createdAt: profiles.find((profile) => profile.id === id)!.createdAt,
    updatedAt: new Date(Math.max(...profiles.map((profile) => profile.updatedAt.getTime()))),
  };
}

function earliest(instants: readonly (Date | null)[]): Date | null {
  const known = instants.flatMap((instant) => instant?.getTime() ?? []);
  return known.length > 0 ? new Date(Math.min(...known)) : null;
}

function latest(instants: readonly (Date | null)[]): Date | null {
  const known = instants.flatMap((instant) => instant?.getTime() ?? []);
  return known.length > 0 ? new Date(Math.max(...known)) : null;
}

const fieldPrefix = 'fields.';

/** Where users were found to be one, a field can have several values: none is lost by that. */
function fieldsOfUser(profiles: readonly Profile[]): Map<string, unknown[]> {
  const writes = profiles.flatMap((profile) =>
    Object.entries(profile.attributes).filter(([path]) => path.startsWith(fieldPrefix)),
  );
  writes.sort(([, [, a]], [, [, b]]) => b - a);
  const fields = new Map<string, Map<string, unknown>>();
  for (const [path, [value]] of writes) {
    if (value === null) continue;
    const key = path.slice(fieldPrefix.length);
    const values = fields.get(key) ?? new Map<string, unknown>();
    const text = JSON.stringify(value);
    if (!values.has(text)) values.set(text, value);
    fields.set(key, values);
  }
  return new Map([...fields].map(([key, values]) => [key, [...values.values()]]));
}
