import { conversions } from '../../../../core/attribution/conversion-store.ts';
import { markPersons } from '../../../../core/attribution/due-store.ts';
import { insertTouchpoints, type NewTouchpoint } from '../../../../core/campaign/touchpoint-store.ts';
import { upsertProfileStates } from '../../../../core/profile/profile-state-store.ts';
import type { Workspace, WorkspaceId } from '../../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../../store/parameters.ts';
import type { Queryable } from '../../../../store/queryable.ts';
import { conversationRules } from '../../conversion/conversation-rules-store.ts';
import { touchpointOfClick } from '../click-touchpoint.ts';
import type { LeadFact } from '../fact.ts';
import { type FactCursor, readFacts } from '../fact-store.ts';
import { forgetOldest, type LeadState, leadStateName } from '../lead-state.ts';
import { type ConversationEvent, receiveFact, type Sale } from '../receive-fact.ts';
import type { ConversationRules } from '../rules.ts';
import { addToDay } from './conversation-deltas.ts';
import { insertConversationEvents, insertConversationSales, type LeadRow } from './conversation-rows.ts';
import { deriveConversationDays } from './derive-days.ts';

/** What is in memory at once: 40,000 facts. */
const leadsAtOnce = 80;
const factsAtOnce = 500;

/** What a workspace's leads are folded by. */
interface Folding {
  readonly connection: Queryable;
  readonly workspaceId: WorkspaceId;
  readonly rules: ConversationRules;
  /** Milliseconds since the epoch: when clicks that are news are said to be received. */
  readonly now: number;
}

/**
 * Makes the events, sales, counts and remembered states of some leads anew from their stored facts, by the rules as they are: of the
 * leads that the given profiles are, or belong to. To be run in a transaction that holds the head lock, once facts and links are written.
 */
export async function foldLeadsAnew(
  {
    workspace,
    ...given
  }: { readonly connection: Queryable; readonly workspace: Workspace; readonly now: number },
  profileIds: readonly string[],
): Promise<void> {
  const folding = { ...given, workspaceId: workspace.id, rules: workspace.parts.get(conversationRules) };
  for (let index = 0; index < profileIds.length; index += leadsAtOnce) {
    await foldSome(folding, profileIds.slice(index, index + leadsAtOnce));
  }
  // Clicks may be where they were not.
  if (workspace.parts.get(conversions).length > 0)
    await markPersons(folding.connection, workspace.id, profileIds);
}

async function foldSome(folding: Folding, profileIds: readonly string[]): Promise<void> {
  const { connection, workspaceId } = folding;
  const { leadIds, memberIds } = await readMembers(folding, profileIds);
  const members = arrayLiteral(memberIds);
  let cursors: FactCursor[] = leadIds.map((leadId) => ({ leadId, after: null }));
  const states = new Map<string, LeadState>();
  // The read goes out behind the others, so they cost one round trip.
  const [, , , first] = await Promise.all([
    addLeadDays(folding, members, '-'),
    connection.query(
      'delete from conversation_event where workspace_id = $1 and profile_id = any($2::text::uuid[])',
      [workspaceId, members],
    ),
    connection.query(
      'delete from conversation_sale where workspace_id = $1 and profile_id = any($2::text::uuid[])',
      [workspaceId, members],
    ),
    readFacts(connection, workspaceId, cursors, factsAtOnce),
  ]);
  let slice = first;
  for (;;) {
    await writeSlice(folding, foldFacts(folding.rules, folding.now, slice.facts, states));
    cursors = slice.next;
    if (cursors.length === 0) break;
    slice = await readFacts(connection, workspaceId, cursors, factsAtOnce);
  }
  await Promise.all([addLeadDays(folding, members, '+'), writeStates(folding, memberIds, states)]);
}

/** The leads that the profiles are part of, and all profiles of those: what was counted of one before it joined has its name. */
async function readMembers(
  { connection, workspaceId }: Folding,
  profileIds: readonly string[],
): Promise<{ leadIds: string[]; memberIds: string[] }> {
  const rows = await connection.query<{ id: string; record_id: string }>(
    `select m.id, m.record_id
       from (select distinct p.record_id
               from unnest($2::text::uuid[]) as k (id)
              cross join lateral (select record_id from profile where workspace_id = $1 and id = k.id limit 1) as p) as lead
       join profile m on m.workspace_id = $1 and m.record_id = lead.record_id`,
    [workspaceId, arrayLiteral(profileIds)],
  );
  return {
    leadIds: [...new Set(rows.map((row) => row.record_id))],
    memberIds: rows.map((row) => row.id),
  };
}

/** What facts give. */
interface FoldedFacts {
  readonly events: LeadRow<ConversationEvent>[];
  readonly sales: LeadRow<Sale>[];
  readonly touchpoints: NewTouchpoint[];
}

/** Folds facts in their order onto the states, which it keeps. Pure but for that. */
export function foldFacts(
  rules: ConversationRules,
  now: number,
  facts: ReadonlyMap<string, readonly LeadFact[]>,
  states: Map<string, LeadState>,
): FoldedFacts {
  const folded: FoldedFacts = { events: [], sales: [], touchpoints: [] };
  for (const [leadId, ofLead] of facts) {
    for (const fact of ofLead) {
      const received = receiveFact(states.get(leadId), fact, rules);
      if (received === 'late') throw new Error(`the facts of lead ${leadId} were not read in order`);
      states.set(leadId, received.state);
      for (const event of received.events) folded.events.push({ ...event, leadId });
      if (received.sale) folded.sales.push({ ...received.sale, leadId });
      if (received.click) folded.touchpoints.push(touchpointOfClick(received.click, now));
    }
  }
  return folded;
}

async function writeSlice({ connection, workspaceId }: Folding, folded: FoldedFacts): Promise<void> {
  const { events, sales, touchpoints } = folded;
  await Promise.all([
    events.length > 0 && insertConversationEvents(connection, workspaceId, events),
    sales.length > 0 && insertConversationSales(connection, workspaceId, sales),
    touchpoints.length > 0 && insertTouchpoints(connection, workspaceId, touchpoints),
  ]);
}

/** Takes what the leads' events and sales count away from the days, or adds it. */
async function addLeadDays(
  { connection, workspaceId }: Folding,
  members: string,
  sign: '+' | '-',
): Promise<void> {
  const which = (row: string) => `${row}.workspace_id = $1 and ${row}.profile_id = any($2::text::uuid[])`;
  await connection.query(
    `insert into conversation_day (workspace_id, source_id, ad_id, day, measure, type_id, type_value, total, sum)
     select d.workspace_id, d.source_id, d.ad_id, d.day, d.measure, d.type_id, d.type_value, ${sign}d.total, ${sign}d.sum
       from (${deriveConversationDays(which('c'), which('s'))}) as d ${addToDay}`,
    [workspaceId, members],
  );
}

async function writeStates(
  { connection, workspaceId }: Folding,
  memberIds: readonly string[],
  states: ReadonlyMap<string, LeadState>,
): Promise<void> {
  const kept = [...states].map(([profileId, state]) => ({
    profileId,
    name: leadStateName,
    value: forgetOldest(state),
  }));
  if (kept.length > 0) await upsertProfileStates(connection, workspaceId, kept);
  const gone = memberIds.filter((id) => !states.has(id));
  if (gone.length === 0) return;
  await connection.query(
    'delete from profile_state where workspace_id = $1 and name = $2 and profile_id = any($3::text::uuid[])',
    [workspaceId, leadStateName, arrayLiteral(gone)],
  );
}
