import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import { storableText } from '../event/storable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { QuarantinedEvent } from './quarantine.ts';

/** Counts bad events into their groups, in the transaction that stores them. */
export async function countIntoGroups(
  connection: Queryable,
  workspaceId: WorkspaceId,
  events: readonly Pick<QuarantinedEvent, 'dialect' | 'rule' | 'type'>[],
): Promise<void> {
  const groups = [
    ...Map.groupBy(events, ({ dialect, rule, type }) => `${dialect}\n${rule}\n${type ?? ''}`).values(),
  ].flatMap((alike) => (alike[0] ? [{ ...alike[0], events: alike.length }] : []));
  await connection.query(
    `insert into quarantine_group (workspace_id, dialect, rule, type, events)
     select h.workspace_id, g.dialect, g.rule, g.type, sum(g.events)
       from workspace_head h, unnest($2::text::text[], $3::text::text[], $4::text::text[], $5::text::bigint[]) as g (dialect, rule, type, events)
      where h.workspace_id = $1
      group by h.workspace_id, g.dialect, g.rule, g.type
     on conflict (workspace_id, dialect, rule, type) do update set events = quarantine_group.events + excluded.events`,
    [
      workspaceId,
      arrayLiteral(groups.map(({ dialect }) => dialect)),
      arrayLiteral(groups.map(({ rule }) => rule)),
      arrayLiteral(groups.map(({ type }) => storableText(type ?? ''))),
      arrayLiteral(groups.map(({ events: total }) => total)),
    ],
  );
}

/**
 * SQL that takes rows out of the groups that they are counted in. `gone`: a query of them, with dialect, rule and type, that follows `with`;
 * the workspace is $1.
 */
export function takingOutOfGroups(gone: string): string {
  return `with gone as (${gone}),
          fewer as (select dialect, rule, coalesce(type, '') as type, count(*) as events from gone
                     where waited group by dialect, rule, coalesce(type, ''))
     update quarantine_group g set events = g.events - fewer.events from fewer
      where g.workspace_id = $1 and g.dialect = fewer.dialect and g.rule = fewer.rule and g.type = fewer.type`;
}
