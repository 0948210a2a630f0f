import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';

/** A change to something that exists. The creation of an event is the event's own seq and has no row here. */
export interface Change {
  readonly seq: number;
  readonly entity: 'profile' | 'link' | 'event' | 'metric';
  readonly entityId: string;
  readonly operation: 'create' | 'update' | 'delete' | 'undo' | 'redo' | 'anonymize';
}

export async function insertChanges(
  connection: Queryable,
  workspaceId: WorkspaceId,
  changes: readonly Change[],
  now: Date,
): Promise<void> {
  await connection.query(
    `insert into change (workspace_id, changed_at, seq, entity, entity_id, operation)
     select h.workspace_id, $2::timestamptz, c.* from workspace_head h,
            unnest($3::text::bigint[], $4::text::text[], $5::text::uuid[], $6::text::text[]) as c
      where h.workspace_id = $1`,
    [
      workspaceId,
      now,
      arrayLiteral(changes.map((change) => change.seq)),
      arrayLiteral(changes.map((change) => change.entity)),
      arrayLiteral(changes.map((change) => change.entityId)),
      arrayLiteral(changes.map((change) => change.operation)),
    ],
  );
}
