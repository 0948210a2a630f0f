import { setTimeout as delay } from 'node:timers/promises';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Services } from '../../dialect.ts';

const patienceMilliseconds = 2000;

/**
 * Starts the recount that a change of the rules asked for. Most are over before the answer, so that who reads next sees what the
 * change did; what takes longer goes on behind it.
 */
export async function startRecount(services: Services, workspaceId: WorkspaceId): Promise<void> {
  const answered = new AbortController();
  const patience = delay(patienceMilliseconds, undefined, { signal: answered.signal }).catch(() => undefined);
  await Promise.race([services.recounts.start(workspaceId), patience]);
  answered.abort();
}
