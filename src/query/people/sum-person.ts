import type { DialectName } from '../../core/dialect-name.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';

interface Happened {
  readonly events: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/** What the events of some profiles come to. */
export interface PersonSummary {
  readonly events: number;
  /** Null: there is no event. */
  readonly firstAt: Date | null;
  readonly lastAt: Date | null;
  /** The most frequent first. */
  readonly types: readonly (Happened & { readonly dialect: DialectName; readonly type: string })[];
  readonly amounts: readonly SummedAmount[];
}

/** The amounts of one metric in one currency. */
export interface SummedAmount {
  readonly dialect: DialectName;
  readonly type: string;
  readonly metric: string;
  readonly currency: string;
  /** With all its digits. */
  readonly sum: string;
  readonly events: number;
  /** False: its currency has no rate, so no sum of the workspace has it yet. */
  readonly counted: boolean;
}

/** So many types, and so many amounts, are told. */
const most = 200;

/** Counts and sums all that happened to profiles: it costs by the length of their history. */
export async function sumPerson(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<PersonSummary> {
  const [types, amounts] = await Promise.all([
    countTypes(connection, workspaceId, profileIds),
    sumAmounts(connection, workspaceId, profileIds),
  ]);
  const [first] = types;
  return {
    events: first?.all_events ?? 0,
    firstAt: first?.all_first ?? null,
    lastAt: first?.all_last ?? null,
    types: types.map(({ dialect, type, events, first_at, last_at }) => ({
      dialect,
      type,
      events,
      firstAt: first_at,
      lastAt: last_at,
    })),
    amounts,
  };
}

interface TypeRow {
  dialect: DialectName;
  type: string;
  events: number;
  first_at: Date;
  last_at: Date;
  all_events: number;
  all_first: Date;
  all_last: Date;
}

function countTypes(connection: Queryable, workspaceId: WorkspaceId, profileIds: readonly string[]) {
  return connection.query<TypeRow>(
    `select t.dialect, t.name as type, s.*, (sum(s.events) over ())::bigint as all_events,
            min(s.first_at) over () as all_first, max(s.last_at) over () as all_last
       from (select e.type_id, count(*) as events, min(e.occurred_at) as first_at, max(e.occurred_at) as last_at
               from unnest($2::text::uuid[]) as own (id)
              cross join lateral (select type_id, occurred_at from event
                                   where workspace_id = $1 and profile_id = own.id offset 0) e
              group by e.type_id) s
       join event_type t on t.workspace_id = $1 and t.id = s.type_id
      order by s.events desc, t.dialect, t.name limit $3`,
    [workspaceId, arrayLiteral(profileIds), most],
  );
}

function sumAmounts(connection: Queryable, workspaceId: WorkspaceId, profileIds: readonly string[]) {
  return connection.query<SummedAmount>(
    `select t.dialect, t.name as type, s.metric, s.currency, s.sum, s.events, s.counted
       from (select m.type_id, m.key as metric, m.currency, m.counted, trim_scale(sum(m.value))::text as sum, count(*) as events
               from unnest($2::text::uuid[]) as own (id)
              cross join lateral (select id from event where workspace_id = $1 and profile_id = own.id offset 0) e
              cross join lateral (select type_id, key, currency, counted, value from metric
                                   where workspace_id = $1 and event_id = e.id and currency is not null offset 0) m
              group by m.type_id, m.key, m.currency, m.counted) s
       join event_type t on t.workspace_id = $1 and t.id = s.type_id
      order by s.events desc, t.dialect, t.name, s.metric, s.currency limit $3`,
    [workspaceId, arrayLiteral(profileIds), most],
  );
}
