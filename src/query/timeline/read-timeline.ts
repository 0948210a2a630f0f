import { eventColumns } from '../../core/event/event-store.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { EventFilter } from '../events/newest-events.ts';
import { cutToBytes, isCut, maximumPageBytes, type PageRow } from '../events/page-bytes.ts';
import {
  type PersonEvent,
  type PersonEventRow,
  personEventFromRow,
  personEventsOf,
} from '../events/read-events.ts';
import { decodeNumberedPosition, encodePosition } from '../position.ts';

export interface TimelinePage {
  readonly events: PersonEvent[];
  /** Where the next page begins; null after the last event. */
  readonly next: string | null;
}

/**
 * A page of what happened to the given profiles, newest first. It takes the newest of each profile and merges, so that it costs by
 * the page and not by the history; it ends early where its documents are large (page-bytes.ts). `after` is a page's `next`, checked before; events that come in meanwhile move nothing.
 */
export async function readTimeline(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
  page: {
    readonly after: string | undefined;
    readonly limit: number;
    readonly filter?: EventFilter;
  },
): Promise<TimelinePage> {
  const position = page.after === undefined ? undefined : decodeNumberedPosition(page.after);
  const newest = `
    select newest.* from unnest($2::text::uuid[]) as wanted (id)
     cross join lateral (
       select ${eventColumns} from event
        where workspace_id = $1 and profile_id = wanted.id and occurred_at <= $3::text::timestamptz
          and ($7::text is null and $8::text is null
               or type_id in (select id from event_type
                               where workspace_id = $1 and dialect = coalesce($7, dialect) and name = coalesce($8, name)))
          and (occurred_at, seq) < ($3::text::timestamptz, $4::bigint)
        order by occurred_at desc, seq desc limit $5) newest
     order by newest.occurred_at desc, newest.seq desc limit $5`;
  const rows = await connection.query<PersonEventRow & PageRow>(
    personEventsOf(cutToBytes(newest, 'occurred_at desc, seq desc', '$6'), 'e.occurred_at desc, e.seq desc'),
    [
      workspaceId,
      arrayLiteral(profileIds),
      position?.at ?? 'infinity',
      position?.id ?? 0,
      page.limit + 1,
      maximumPageBytes,
      page.filter?.dialect ?? null,
      page.filter?.type ?? null,
    ],
  );
  const events = rows.slice(0, page.limit).map(personEventFromRow);
  const last = events.at(-1);
  const hasMore = rows.length > page.limit || isCut(rows);
  return { events, next: hasMore && last ? encodePosition(last.occurredAt, last.seq) : null };
}
