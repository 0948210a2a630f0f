import type { Projection } from '../../../../projections/projection.ts';
import { checkConversations } from './check-conversations.ts';
import { foldMovedLeads } from './fold-moved-leads.ts';
import { rebuildConversations } from './rebuild-conversations.ts';

/** The events, sales and counts of leads, from their messages and external events. Batches keep them up (`conversationsInBatch`). */
export const conversations: Projection = {
  counts: 'leads',
  rebuild: rebuildConversations,
  verify: checkConversations,
  followMoves: foldMovedLeads,
};
