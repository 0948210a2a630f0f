import type { Source } from '../../../../core/source/source.ts';
import type { WorkspaceId } from '../../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../../store/queryable.ts';
import type { ConversationEventType } from '../conversation-event.ts';
import { allDays } from '../day-measures.ts';

const numberPattern = /^[1-9]\d{0,3}$/;

/**
 * The value that a number stands for: 1 is that value of the type which the app met first, by day, then by text. What is a value itself
 * stands for itself, and so does what is no number of any.
 */
export async function resolveNumberedValue(
  connection: Queryable,
  workspaceId: WorkspaceId,
  app: Source,
  type: ConversationEventType,
  value: string,
): Promise<string> {
  if (!numberPattern.test(value)) return value;
  const [row] = await connection.query<{ type_value: string }>(
    `select n.type_value
       from (select d.type_value, row_number() over (order by min(d.day), d.type_value) as place
               from conversation_day d
              where d.workspace_id = $1 and d.source_id = $2 and d.measure = $3 and d.day > '${allDays}'
                and d.type_value <> '' and d.total > 0
              group by d.type_value) as n
      where n.type_value = $4 or n.place = $4::text::bigint
      order by n.type_value = $4 desc limit 1`,
    [workspaceId, app.id, type, value],
  );
  return row?.type_value ?? value;
}
