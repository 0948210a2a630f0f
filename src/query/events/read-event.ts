import { eventColumns } from '../../core/event/event-store.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import { type PersonEvent, type PersonEventRow, personEventFromRow, personEventsOf } from './read-events.ts';

export interface EventMetric {
  readonly key: string;
  readonly kind: string;
  readonly value: string;
  readonly currency: string | null;
  readonly occurredAt: Date;
  /** False: it is in no sum yet, as its currency has no rate. */
  readonly counted: boolean;
}

/** An event; undefined when the workspace has none of this id. */
export async function readPersonEvent(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<PersonEvent | undefined> {
  const [row] = await connection.query<PersonEventRow>(
    personEventsOf(`select ${eventColumns} from event where workspace_id = $1 and id = $2`, 'e.seq'),
    [workspaceId, id],
  );
  return row && personEventFromRow(row);
}

/** Its metrics as they are set now. */
export async function readEventMetrics(
  connection: Queryable,
  workspaceId: WorkspaceId,
  eventId: string,
): Promise<EventMetric[]> {
  const rows = await connection.query<Omit<EventMetric, 'occurredAt'> & { occurred_at: Date }>(
    `select key, kind, value::text as value, currency, occurred_at, counted from metric
      where workspace_id = $1 and event_id = $2 order by key`,
    [workspaceId, eventId],
  );
  return rows.map(({ occurred_at, ...row }) => ({ ...row, occurredAt: occurred_at }));
}

/** The events of these profiles that happened just before and just after one, each nearest first. */
export async function readNeighbours(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
  event: Pick<PersonEvent, 'occurredAt' | 'seq'>,
  limit: number,
): Promise<{ readonly before: PersonEvent[]; readonly after: PersonEvent[] }> {
  const side = async (comparison: '<' | '>', order: 'desc' | 'asc') => {
    const nearest = `
      select near.* from unnest($2::text::uuid[]) as wanted (id)
       cross join lateral (
         select ${eventColumns} from event
          where workspace_id = $1 and profile_id = wanted.id and occurred_at ${comparison}= $3::timestamptz
            and (occurred_at, seq) ${comparison} ($3::timestamptz, $4::bigint)
          order by occurred_at ${order}, seq ${order} limit $5) near
       order by near.occurred_at ${order}, near.seq ${order} limit $5`;
    const rows = await connection.query<PersonEventRow>(
      personEventsOf(nearest, `e.occurred_at ${order}, e.seq ${order}`),
      [workspaceId, arrayLiteral(profileIds), event.occurredAt, event.seq, limit],
    );
    return rows.map(personEventFromRow);
  };
  const [before, after] = await Promise.all([side('<', 'desc'), side('>', 'asc')]);
  return { before, after };
}
