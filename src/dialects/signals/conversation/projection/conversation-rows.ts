import type { WorkspaceId } from '../../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../../store/parameters.ts';
import type { Queryable } from '../../../../store/queryable.ts';
import type { ConversationEvent, Sale } from '../receive-fact.ts';

/** Of a lead: of the profile that names its record. */
export type LeadRow<Row> = Row & { readonly leadId: string };

export async function insertConversationEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  events: readonly LeadRow<ConversationEvent>[],
): Promise<void> {
  const column = (value: (event: LeadRow<ConversationEvent>) => string | number | null) =>
    arrayLiteral(events.map(value));
  await connection.query(
    `insert into conversation_event (workspace_id, source_id, occurred_at, event_id, ordinal, profile_id, message_id, rank, seq,
                                     phone, type, type_id, type_value, ad_id, conversation_id, expires_at, referral_source_id, origin)
     select h.workspace_id, e.source_id, to_timestamp(e.occurred_at / 1000.0), e.event_id, e.ordinal, e.profile_id, e.message_id, e.rank,
            e.seq, e.phone, e.type, e.type_id, e.type_value, e.ad_id, e.conversation_id, to_timestamp(e.expires_at / 1000.0),
            e.referral_source_id, e.origin
       from workspace_head h,
            unnest($2::text::integer[], $3::text::float8[], $4::text::uuid[], $5::text::smallint[], $6::text::uuid[],
                   $7::text::text[], $8::text::smallint[], $9::text::bigint[], $10::text::text[], $11::text::text[],
                   $12::text::text[], $13::text::text[], $14::text::text[], $15::text::text[], $16::text::float8[],
                   $17::text::text[], $18::text::text[])
              as e (source_id, occurred_at, event_id, ordinal, profile_id, message_id, rank, seq, phone, type, type_id,
                    type_value, ad_id, conversation_id, expires_at, referral_source_id, origin)
      where h.workspace_id = $1`,
    [
      workspaceId,
      column((event) => event.sourceId),
      column((event) => event.occurredAt),
      column((event) => event.eventId),
      column((event) => event.ordinal),
      column((event) => event.leadId),
      column((event) => event.messageId),
      column((event) => event.rank),
      column((event) => event.seq),
      column((event) => event.phone),
      column((event) => event.type),
      column((event) => event.typeId),
      column((event) => event.typeValue),
      column((event) => event.adId),
      column((event) => event.conversation.id),
      column((event) => event.conversation.expiresAt),
      column((event) => event.conversation.referralId),
      column((event) => event.conversation.origin),
    ],
  );
}

export async function insertConversationSales(
  connection: Queryable,
  workspaceId: WorkspaceId,
  sales: readonly LeadRow<Sale>[],
): Promise<void> {
  const column = (value: (sale: LeadRow<Sale>) => string | number | null) => arrayLiteral(sales.map(value));
  await connection.query(
    `insert into conversation_sale (workspace_id, event_id, profile_id, occurred_at, source_id, ad_id, conversation_id, currency,
                                    amount)
     select h.workspace_id, s.event_id, s.profile_id, to_timestamp(s.occurred_at / 1000.0), s.source_id, s.ad_id,
            s.conversation_id, s.currency, s.amount
       from workspace_head h,
            unnest($2::text::uuid[], $3::text::uuid[], $4::text::float8[], $5::text::integer[], $6::text::text[],
                   $7::text::text[], $8::text::text[], $9::text::numeric[])
              as s (event_id, profile_id, occurred_at, source_id, ad_id, conversation_id, currency, amount)
      where h.workspace_id = $1`,
    [
      workspaceId,
      column((sale) => sale.eventId),
      column((sale) => sale.leadId),
      column((sale) => sale.occurredAt),
      column((sale) => sale.sourceId),
      column((sale) => sale.target?.adId ?? null),
      column((sale) => sale.target?.conversationId ?? null),
      column((sale) => sale.currency),
      column((sale) => sale.amount),
    ],
  );
}
