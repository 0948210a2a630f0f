import { setTimeout as delay } from 'node:timers/promises';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { attempt } from '../../../jobs/rounds.ts';
import type { Services } from '../../dialect.ts';
import { recountKind } from '../conversation/recount.ts';

const patienceMilliseconds = 2000;

/**
 * Starts the recount that a change of the rules asked for. Most are over before the answer, so that who reads next sees what the
 * change did; what takes longer goes on behind it, and what fails is tried again by itself.
 */
export async function startRecount(services: Services, workspaceId: WorkspaceId): Promise<void> {
  const { jobs, logger } = services;
  const answered = new AbortController();
  const patience = delay(patienceMilliseconds, undefined, { signal: answered.signal }).catch(() => undefined);
  const recount = attempt(logger, { job: recountKind, workspace: workspaceId }, () =>
    jobs.runOpen(workspaceId, recountKind),
  );
  await Promise.race([recount, patience]);
  answered.abort();
}
