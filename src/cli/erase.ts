import { forgetPerson } from '../change/forget-person.ts';
import { replayErasures } from '../change/replay-erasures.ts';
import type { Config } from '../config.ts';
import type { ErasureCounts } from '../core/erasure/erasure.ts';
import { readJournal } from '../core/erasure/erasure-journal.ts';
import { isUuid } from '../core/id.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { erasureRules, projections } from '../dialects/registry.ts';
import { dryRunErasure } from '../jobs/erasure/dry-run-erasure.ts';
import { scrubEmbedded } from '../store/backends/embedded.ts';
import { type Command, CommandError, expectPositionals, parseOptions, UsageError } from './command.ts';
import { finishJob } from './finish-job.ts';
import { createLogger } from './logger.ts';
import { formatTable } from './table.ts';
import { type CommandServices, chooseWorkspaces, requireWorkspace, withServices } from './with-services.ts';

export const erase: Command = {
  help: `Usage: throughline erase --person ID [--workspace SLUG] [--dry-run]
       throughline erase --replay [--workspace SLUG]
       throughline erase --scrub

Forgets a person in all dialects, by the id of the person or of any of its profiles (docs/erasure.md). It is a job (throughline jobs list) and
may be stopped at any time: a running server, or the same command, goes on from there.

  --workspace SLUG   by slug or id (default: the only one; with --replay every workspace)
  --dry-run          only count
  --replay           after a backup was restored: forgets anew whom erasures.ndjson of the data folder names
  --scrub            takes what was erased out of the files of the embedded database, too; stop the server first
`,
  async run(args, config) {
    const { values, positionals } = parseOptions(args, {
      workspace: { type: 'string' },
      person: { type: 'string' },
      'dry-run': { type: 'boolean' },
      replay: { type: 'boolean' },
      scrub: { type: 'boolean' },
    });
    expectPositionals(positionals);
    const { person, replay = false, scrub = false, workspace, 'dry-run': dryRun = false } = values;
    if ([person !== undefined, replay, scrub].filter(Boolean).length !== 1)
      throw new UsageError('give one of --person, --replay and --scrub');
    if (scrub) return scrubFiles(config);
    if (replay) return replayAll(config, workspace);
    if (person === undefined || !isUuid(person.toLowerCase()))
      throw new UsageError('--person is the id of a person');
    return eraseOne(config, workspace, person.toLowerCase(), dryRun);
  },
};

async function eraseOne(
  config: Config,
  slugOrId: string | undefined,
  profileId: string,
  dryRun: boolean,
): Promise<number> {
  const counts = await withServices(config, async (services) => {
    const workspace = await requireWorkspace(services, slugOrId);
    if (dryRun) return dryRunErasure(services, erasureRules, workspace, profileId);
    const request = { profileId, requestedBy: 'command line' };
    const erasure = await forgetPerson({ ...services, config, projections }, workspace, request, new Date());
    return erasure && countsOf(services, workspace, erasure);
  });
  if (!counts)
    throw new CommandError(`no person of the workspace has the id ${profileId}, nor a profile of one`);
  process.stdout.write(formatTable([['what', 'count'], ...rowsOf(counts)]));
  if (dryRun) process.stdout.write('a dry run: nothing was changed\n');
  return 0;
}

async function countsOf(
  services: CommandServices,
  workspace: Workspace,
  { jobId, finished }: { readonly jobId: string; readonly finished: unknown },
): Promise<ErasureCounts> {
  const job = await finishJob(services, workspace, jobId);
  if (finished) process.stderr.write('the person was forgotten before\n');
  const counts = Object.entries(job.result ?? {}).filter(([, total]) => typeof total === 'number');
  return Object.fromEntries(counts.map(([name, total]) => [name, Number(total)]));
}

async function replayAll(config: Config, slugOrId: string | undefined): Promise<number> {
  const replays = await withServices(config, (services) => replayJournal(services, config, slugOrId));
  const rows = replays.map(({ workspace, known, anew }) => [workspace.slug, String(known), String(anew)]);
  process.stdout.write(formatTable([['workspace', 'erasures known', 'done anew'], ...rows]));
  return 0;
}

/** What a journal has of a workspace, and how many of them had to be done again. */
export interface Replay {
  readonly workspace: Workspace;
  readonly known: number;
  readonly anew: number;
}

/** Forgets anew whom the data folder's journal names, to the end of the jobs; in one workspace, or in all. */
export async function replayJournal(
  services: CommandServices,
  config: Config,
  slugOrId: string | undefined,
): Promise<Replay[]> {
  const journal = await readJournal(config.dataDir);
  const replays: Replay[] = [];
  for (const workspace of await chooseWorkspaces(services, slugOrId)) {
    const own = journal.filter((entry) => entry.workspace === workspace.publicId);
    const replayed = await replayErasures({ ...services, config, projections }, workspace, own, new Date());
    for (const { jobId } of replayed) await finishJob(services, workspace, jobId);
    replays.push({ workspace, known: own.length, anew: replayed.length });
  }
  return replays;
}

function rowsOf(counts: ErasureCounts): string[][] {
  return Object.entries(counts).map(([name, total]) => [name, String(total)]);
}

/** Of another database its own administrator has the files. */
async function scrubFiles(config: Config): Promise<number> {
  if (config.databaseUrl !== undefined)
    throw new CommandError(
      '--scrub is for the embedded database; docs/erasure.md says what to do with another',
    );
  await scrubEmbedded({ dataDir: config.dataDir, logger: createLogger('warn') });
  process.stdout.write('nothing that was erased is in the files of the database any more\n');
  return 0;
}
