import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';

/** A state or statistic that events of a type have. */
export interface TypeMetric {
  readonly key: string;
  readonly kind: string;
  /** Whether it is an amount of some currency. */
  readonly isMoney: boolean;
}

/** So many events say what those of their type have. */
const lookedAt = 500;

/** The metrics of a type's newest events, by kind and key. `typeId`: the number that rows name it by. */
export function readTypeMetrics(
  connection: Queryable,
  workspaceId: WorkspaceId,
  typeId: number,
): Promise<TypeMetric[]> {
  return connection.query<TypeMetric>(
    `select m.key, m.kind, bool_or(m.currency is not null) as "isMoney"
       from (select id from event where workspace_id = $1 and type_id = $2 order by occurred_at desc limit ${lookedAt}) e
       join metric m on m.workspace_id = $1 and m.event_id = e.id
      group by m.key, m.kind order by m.kind, m.key`,
    [workspaceId, typeId],
  );
}
