import type { Workspace } from '../../core/workspace/workspace.ts';
import { RequestError } from '../../errors.ts';
import type { Services } from '../dialect.ts';

/**
 * Counts a call of a command, by its name in lower case, against the rate that the workspace has set for it, if any.
 * @throws RequestError `rate-limited`
 */
export function takeCall({ rateLimiter }: Services, workspace: Workspace, command: string): void {
  const state = rateLimiter.take(workspace, `octeth:${command}`);
  if (state && !state.allowed)
    throw new RequestError('rate-limited', 'Too many requests.', { retryAfterSeconds: state.resetSeconds });
}
