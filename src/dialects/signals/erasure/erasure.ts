import type { DialectErasure, ErasureSlice } from '../../../core/erasure/erasure.ts';
import { placeAt, type SliceResult } from '../../../core/retention/retention-slice.ts';
import { foldLeadsAnew } from '../conversation/projection/fold-leads.ts';
import { countConversationRows, deleteEmptyDays } from './conversation-store.ts';

const leadsPerSlice = 100;

/** Conversations follow from messages, of which nothing is left: the leads are folded anew, and the counts go down by what they were. */
export const erasure: DialectErasure = {
  stages: [
    {
      counts: 'conversationEvents',
      empties: [
        'conversation_event.message_id',
        'conversation_event.phone',
        'conversation_event.type_value',
        'conversation_event.referral_source_id',
        'conversation_event.conversation_id',
        'conversation_sale.conversation_id',
        'conversation_day.type_value',
      ],
      work: emptyConversations,
    },
  ],
  keysOfMember: (name, text) =>
    /^(?:from_)?user_id$/i.test(name) ? [{ kind: 'whatsappUser', value: text }] : [],
};

/** Its position: how many of the profiles it is done with. */
async function emptyConversations(slice: ErasureSlice): Promise<SliceResult> {
  const { connection, change, workspace, profileIds, position } = slice;
  const from = Number(position ?? 0);
  const until = from + leadsPerSlice;
  const some = profileIds.slice(from, until);
  const total = await countConversationRows(connection, workspace.id, some);
  const isOver = until >= profileIds.length;
  if (change) {
    if (total > 0) await foldLeadsAnew({ connection, workspace, now: change.now.getTime() }, some);
    if (isOver) await deleteEmptyDays(connection, workspace.id);
  }
  return { total, ...placeAt(isOver ? undefined : String(until)) };
}
