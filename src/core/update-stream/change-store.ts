import { arrayLiteral, joinDocuments } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';

/** A change to something that exists. The creation of an event is the event's own seq and has no row here. */
export interface Change {
  readonly seq: number;
  /** `attribution`: credit was settled (projections/attribution), which no follower is told of. */
  readonly entity: 'profile' | 'link' | 'event' | 'metric' | 'attribution';
  readonly entityId: string;
  readonly operation: 'create' | 'update' | 'delete' | 'undo' | 'redo' | 'anonymize';
  /** Of a profile, and of an event by its profile; null where what has changed is in no node, or in several. */
  readonly nodeId: number | null;
  /** Of a deletion: what can't be read any more and a follower has to be told. Ids and names of types, nothing personal. */
  readonly data: Readonly<Record<string, string>> | null;
}

/** A change as who makes it tells of it. */
export type NewChange = Omit<Change, 'seq' | 'nodeId' | 'data'> & Partial<Pick<Change, 'nodeId' | 'data'>>;

export async function insertChanges(
  connection: Queryable,
  workspaceId: WorkspaceId,
  changes: readonly Change[],
  now: Date,
): Promise<void> {
  await connection.query(
    `insert into change (workspace_id, changed_at, seq, entity, entity_id, operation, node_id, data)
     select h.workspace_id, $2::timestamptz, c.seq, c.entity, c.entity_id, c.operation, c.node_id, nullif(c.data, '')::jsonb
       from workspace_head h,
            unnest($3::text::bigint[], $4::text::text[], $5::text::uuid[], $6::text::text[], $7::text::integer[],
                   string_to_array($8::text, E'\\x1e')) as c (seq, entity, entity_id, operation, node_id, data)
      where h.workspace_id = $1`,
    [
      workspaceId,
      now,
      arrayLiteral(changes.map((change) => change.seq)),
      arrayLiteral(changes.map((change) => change.entity)),
      arrayLiteral(changes.map((change) => change.entityId)),
      arrayLiteral(changes.map((change) => change.operation)),
      arrayLiteral(changes.map((change) => change.nodeId)),
      joinDocuments(changes.map(({ data }) => data && JSON.stringify(data))),
    ],
  );
}
