import type { Config } from '../config.ts';
import { systemClock } from '../core/clock.ts';
import type { RetentionCounts } from '../core/retention/retention-slice.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { dialects } from '../dialects/registry.ts';
import { dryRunRetention } from '../jobs/dry-run-retention.ts';
import { noRetention } from '../jobs/plan-retention.ts';
import { requestRetention, retentionCountsOf } from '../jobs/retention-job.ts';
import { type Command, expectPositionals, parseOptions, UsageError } from './command.ts';
import { finishJob } from './finish-job.ts';
import { formatTable } from './table.ts';
import { type CommandServices, chooseWorkspaces, withServices } from './with-services.ts';

/** What is counted, in words, by the counter. */
const counters = new Map(dialects.flatMap(({ retention }) => Object.entries(retention?.counters ?? {})));

/** It has to come to its end in one call: a hundred million events. */
const slicesOfDryRun = 400_000;

export const retention: Command = {
  help: `Usage: throughline retention run [--workspace SLUG] [--dry-run]

Anonymizes what is personal, and deletes events, where a dialect's retention policy says that they are due. A running server does so once a day by itself. It is a job (throughline jobs list) and may be stopped at any
time: a running server, or the next run, goes on from there. Nothing happens where no policy is set.

  --workspace SLUG   by slug or id (default: every workspace)
  --dry-run          only count what is due; of events to be deleted, up to 100,000
`,
  async run(args, config) {
    const [action, ...rest] = args;
    if (action === 'run') return runAll(rest, config);
    throw new UsageError(
      action === undefined ? 'run?' : `there is no "retention ${action}"; the only action is run`,
    );
  },
};

async function runAll(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    workspace: { type: 'string' },
    'dry-run': { type: 'boolean' },
  });
  expectPositionals(positionals);
  const dryRun = values['dry-run'] === true;
  const rows = await withServices(config, async (services) => {
    const done: string[][] = [];
    for (const workspace of await chooseWorkspaces(services, values.workspace)) {
      const counts = dryRun ? await count(services, workspace) : await retain(services, workspace);
      done.push([workspace.slug, ...totalsOf(counts)]);
    }
    return done;
  });
  process.stdout.write(formatTable([['workspace', ...counters.values()], ...rows]));
  if (dryRun) process.stdout.write('a dry run: nothing was changed\n');
  return 0;
}

async function count({ database, workspaces }: CommandServices, { id }: Workspace): Promise<RetentionCounts> {
  const options = { now: Date.now(), slices: slicesOfDryRun };
  return (await dryRunRetention({ database, workspaces, dialects }, id, options)).counts;
}

async function retain(services: CommandServices, workspace: Workspace): Promise<RetentionCounts> {
  const asking = { ...services, dialects, clock: systemClock };
  const id = await requestRetention(asking, workspace.id, 'command line');
  return id === undefined
    ? noRetention(dialects)
    : retentionCountsOf(await finishJob(services, workspace, id));
}

function totalsOf(counts: RetentionCounts): string[] {
  return [...counters.keys()].map((counter) => String(counts[counter] ?? 0));
}
