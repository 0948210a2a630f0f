import type { DialectName } from '../../core/dialect-name.ts';
import type { NamedEvent } from '../../core/event/event.ts';
import { type EventRow, eventColumns, eventFromRow } from '../../core/event/event-store.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';

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

/** Events after a seq, in seq order, with their types' names and whose they are. */
export async function readPersonEventsAfter(
  connection: Queryable,
  workspaceId: WorkspaceId,
  afterSeq: number,
  limit: number,
): Promise<PersonEvent[]> {
  const rows = await connection.query<PersonEventRow>(
    `select e.*, t.name as type, t.dialect, p.person_id
       from (select ${eventColumns} from event where workspace_id = $1 and seq > $2 order by seq limit $3) e
       join event_type t on t.workspace_id = $1 and t.id = e.type_id
       left join profile p on p.workspace_id = $1 and p.id = e.profile_id
      order by e.seq`,
    [workspaceId, afterSeq, limit],
  );
  return rows.map(personEventFromRow);
}
