import type { Config } from '../config.ts';
import type { RetentionCounts } from '../core/retention/retention-slice.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { dialects } from '../dialects/registry.ts';
import { addRetentionCounts, noRetention, runRetention } from '../jobs/run-retention.ts';
import { type Command, expectPositionals, parseOptions, UsageError } from './command.ts';
import { formatTable } from './table.ts';
import { type CommandServices, chooseWorkspaces, withServices } from './with-services.ts';

const slicesAtOnce = 100;
/** A dry run begins anew with each call, so it has to come to its end in one: a hundred million events. */
const slicesOfDryRun = 400_000;

export const retention: Command = {
  help: `Usage: throughline retention run [--workspace SLUG] [--dry-run]

Anonymizes the personal fields of Webmarketer's events and users, and deletes Octeth's website events, where a retention policy
says that they are due. A running server does so once a day by itself. It may be stopped at any time: the next run goes on from
there. Nothing happens where no policy is set.

  --workspace SLUG   by slug or id (default: every workspace)
  --dry-run          only count what is due; of website events, up to 100,000
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
      const counts = await runToEnd(services, workspace, dryRun);
      done.push([workspace.slug, ...totalsOf(counts)]);
    }
    return done;
  });
  const header = ['workspace', 'events anonymized', 'trash anonymized', 'users anonymized', 'events deleted'];
  process.stdout.write(formatTable([header, ...rows]));
  if (dryRun) process.stdout.write('a dry run: nothing was changed\n');
  return 0;
}

async function runToEnd(
  services: CommandServices,
  { id }: Workspace,
  dryRun: boolean,
): Promise<RetentionCounts> {
  const options = { dryRun, now: Date.now(), slices: dryRun ? slicesOfDryRun : slicesAtOnce };
  let counts = noRetention;
  for (let isMore = true; isMore; ) {
    const { more, ...done } = await runRetention({ ...services, dialects }, id, options);
    counts = addRetentionCounts(counts, done);
    isMore = more && !dryRun;
  }
  return counts;
}

function totalsOf(counts: RetentionCounts): string[] {
  const { anonymizedEvents, anonymizedTrash, anonymizedUsers, deletedEvents } = counts;
  return [anonymizedEvents, anonymizedTrash, anonymizedUsers, deletedEvents].map(String);
}
