import type { Clock } from '../../../../core/clock.ts';
import type { JobStep } from '../../../../core/job/job.ts';
import { nodeIdsOf } from '../../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../../core/workspace/workspace-cache.ts';
import type { JobKind, LockedSlice } from '../../../../jobs/job-kind.ts';
import { countLeads, listLeads } from '../lead-store.ts';
import { campaignsOf, lastLeadOf, recountKind } from '../recount.ts';
import { foldLeadsAnew } from './fold-leads.ts';

export interface RecountServices {
  readonly workspaces: WorkspaceCache;
  readonly clock: Clock;
}

/** Leads of one transaction. */
const leadsPerSlice = 100;

/** Counts leads anew by the rules as they are, after a change of them (`requestRecount`), beside the messages that come in. */
export function recountJob(services: RecountServices): JobKind {
  return { name: recountKind, under: 'head-lock', slice: (slice) => recountSlice(services, slice) };
}

async function recountSlice(
  { workspaces, clock }: RecountServices,
  { workspaceId, job, tx, head }: LockedSlice,
): Promise<JobStep> {
  const workspace = await workspaces.getVersion(workspaceId, head.configVersion, tx);
  const nodes = nodeIdsOf(workspace, 'signals');
  const after = lastLeadOf(job);
  const leads = await listLeads(tx, workspaceId, nodes, campaignsOf(job), after, leadsPerSlice);
  const concerned = leads.filter((lead) => lead.isConcerned).map((lead) => lead.leadId);
  const folding = { connection: tx, workspace, now: clock() };
  await foldLeadsAnew(folding, concerned);
  const done = job.progress.done + leads.length;
  const last = leads.at(-1);
  const cursor = last ? { leadId: last.leadId } : job.cursor;
  if (leads.length < leadsPerSlice)
    return { cursor, progress: { done, failed: 0, total: done }, result: { leads: done } };
  const known = job.progress.total ?? (await countLeads(tx, workspaceId, nodes));
  return { cursor, progress: { done, failed: 0, total: Math.max(known, done) } };
}
