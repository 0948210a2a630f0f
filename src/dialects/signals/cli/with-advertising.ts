import { CommandError, UsageError } from '../../../cli/command.ts';
import { createLogger } from '../../../cli/logger.ts';
import { requireWorkspace, withServices } from '../../../cli/with-services.ts';
import type { Config } from '../../../config.ts';
import { systemClock } from '../../../core/clock.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { PlatformLimits } from '../advertising/ad-platform.ts';
import { metaIdPattern } from '../advertising/advertising.ts';
import type { AdvertisingServices } from '../advertising/advertising-services.ts';
import { type RefreshOutcome, reasonOf } from '../advertising/refresh-outcome.ts';
import { connectAdvertising } from '../connector/connect-advertising.ts';

/** Runs `work` with what keeping ads takes, for the workspace that is named. */
export async function withAdvertising<Result>(
  config: Config,
  workspaceName: string | undefined,
  work: (advertising: AdvertisingServices, workspaceId: WorkspaceId) => Promise<Result>,
): Promise<Result> {
  return withServices(config, async (services) => {
    const { id } = await requireWorkspace(services, workspaceName);
    const advertising = connectAdvertising(config, {
      ...services,
      clock: systemClock,
      // What Meta refuses is the command's own last line.
      logger: createLogger(config.logLevel === 'info' ? 'error' : config.logLevel),
      // A running server takes it up within seconds.
      startJobs: () => {},
    });
    return work(advertising, id);
  });
}

/** For who waits at a terminal: ten minutes, or until Ctrl-C, which breaks it off. */
export function commandLimits(): PlatformLimits {
  const enough = new AbortController();
  process.once('SIGINT', () => enough.abort());
  return { deadline: Date.now() + 10 * 60 * 1000, signal: enough.signal };
}

/** @throws UsageError */
export function requireMetaId(id: string, what: string): string {
  if (!metaIdPattern.test(id)) throw new UsageError(`"${id}" is no id of ${what}: it has digits only`);
  return id;
}

/** @throws CommandError when it did not bring everything */
export function requireDone(outcome: RefreshOutcome, what: string): void {
  if (outcome.kind === 'refreshed') return;
  if (outcome.kind === 'unknown') throw new CommandError(`there is no ${what} here`);
  if (outcome.kind === 'busy') throw new CommandError(`another refresh of ${what} is under way`);
  throw new CommandError(`${what}: ${outcome.kind}: ${reasonOf(outcome)}`);
}
