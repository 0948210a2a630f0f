import type { ConversionSettings } from '../../core/attribution/conversion.ts';
import { lowestId } from '../../core/id.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { instantText } from '../../store/instants.ts';
import type { Queryable } from '../../store/queryable.ts';

/** Milliseconds since the epoch; `until` is exclusive. */
export interface ConvertedBetween {
  readonly from: number;
  readonly until: number;
}

/** A converting event, and where a reading by them goes on. */
export interface ConvertingEvent {
  readonly id: string;
  /** When it converted, in milliseconds since the epoch. */
  readonly at: number;
}

/** The next of the events that a conversion counts, in the order in which they converted. */
export async function listConverting(
  connection: Queryable,
  { id: workspaceId, eventTypes }: Workspace,
  { event, state }: ConversionSettings,
  { from, until }: ConvertedBetween,
  after: ConvertingEvent | null,
  limit: number,
): Promise<ConvertingEvent[]> {
  const type = eventTypes.byName(event.dialect, event.type);
  if (!type || from >= until) return [];
  const begin = after ?? { at: from, id: lowestId };
  const span = [workspaceId, type.id, instantText(begin.at), begin.id, instantText(until), limit] as const;
  const rows = await (state === null
    ? connection.query<{ id: string; at: Date }>(
        `select id, occurred_at as at from event
          where workspace_id = $1 and type_id = $2 and occurred_at >= $3::text::timestamptz
            and (occurred_at, id) > ($3::text::timestamptz, $4::uuid) and occurred_at < $5::text::timestamptz
          order by occurred_at, id limit $6`,
        span,
      )
    : connection.query<{ id: string; at: Date }>(
        `select event_id as id, occurred_at as at from metric
          where workspace_id = $1 and type_id = $2 and key = $7 and kind = 'state' and value = 1
            and occurred_at >= $3::text::timestamptz and (occurred_at, event_id) > ($3::text::timestamptz, $4::uuid)
            and occurred_at < $5::text::timestamptz
          order by occurred_at, event_id limit $6`,
        [...span, state],
      ));
  return rows.map(({ id, at }) => ({ id, at: at.getTime() }));
}
