import { nodeIdsOf, type Workspace } from '../../../../core/workspace/workspace.ts';
import { type Check, lookTwice, toCheck } from '../../../../projections/check.ts';
import type { Database } from '../../../../store/database.ts';
import { arrayLiteral } from '../../../../store/parameters.ts';
import { onlyRow, type Parameter, type Queryable } from '../../../../store/queryable.ts';
import { conversationRules } from '../../conversion/conversation-rules-store.ts';
import { allDays } from '../day-measures.ts';
import type { LeadFact } from '../fact.ts';
import { type FactCursor, readFacts } from '../fact-store.ts';
import { listLeads } from '../lead-store.ts';
import {
  appsOf,
  type ConversationSlice,
  deriveAllDays,
  deriveSlice,
  sliceParameters,
  slicesOfApp,
  whereInSlice,
} from './day-slices.ts';
import { foldFacts } from './fold-leads.ts';

const leadsPerSlice = 50;
const factsPerRead = 500;

const whereAllDays = `d.workspace_id = $1 and d.source_id = $2 and d.day = '${allDays}'`;

/**
 * The events and sales of leads are what their stored messages and external events give, and the counts by day are what those are. While
 * a recount after a change of the rules is under way, leads that it has not come to differ.
 */
export async function checkConversations(database: Database, workspace: Workspace): Promise<Check> {
  const problems: string[] = [];
  const nodeIds = nodeIdsOf(workspace, 'signals');
  let leads = 0;
  let after: string | null = null;
  for (;;) {
    const listed = await listLeads(database, workspace.id, nodeIds, null, after, leadsPerSlice);
    const ids = listed.map(({ leadId }) => leadId);
    const look = (connection: Queryable) => findDiffering(connection, workspace, ids);
    for (const id of await lookTwice(database, workspace.id, look, (wrong) => wrong.length > 0))
      problems.push(`lead ${id} has other events or sales than its messages give`);
    leads += ids.length;
    after = ids.at(-1) ?? null;
    if (ids.length < leadsPerSlice) break;
  }
  for (const sourceId of appsOf(workspace)) {
    for await (const slice of slicesOfApp(database, workspace.id, sourceId)) {
      const look = (connection: Queryable) => countWrongDays(connection, workspace, slice);
      const wrong = await lookTwice(database, workspace.id, look, (found) => found > 0);
      if (wrong > 0) problems.push(`app ${sourceId} from ${slice.from}: ${wrong} counts by day differ`);
    }
    const look = (connection: Queryable) =>
      countDiffering(connection, deriveAllDays, whereAllDays, [workspace.id, sourceId]);
    const wrong = await lookTwice(database, workspace.id, look, (found) => found > 0);
    if (wrong > 0) problems.push(`app ${sourceId}: ${wrong} counts of all days differ`);
  }
  return toCheck('conversations-equal', problems, `conversations of ${leads} leads follow from the messages`);
}

async function findDiffering(
  connection: Queryable,
  workspace: Workspace,
  leads: readonly string[],
): Promise<string[]> {
  const wanted = await deriveRows(connection, workspace, leads);
  const stored = await readRows(connection, workspace, leads);
  return leads.filter((lead) => {
    const rows = stored.get(lead) ?? new Set<string>();
    const expected = wanted.get(lead) ?? new Set<string>();
    return rows.size !== expected.size || !rows.isSubsetOf(expected);
  });
}

async function deriveRows(
  connection: Queryable,
  workspace: Workspace,
  leads: readonly string[],
): Promise<Map<string, Set<string>>> {
  const rows = new Map<string, Set<string>>();
  const add = (lead: string, row: readonly unknown[]) =>
    rows.getOrInsertComputed(lead, () => new Set<string>()).add(JSON.stringify(row));
  const states = new Map();
  let cursors: FactCursor[] = leads.map((leadId) => ({ leadId, after: null }));
  while (cursors.length > 0) {
    const slice: { facts: Map<string, LeadFact[]>; next: FactCursor[] } = await readFacts(
      connection,
      workspace.id,
      cursors,
      factsPerRead,
    );
    const folded = foldFacts(workspace.parts.get(conversationRules), 0, slice.facts, states);
    for (const event of folded.events) {
      const { conversation, leadId } = event;
      add(leadId, [
        leadId,
        event.eventId,
        event.ordinal,
        event.sourceId,
        event.occurredAt,
        event.messageId,
        event.rank,
        event.seq,
        event.phone,
        event.type,
        event.typeId,
        event.typeValue,
        event.adId,
        conversation.id,
        conversation.expiresAt,
        conversation.referralId,
        conversation.origin,
      ]);
    }
    for (const { leadId, eventId, sourceId, target, currency, amount, occurredAt } of folded.sales) {
      const attributed = [target?.adId ?? null, target?.conversationId ?? null];
      add(leadId, [leadId, eventId, occurredAt, sourceId, ...attributed, currency, amount]);
    }
    cursors = slice.next;
  }
  return rows;
}

async function readRows(
  connection: Queryable,
  workspace: Workspace,
  leads: readonly string[],
): Promise<Map<string, Set<string>>> {
  // Rows of a profile that is not the one that names its record are wrong, and no lead's that is asked for.
  const found = await connection.query<{ lead_id: string; row: unknown[] }>(
    `select p.record_id as lead_id, json_build_array(c.profile_id, c.event_id, c.ordinal, c.source_id, ${milliseconds('c.occurred_at')}, c.message_id, c.rank,
              c.seq, c.phone, c.type, c.type_id, c.type_value, c.ad_id, c.conversation_id, ${milliseconds('c.expires_at')}, c.referral_source_id,
              c.origin) as row
       from profile p join conversation_event c on c.workspace_id = $1 and c.profile_id = p.id
      where p.workspace_id = $1 and p.record_id = any($2::text::uuid[])
     union all
     select p.record_id, json_build_array(s.profile_id, s.event_id, ${milliseconds('s.occurred_at')}, s.source_id, s.ad_id, s.conversation_id,
              s.currency, s.amount)
       from profile p join conversation_sale s on s.workspace_id = $1 and s.profile_id = p.id
      where p.workspace_id = $1 and p.record_id = any($2::text::uuid[])`,
    [workspace.id, arrayLiteral(leads)],
  );
  const rows = new Map<string, Set<string>>();
  for (const { lead_id: lead, row } of found)
    rows.getOrInsertComputed(lead, () => new Set<string>()).add(JSON.stringify(row));
  return rows;
}

function milliseconds(column: string): string {
  return `(extract(epoch from ${column}) * 1000)::bigint`;
}

async function countWrongDays(
  connection: Queryable,
  workspace: Workspace,
  slice: ConversationSlice,
): Promise<number> {
  return countDiffering(connection, deriveSlice, whereInSlice, sliceParameters(workspace.id, slice));
}

async function countDiffering(
  connection: Queryable,
  derived: string,
  where: string,
  parameters: readonly Parameter[],
): Promise<number> {
  const rows = await connection.query<{ wrong: number }>(
    `select count(*) as wrong
       from (select * from (${derived}) as e where e.total <> 0 or e.sum <> 0) d
       full join (select * from conversation_day d where ${where} and (d.total <> 0 or d.sum <> 0)) s
         using (ad_id, day, measure, type_id, type_value)
      where d.total is distinct from s.total or d.sum is distinct from s.sum`,
    parameters,
  );
  return onlyRow(rows).wrong;
}
