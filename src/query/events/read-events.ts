import type { DialectName } from '../../core/dialect-name.ts';
import type { NamedEvent } from '../../core/event/event.ts';
import { type EventRow, eventColumns, eventFromRow } from '../../core/event/event-store.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';
import { cutToBytes, isCut, type PageRow } from './page-bytes.ts';

/** An event with the person that its profile belongs to now; null when the profile is gone. */
export interface PersonEvent extends NamedEvent {
  readonly personId: string | null;
}

export interface PersonEventRow extends EventRow {
  type: string;
  dialect: DialectName;
  person_id: string | null;
}

export function personEventFromRow(row: PersonEventRow): PersonEvent {
  return {
    ...eventFromRow(row),
    type: row.type,
    dialect: row.dialect,
    personId: row.person_id,
  };
}

/**
 * SQL of the rows that `events` selects, which have `eventColumns`, with their types' names and whose they are. $1: the workspace. `order`: of
 * the rows `e`.
 */
export function personEventsOf(events: string, order: string): string {
  return `select e.*, t.name as type, t.dialect, p.person_id
       from (${events}) e
       join event_type t on t.workspace_id = $1 and t.id = e.type_id
       left join profile p on p.workspace_id = $1 and p.id = e.profile_id and p.deleted_at is null
      order by ${order}`;
}

export interface EventPage {
  readonly events: PersonEvent[];
  /** Whether the page ended early, for its number of events or their bytes. */
  readonly isFull: boolean;
}

/**
 * Events after a seq, in seq order, with their types' names and whose they are. At most `limit`, and no more than `maximumBytes` of
 * documents unless the first event alone has more.
 */
export async function readPersonEventsAfter(
  connection: Queryable,
  workspaceId: WorkspaceId,
  afterSeq: number,
  { limit, maximumBytes }: { readonly limit: number; readonly maximumBytes: number },
): Promise<EventPage> {
  const page = `select ${eventColumns} from event where workspace_id = $1 and seq > $2 order by seq limit $3`;
  const rows = await connection.query<PersonEventRow & PageRow>(
    personEventsOf(cutToBytes(page, 'seq', '$4'), 'e.seq'),
    [workspaceId, afterSeq, limit, maximumBytes],
  );
  return { events: rows.map(personEventFromRow), isFull: rows.length === limit || isCut(rows) };
}
