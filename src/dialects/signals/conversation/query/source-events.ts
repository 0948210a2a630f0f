import type { Source } from '../../../../core/source/source.ts';
import type { WorkspaceId } from '../../../../core/workspace/workspace.ts';
import { onlyRow, type Queryable } from '../../../../store/queryable.ts';
import type { ConversationEventType } from '../conversation-event.ts';
import { allDays } from '../day-measures.ts';
import { countEvents } from './count-events.ts';
import { filterParameters, restricts, type SourceEventFilter } from './filter.ts';

/** An event that a message of a lead raised, as the vendor's wire knows it. */
export interface SourceEvent {
  readonly messageId: string;
  /** Its message's place among those of its second. */
  readonly rank: number;
  readonly seq: number;
  readonly ordinal: number;
  readonly type: ConversationEventType;
  readonly typeId: string;
  readonly typeValue: string | null;
  readonly occurredAt: Date;
  /** Null where only the lead's user id was told. */
  readonly phone: string | null;
  readonly adId: string | null;
  readonly campaignId: string | null;
  readonly conversationId: string;
  readonly expiresAt: Date;
  /** The vendor's id of the ad or post that was clicked on. */
  readonly referralSourceId: string | null;
}

interface Row {
  message_id: string;
  rank: number;
  seq: number;
  ordinal: number;
  type: ConversationEventType;
  type_id: string;
  type_value: string | null;
  occurred_at: Date;
  phone: string | null;
  ad_id: string | null;
  campaign_id: string | null;
  conversation_id: string;
  expires_at: Date;
  referral_source_id: string | null;
}

/** Where the slice before ended; the next one begins behind it. */
type Cursor = Pick<SourceEvent, 'occurredAt' | 'rank' | 'seq' | 'ordinal'>;

const sliceSize = 1000;

/** Events of one second go as the facts do that they follow from (../fact.ts). */
const newestFirst = `
  select e.*, a.campaign_id
    from (select c.message_id, c.rank, c.seq, c.ordinal, c.type, c.type_id, c.type_value, c.occurred_at, c.phone, c.ad_id, c.conversation_id,
                 c.expires_at, c.referral_source_id
            from conversation_event c
           where c.workspace_id = $1 and c.source_id = $2 and c.occurred_at >= $3 and c.occurred_at <= $8
             and (c.occurred_at < $8 or (c.rank, c.seq, c.ordinal) < ($9::smallint, $10::bigint, $11::smallint)) and ${restricts('c')}
           order by c.occurred_at desc, c.rank desc, c.seq desc, c.ordinal desc
           limit $12::bigint offset $13::bigint) as e
    left join ad a on a.workspace_id = $1 and a.id = e.ad_id
   order by e.occurred_at desc, e.rank desc, e.seq desc, e.ordinal desc`;

/** A page of events, newest first, and how many there are in all. */
export async function readSourceEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  filter: SourceEventFilter,
  page: { offset: number; limit: number },
): Promise<{ events: SourceEvent[]; total: number }> {
  const total = await countEvents(connection, workspaceId, filter);
  // What is asked for stops at the last there is: looking for one more would read the whole span.
  const limit = Math.min(page.limit, total - page.offset);
  const events =
    limit > 0 ? await readSlice(connection, workspaceId, filter, { offset: page.offset, limit }) : [];
  return { events, total };
}

/**
 * All events, newest first, in slices of at most a thousand, each read by itself: no transaction stays open while a slow client
 * takes them. What comes in meanwhile is part of it when its place is still ahead. `limit` null: no end.
 */
export async function* streamSourceEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  filter: SourceEventFilter,
  page: { offset: number; limit: number | null },
): AsyncGenerator<SourceEvent[]> {
  let left = page.limit ?? Number.POSITIVE_INFINITY;
  let offset = page.offset;
  let cursor: Cursor | undefined;
  while (left > 0) {
    const limit = Math.min(left, sliceSize);
    const slice = await readSlice(connection, workspaceId, filter, { offset, limit }, cursor);
    const last = slice.at(-1);
    if (last) yield slice;
    if (!last || slice.length < limit) return;
    left -= slice.length;
    offset = 0;
    cursor = last;
  }
}

async function readSlice(
  connection: Queryable,
  workspaceId: WorkspaceId,
  filter: SourceEventFilter,
  page: { offset: number; limit: number },
  cursor?: Cursor,
): Promise<SourceEvent[]> {
  const rows = await connection.query<Row>(newestFirst, [
    ...filterParameters(workspaceId, filter),
    cursor?.occurredAt ?? filter.before,
    cursor?.rank ?? null,
    cursor?.seq ?? null,
    cursor?.ordinal ?? null,
    page.limit,
    page.offset,
  ]);
  return rows.map((row) => ({
    messageId: row.message_id,
    rank: row.rank,
    seq: row.seq,
    ordinal: row.ordinal,
    type: row.type,
    typeId: row.type_id,
    typeValue: row.type_value,
    occurredAt: row.occurred_at,
    phone: row.phone,
    adId: row.ad_id,
    campaignId: row.campaign_id,
    conversationId: row.conversation_id,
    expiresAt: row.expires_at,
    referralSourceId: row.referral_source_id,
  }));
}

/** Events of conversations that no click began, and how many such conversations there were. */
export async function countStandaloneEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  source: Source,
): Promise<{ conversations: number; events: number }> {
  const counted = await connection.query<{ conversations: number; events: number }>(
    `select coalesce(sum(total) filter (where measure = 'standalone-session'), 0)::bigint as conversations,
            coalesce(sum(total) filter (where measure = 'standalone-event'), 0)::bigint as events
       from conversation_day where workspace_id = $1 and source_id = $2 and ad_id = '' and day = '${allDays}'`,
    [workspaceId, source.id],
  );
  return onlyRow(counted);
}
