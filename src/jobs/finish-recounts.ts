import { countAmountsKind, localDays, rebuildKind } from '../core/job/rebuild-request.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import type { JobRunner } from './run-jobs.ts';

/**
 * Waits until all is counted by the time zone and in the currency that a workspace has now: whole days are days of the zone, and sums are of
 * one currency. Whoever is answered then finds it so.
 */
export async function finishRecounts(
  jobs: Pick<JobRunner, 'runOpen'>,
  before: Workspace,
  after: Workspace,
): Promise<void> {
  if (after.currency !== before.currency) await jobs.runOpen(after.id, countAmountsKind);
  if (after.timezone !== before.timezone) await jobs.runOpen(after.id, rebuildKind, localDays);
}
