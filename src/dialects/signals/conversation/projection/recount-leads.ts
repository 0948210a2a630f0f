import type { Logger } from 'pino';
import type { Clock } from '../../../../core/clock.ts';
import { nodeIdsOf, type WorkspaceId } from '../../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../../core/workspace/workspace-cache.ts';
import { listWorkspaceIds, lockHead } from '../../../../core/workspace/workspace-store.ts';
import type { Database } from '../../../../store/database.ts';
import { inTransaction } from '../../../../store/transaction.ts';
import { countLeads, listLeads, readRecount, storeRecountProgress } from '../recount-store.ts';
import { foldLeadsAnew } from './fold-leads.ts';

export interface RecountServices {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Leads of one transaction. */
const leadsPerSlice = 100;

/**
 * Counts leads anew by the rules as they are, after a change of them, slice by slice under the head lock, beside the messages that
 * come in. How far it has come is stored with each slice, so another process, or the next start, goes on where one ended.
 */
export class Recounts {
  readonly #services: RecountServices;
  readonly #running = new Map<WorkspaceId, Promise<void>>();
  #isStopping = false;

  constructor(services: RecountServices) {
    this.#services = services;
  }

  /**
   * Sets a recount going that was asked for (`requestRecount`), unless it is. What fails is logged and left to `resume`: the promise
   * resolves when this process has nothing left to do of it, and need not be waited for.
   */
  start(workspaceId: WorkspaceId): Promise<void> {
    if (this.#isStopping) return Promise.resolve();
    const before = this.#running.get(workspaceId) ?? Promise.resolve();
    const run = before
      .then(() => this.#run(workspaceId))
      .catch((error: unknown) => {
        const { logger } = this.#services;
        logger.warn({ err: error, workspace: workspaceId }, 'a recount was cut short; it is taken up again');
      })
      .finally(() => {
        if (this.#running.get(workspaceId) === run) this.#running.delete(workspaceId);
      });
    this.#running.set(workspaceId, run);
    return run;
  }

  /** Takes up what was cut short, of all workspaces. */
  async resume(): Promise<void> {
    const { database } = this.#services;
    for (const workspaceId of await listWorkspaceIds(database)) {
      if (this.#running.has(workspaceId)) continue;
      const recount = await readRecount(database, workspaceId);
      if (recount && !recount.finishedAt) void this.start(workspaceId);
    }
  }

  /** Resolves when nothing is under way in this process. */
  async settle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  /** Ends after the slices that are under way. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.settle();
  }

  async #run(workspaceId: WorkspaceId): Promise<void> {
    while (!this.#isStopping && (await recountSlice(this.#services, workspaceId)));
  }
}

/** Whether there is more to do. */
async function recountSlice(services: RecountServices, workspaceId: WorkspaceId): Promise<boolean> {
  const { database, workspaces, clock } = services;
  return inTransaction(database, async (tx) => {
    const head = await lockHead(tx, workspaceId);
    const recount = await readRecount(tx, workspaceId);
    if (!recount || recount.finishedAt) return false;
    const workspace = await workspaces.getVersion(workspaceId, head.configVersion, tx);
    const nodes = nodeIdsOf(workspace, 'signals');
    const { campaignIds, cursor } = recount;
    const leads = await listLeads(tx, workspaceId, nodes, campaignIds, cursor, leadsPerSlice);
    const concerned = leads.filter((lead) => lead.isConcerned).map((lead) => lead.leadId);
    const now = clock();
    const folding = { connection: tx, workspace, now };
    await foldLeadsAnew(folding, concerned);
    const done = recount.done + leads.length;
    const isLast = leads.length < leadsPerSlice;
    const total = isLast ? done : cursor === null ? await countLeads(tx, workspaceId, nodes) : recount.total;
    await storeRecountProgress(tx, workspaceId, {
      ...recount,
      cursor: leads.at(-1)?.leadId ?? cursor,
      total: Math.max(total, done),
      done,
      updatedAt: new Date(now),
      finishedAt: isLast ? new Date(now) : null,
    });
    return !isLast;
  });
}
