import type { WorkspaceId } from '../../../../core/workspace/workspace.ts';
import { onlyRow, type Parameter, type Queryable } from '../../../../store/queryable.ts';
import type { ConversationEventType } from '../conversation-event.ts';
import { filterParameters, restricts, type SourceEventFilter } from './filter.ts';

const day = 24 * 60 * 60 * 1000;

/** Whole UTC days of the span, from $8 to $9, are read off the counts; what is left of it before and behind, up to $10, off the events. */
const whereInDays = `d.workspace_id = $1 and d.source_id = $2 and d.measure = any($4::text::text[])
  and d.day >= ($8::timestamptz at time zone 'UTC')::date and d.day < ($9::timestamptz at time zone 'UTC')::date
  and ($5::text is null or d.ad_id = $5) and ($6::text is null or d.type_id = $6) and ($7::text is null or d.type_value = $7)`;
const whereInApp = `c.workspace_id = $1 and c.source_id = $2 and ${restricts('c')}`;
const whereBeforeDays = `${whereInApp} and c.occurred_at >= $3 and c.occurred_at < $8`;
const whereBehindDays = `${whereInApp} and c.occurred_at >= $9 and c.occurred_at < $10`;

/** How many events there are. */
export async function countEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  filter: SourceEventFilter,
): Promise<number> {
  const counted = await connection.query<{ total: number }>(
    `select (select coalesce(sum(d.total), 0)::bigint from conversation_day d where ${whereInDays})
          + (select count(*) from conversation_event c where ${whereBeforeDays})
          + (select count(*) from conversation_event c where ${whereBehindDays}) as total`,
    spanParameters(workspaceId, filter),
  );
  return onlyRow(counted).total;
}

/** Those of the types that have any such event. */
export async function readTypesWithEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  filter: SourceEventFilter,
): Promise<Set<ConversationEventType>> {
  const rows = await connection.query<{ type: ConversationEventType }>(
    `select d.measure as type from conversation_day d where ${whereInDays} group by 1 having sum(d.total) > 0
     union select c.type from conversation_event c where ${whereBeforeDays}
     union select c.type from conversation_event c where ${whereBehindDays}`,
    spanParameters(workspaceId, filter),
  );
  return new Set(rows.map((row) => row.type));
}

function spanParameters(workspaceId: WorkspaceId, filter: SourceEventFilter): Parameter[] {
  const since = filter.since.getTime();
  const before = filter.before.getTime();
  const firstDay = Math.min(Math.ceil(since / day) * day, before);
  const lastEnd = Math.max(Math.floor(before / day) * day, firstDay);
  // No whole day: the first part is all there is.
  const ends = firstDay % day === 0 ? [firstDay, lastEnd] : [before, before];
  return [...filterParameters(workspaceId, filter), new Date(ends[0]!), new Date(ends[1]!), new Date(before)];
}
