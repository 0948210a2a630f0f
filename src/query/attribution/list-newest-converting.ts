import type { ConversionSettings } from '../../core/attribution/conversion.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { instantText } from '../../store/instants.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { ConvertedBetween, ConvertingEvent } from './list-converting.ts';

/** The next of the events that a conversion counts, those first that converted last; `before`: where the reading goes on. */
export async function listNewestConverting(
  connection: Queryable,
  { id: workspaceId, eventTypes }: Workspace,
  { event, state }: ConversionSettings,
  { from, until }: ConvertedBetween,
  before: ConvertingEvent | null,
  limit: number,
): Promise<ConvertingEvent[]> {
  const type = eventTypes.byName(event.dialect, event.type);
  if (!type || from >= until) return [];
  const end = before ? Math.min(before.at + 1, until) : until;
  const span = [
    workspaceId,
    type.id,
    instantText(from),
    instantText(end),
    before ? instantText(before.at) : null,
    before?.id ?? null,
    limit,
  ];
  const isNext = (id: string) =>
    `occurred_at >= $3::text::timestamptz and occurred_at < $4::text::timestamptz
            and ($5::text is null or (occurred_at, ${id}) < ($5::text::timestamptz, $6::text::uuid))`;
  const rows = await (state === null
    ? connection.query<{ id: string; at: Date }>(
        `select id, occurred_at as at from event
          where workspace_id = $1 and type_id = $2 and ${isNext('id')}
          order by occurred_at desc, id desc limit $7`,
        span,
      )
    : connection.query<{ id: string; at: Date }>(
        `select event_id as id, occurred_at as at from metric
          where workspace_id = $1 and type_id = $2 and key = $8 and kind = 'state' and value = 1 and ${isNext('event_id')}
          order by occurred_at desc, event_id desc limit $7`,
        [...span, state],
      ));
  return rows.map(({ id, at }) => ({ id, at: at.getTime() }));
}
