import { underHeadLock } from '../../../../core/workspace/under-head-lock.ts';
import { nodeIdsOf, type Workspace, type WorkspaceId } from '../../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../../core/workspace/workspace-cache.ts';
import type { Database } from '../../../../store/database.ts';
import { arrayLiteral } from '../../../../store/parameters.ts';
import type { Queryable } from '../../../../store/queryable.ts';
import { allDays } from '../day-measures.ts';
import { leadNameState } from '../lead-state.ts';
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
import { foldLeadsAnew } from './fold-leads.ts';

interface RebuildServices {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
}

/** Leads of one transaction. */
const leadsPerSlice = 100;

/**
 * Makes what follows from the leads' messages and external events anew: events and sales, a hundred leads at a time, then the counts by
 * day, 50,000 events of an app at a time but no less than a day of it. Each slice is a transaction under the head lock. Answers how
 * many leads there are.
 */
export async function rebuildConversations(services: RebuildServices, workspace: Workspace): Promise<number> {
  let leads = 0;
  let after: string | null = null;
  for (;;) {
    const slice: string[] = await foldNextLeads(services, workspace, after);
    leads += slice.length;
    if (slice.length < leadsPerSlice) break;
    after = slice.at(-1)!;
  }
  const { database } = services;
  for (const sourceId of appsOf(workspace)) {
    for await (const slice of slicesOfApp(database, workspace.id, sourceId))
      await rebuildDays(database, workspace, slice);
    await rebuildAllDays(database, workspace, sourceId);
  }
  await deleteStrays(database, workspace);
  return leads;
}

async function foldNextLeads(
  { database, workspaces }: RebuildServices,
  { id: workspaceId }: Workspace,
  after: string | null,
): Promise<string[]> {
  return underHeadLock(database, workspaceId, async (tx, head) => {
    const workspace = await workspaces.getVersion(workspaceId, head.configVersion, tx);
    const nodeIds = nodeIdsOf(workspace, 'signals');
    const listed = await listLeads(tx, workspaceId, nodeIds, null, after, leadsPerSlice);
    const leads = listed.map(({ leadId }) => leadId);
    await foldLeadsAnew({ connection: tx, workspace, now: Date.now() }, leads);
    await rebuildNames(tx, workspaceId, leads);
    return leads;
  });
}

/** When each profile of the leads was named last, by whatever message. */
async function rebuildNames(
  tx: Queryable,
  workspaceId: WorkspaceId,
  leads: readonly string[],
): Promise<void> {
  await tx.query(
    `insert into profile_state (workspace_id, profile_id, name, value)
     select p.workspace_id, p.id, '${leadNameState}',
            json_build_object('at', (extract(epoch from max(e.occurred_at)) * 1000)::bigint)
       from profile p
       join event e on e.workspace_id = $1 and e.profile_id = p.id
      where p.workspace_id = $1 and p.record_id = any($2::text::uuid[]) and e.detail->>'profile_name' is not null
      group by p.workspace_id, p.id
     on conflict (workspace_id, profile_id, name) do update set value = excluded.value`,
    [workspaceId, arrayLiteral(leads)],
  );
}

async function rebuildDays(
  database: Database,
  workspace: Workspace,
  slice: ConversationSlice,
): Promise<void> {
  await underHeadLock(database, workspace.id, async (tx) => {
    const parameters = sliceParameters(workspace.id, slice);
    await tx.query(`delete from conversation_day d where ${whereInSlice}`, parameters);
    await tx.query(insertDays(deriveSlice), parameters);
  });
}

async function rebuildAllDays(database: Database, workspace: Workspace, sourceId: number): Promise<void> {
  await underHeadLock(database, workspace.id, async (tx) => {
    const app = [workspace.id, sourceId];
    await tx.query(
      `delete from conversation_day where workspace_id = $1 and source_id = $2 and day = '${allDays}'`,
      app,
    );
    await tx.query(insertDays(deriveAllDays), app);
  });
}

function insertDays(derived: string): string {
  return `insert into conversation_day (workspace_id, source_id, ad_id, day, measure, type_id, type_value, total, sum)
          select d.workspace_id, d.source_id, d.ad_id, d.day, d.measure, d.type_id, d.type_value, d.total, d.sum
            from (${derived}) as d`;
}

/** Counts of apps that are no more. */
async function deleteStrays(database: Database, workspace: Workspace): Promise<void> {
  await underHeadLock(database, workspace.id, async (tx) => {
    await tx.query(
      'delete from conversation_day where workspace_id = $1 and source_id <> all($2::text::integer[])',
      [workspace.id, arrayLiteral(appsOf(workspace))],
    );
  });
}
