import Type from 'typebox';
import { Value } from 'typebox/value';
import { underHeadLock } from '../../../../core/workspace/under-head-lock.ts';
import { nodeIdsOf, type WorkspaceId } from '../../../../core/workspace/workspace.ts';
import type { RebuildPart, RebuildPlace, RebuildStep } from '../../../../projections/projection.ts';
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
  noApp,
  sliceFrom,
  sliceParameters,
  whereInSlice,
} from './day-slices.ts';
import { foldLeadsAnew } from './fold-leads.ts';

/** Leads of one transaction. */
const leadsPerSlice = 100;

/** The last lead that is done; or, once all are, the days of an app that are next. */
const Place = Type.Union([
  Type.Object({ leadId: Type.String() }),
  Type.Object({ sourceId: Type.Integer(), from: Type.String() }),
  Type.Null(),
]);

/**
 * Makes the next part of what follows from the leads' messages and external events anew: events and sales, a hundred leads at a time, then
 * the counts by day, 50,000 events of an app at a time but no less than a day of it. Each is a transaction under the head lock.
 * Counts the leads.
 */
export async function rebuildConversations(part: RebuildPart): Promise<RebuildStep> {
  const place = Value.Parse(Place, part.place);
  if (place === null || 'leadId' in place) return foldNextLeads(part, place?.leadId ?? null);
  return rebuildNextDays(part, place.sourceId, place.from);
}

async function foldNextLeads(
  { database, workspaces, workspaceId }: RebuildPart,
  after: string | null,
): Promise<RebuildStep> {
  return underHeadLock(database, workspaceId, async (tx, head) => {
    const workspace = await workspaces.getVersion(workspaceId, head.configVersion, tx);
    const nodeIds = nodeIdsOf(workspace, 'signals');
    const listed = await listLeads(tx, workspaceId, nodeIds, null, after, leadsPerSlice);
    const leads = listed.map(({ leadId }) => leadId);
    await foldLeadsAnew({ connection: tx, workspace, now: Date.now() }, leads);
    await rebuildNames(tx, workspaceId, leads);
    const last = leads.at(-1);
    const isLast = last === undefined || leads.length < leadsPerSlice;
    return { counted: leads.length, next: isLast ? daysOf(noApp) : { leadId: last } };
  });
}

async function rebuildNextDays(
  { database, workspaces, workspaceId }: RebuildPart,
  sourceId: number,
  from: string,
): Promise<RebuildStep> {
  const slice = await sliceFrom(database, workspaceId, sourceId, from);
  await rebuildDays(database, workspaceId, slice);
  if (slice.until !== 'infinity') return { counted: 0, next: { sourceId, from: slice.until } };
  await rebuildAllDays(database, workspaceId, sourceId);
  const apps = appsOf(await workspaces.get(workspaceId));
  const following = apps.find((id) => id > sourceId);
  if (following !== undefined) return { counted: 0, next: daysOf(following) };
  await deleteStrays(database, workspaceId, apps);
  return { counted: 0, next: 'done' };
}

/** All days of an app. */
function daysOf(sourceId: number): RebuildPlace {
  return { sourceId, from: '-infinity' };
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
  workspaceId: WorkspaceId,
  slice: ConversationSlice,
): Promise<void> {
  await underHeadLock(database, workspaceId, async (tx) => {
    const parameters = sliceParameters(workspaceId, slice);
    await tx.query(`delete from conversation_day d where ${whereInSlice}`, parameters);
    await tx.query(insertDays(deriveSlice), parameters);
  });
}

async function rebuildAllDays(database: Database, workspaceId: WorkspaceId, sourceId: number): Promise<void> {
  await underHeadLock(database, workspaceId, async (tx) => {
    const app = [workspaceId, sourceId];
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
async function deleteStrays(
  database: Database,
  workspaceId: WorkspaceId,
  apps: readonly number[],
): Promise<void> {
  await underHeadLock(database, workspaceId, async (tx) => {
    await tx.query(
      'delete from conversation_day where workspace_id = $1 and source_id <> all($2::text::integer[])',
      [workspaceId, arrayLiteral(apps)],
    );
  });
}
