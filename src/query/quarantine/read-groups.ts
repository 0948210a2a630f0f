import type { DialectName } from '../../core/dialect-name.ts';
import type { QuarantineScope } from '../../core/quarantine/quarantine.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';
import { scopeCondition } from './scope-condition.ts';

/** Bad events that wait, of one API and type, and of one rule. */
export interface QuarantineGroup {
  readonly dialect: DialectName;
  readonly rule: string;
  readonly type: string | null;
  readonly events: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

interface GroupRow {
  dialect: DialectName;
  rule: string;
  type: string;
  events: number;
  /** null: the last of them went while they were counted. */
  first_at: Date | null;
  last_at: Date | null;
  all_events: number;
  all_groups: number;
}

/** The largest groups, and of how many groups and events in all they are. */
export async function readQuarantineGroups(
  connection: Queryable,
  workspaceId: WorkspaceId,
  scope: QuarantineScope,
  limit: number,
): Promise<{ groups: QuarantineGroup[]; allGroups: number; allEvents: number }> {
  const { condition, parameters } = scopeCondition(scope, [workspaceId, limit]);
  const edge = (order: 'asc' | 'desc') =>
    `(select processed_at from quarantine q
       where q.workspace_id = $1 and q.dialect = g.dialect and q.rule = g.rule and coalesce(q.type, '') = g.type
         and q.replayed_at is null
       order by q.processed_at ${order}, q.id ${order} limit 1)`;
  const rows = await connection.query<GroupRow>(
    `select g.*, ${edge('asc')} as first_at, ${edge('desc')} as last_at
       from (select dialect, rule, type, events, sum(events) over ()::bigint as all_events, count(*) over () as all_groups
               from quarantine_group where workspace_id = $1 and events > 0${condition}
              order by events desc, dialect, rule, type limit $2) g
      order by g.events desc, g.dialect, g.rule, g.type`,
    parameters,
  );
  const [first] = rows;
  return {
    groups: rows.flatMap(({ dialect, rule, type, events, first_at: firstAt, last_at: lastAt }) =>
      firstAt && lastAt ? [{ dialect, rule, type: type === '' ? null : type, events, firstAt, lastAt }] : [],
    ),
    allGroups: first?.all_groups ?? 0,
    allEvents: first?.all_events ?? 0,
  };
}
