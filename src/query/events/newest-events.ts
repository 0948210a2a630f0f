import { eventColumns } from '../../core/event/event-store.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';
import { cutToBytes, maximumPageBytes, type PageRow } from './page-bytes.ts';
import { type PersonEvent, type PersonEventRow, personEventFromRow, personEventsOf } from './read-events.ts';

export interface EventFilter {
  readonly dialect: string | undefined;
  /** The name of an event type, which several dialects may have. */
  readonly type: string | undefined;
}

/**
 * The events that were stored last, the last one first. With a filter they are those of its types that happened last: each type's are
 * found by its own index, however few they are among others.
 */
export async function readNewestEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { dialect, type }: EventFilter,
  limit: number,
): Promise<PersonEvent[]> {
  const newest =
    dialect === undefined && type === undefined
      ? `select ${eventColumns} from event
          where workspace_id = $1 and $4::text is null and $5::text is null order by seq desc limit $2`
      : `select newest.* from event_type t
           cross join lateral (
             select ${eventColumns} from event where workspace_id = $1 and type_id = t.id
              order by occurred_at desc limit $2) newest
          where t.workspace_id = $1 and t.dialect = coalesce($4, t.dialect) and t.name = coalesce($5, t.name)
          order by newest.occurred_at desc limit $2`;
  const rows = await connection.query<PersonEventRow & PageRow>(
    personEventsOf(cutToBytes(newest, 'seq desc', '$3'), 'e.seq desc'),
    [workspaceId, limit, maximumPageBytes, dialect ?? null, type ?? null],
  );
  return rows.map(personEventFromRow);
}
