import type { Config } from '../config.ts';
import type { Job } from '../core/job/job.ts';
import { listJobs } from '../core/job/job-store.ts';
import { type Command, expectPositionals, parseOptions, UsageError } from './command.ts';
import { formatTable } from './table.ts';
import { chooseWorkspaces, withServices } from './with-services.ts';

/** The newest of each workspace. */
const jobsShown = 50;

export const jobs: Command = {
  help: `Usage: throughline jobs list [--workspace SLUG]

Lists the newest jobs of each workspace: what runs, how far it has come, and how it ended. A job that failed and is "waiting" is
tried again by itself; the error says why.

  --workspace SLUG   by slug or id (default: every workspace)
`,
  async run(args, config) {
    const [action, ...rest] = args;
    if (action === 'list') return list(rest, config);
    throw new UsageError(
      action === undefined ? 'list?' : `there is no "jobs ${action}"; the only action is list`,
    );
  },
};

async function list(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, { workspace: { type: 'string' } });
  expectPositionals(positionals);
  const rows = await withServices(config, async (services) => {
    const found: string[][] = [];
    for (const { id, slug } of await chooseWorkspaces(services, values.workspace)) {
      for (const job of await listJobs(services.database, id, null, jobsShown))
        found.push([slug, ...rowOf(job)]);
    }
    return found;
  });
  const header = ['workspace', 'job', 'state', 'done', 'failed', 'total', 'requested', 'updated', 'error'];
  process.stdout.write(rows.length > 0 ? formatTable([header, ...rows]) : 'there are no jobs\n');
  return 0;
}

function rowOf({ kind, subject, state, progress, requestedAt, updatedAt, error }: Job): string[] {
  const { done, failed, total } = progress;
  return [
    subject === '' ? kind : `${kind} ${subject}`,
    state,
    String(done),
    String(failed),
    total === null ? '' : String(total),
    requestedAt.toISOString(),
    updatedAt.toISOString(),
    error ?? '',
  ];
}
