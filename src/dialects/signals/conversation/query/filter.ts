import type { Source } from '../../../../core/source/source.ts';
import type { WorkspaceId } from '../../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../../store/parameters.ts';
import type { Parameter } from '../../../../store/queryable.ts';
import type { ConversationEventType } from '../conversation-event.ts';

/** Which events of an app are asked for. */
export interface SourceEventFilter {
  readonly source: Source;
  readonly types: readonly ConversationEventType[];
  /** Inclusive. */
  readonly since: Date;
  /** Exclusive. */
  readonly before: Date;
  /** null: any. */
  readonly adId: string | null;
  readonly valueTypeId: string | null;
  readonly value: string | null;
}

/** Which rows `row` of conversation_event; $4 to $7 of `filterParameters`. Workspace, app ($2) and time ($3) are the caller's. */
export function restricts(row: string): string {
  return `${row}.type = any($4::text::text[]) and ($5::text is null or ${row}.ad_id = $5)
    and ($6::text is null or ${row}.type_id = $6) and ($7::text is null or ${row}.type_value = $7)`;
}

export function filterParameters(workspaceId: WorkspaceId, filter: SourceEventFilter): Parameter[] {
  const { source, types, since, adId, valueTypeId, value } = filter;
  return [workspaceId, source.id, since, arrayLiteral(types), adId, valueTypeId, value];
}
