import type { Workspace } from '../../../../core/workspace/workspace.ts';
import type { ListEvent } from '../../query/list-event-search.ts';
import { formatLocalTime } from '../local-time.ts';

/** docs/spec/octeth.md A3 (admin.events.search). */
export function presentEventSearch(
  { id, timezone }: Workspace,
  events: readonly ListEvent[],
  total: number,
  withProperties: boolean,
) {
  return {
    Success: true as const,
    ErrorCode: 0 as const,
    ErrorText: '',
    Events: events.map((event) => ({
      EventID: event.seq,
      Event: event.type,
      UserID: id,
      ListID: Number(event.list ?? 0),
      SubscriberID: event.recordNumber ?? 0,
      WebsiteEventUUID: event.id,
      CreatedAt: formatLocalTime(event.occurredAt, timezone),
      ...(withProperties ? { Properties: event.properties } : {}),
    })),
    TotalEvents: total,
  };
}
