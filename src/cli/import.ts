import type { Config } from '../config.ts';
import { readJournal, writeJournal } from '../core/erasure/erasure-journal.ts';
import { listErasures, readTombstonesOf } from '../core/erasure/erasure-store.ts';
import { slugPattern } from '../core/workspace/create-workspace.ts';
import type { Workspace, WorkspaceId } from '../core/workspace/workspace.ts';
import { projections, transfer } from '../dialects/registry.ts';
import { requestWorkspaceDeletion } from '../jobs/delete-workspace.ts';
import { migrate } from '../store/migrate.ts';
import { type CheckedFile, checkFile } from '../transfer/check-file.ts';
import { TransferError } from '../transfer/format.ts';
import { beginImport, fillWorkspace } from '../transfer/import-workspace.ts';
import { type Command, CommandError, expectPositionals, parseOptions, UsageError } from './command.ts';
import { replayJournal } from './erase.ts';
import { finishJob } from './finish-job.ts';
import { untilInterrupted } from './interruption.ts';
import { formatTable } from './table.ts';
import { TransferProgress } from './transfer-progress.ts';
import { checkWorkspaces, presentChecks } from './verify.ts';
import { type CommandServices, withServices } from './with-services.ts';

export const importCommand: Command = {
  help: `Usage: throughline import FILE [--as SLUG]

Makes the workspace again that "throughline export" has written into FILE: it is called by the same names, takes the same keys and answers
as it did, and a client's repeat of what it sent before the move is one here, too. FILE is read through before anything is stored: one that
is cut or damaged is refused. It may run beside a server; nothing opens the workspace before it is whole. At the end it is verified, as by
"throughline verify". Without a database in the data folder one is made. What was cut short is removed by "throughline workspace delete".

  --as SLUG   what it is to be called here, where another workspace has its slug
`,
  async run(args, config) {
    const { values, positionals } = parseOptions(args, { as: { type: 'string' } });
    const [file] = expectPositionals(positionals, 'the file') as [string];
    if (values.as !== undefined && !slugPattern.test(values.as))
      throw new UsageError(`--as is 3 to 64 of a-z, 0-9 and single hyphens, not "${values.as}"`);
    try {
      return await withServices(
        config,
        (services) => importFile(services, config, file, values.as),
        'attach-or-make',
      );
    } catch (error) {
      if (error instanceof TransferError) throw new CommandError(`${file}: ${error.message}`);
      throw error;
    }
  },
};

async function importFile(
  services: CommandServices,
  config: Config,
  path: string,
  as: string | undefined,
): Promise<number> {
  const { database } = services;
  await migrate(database);
  process.stderr.write(`${path}: looking whether it is whole\n`);
  const file = await checkFile(database, path, transfer.kinds, as);
  for (const id of file.erasureKeyIds) await services.erasureKey.open(id);
  const slug = as ?? file.header.workspace.slug;
  if (!slugPattern.test(slug)) throw new TransferError(`"${slug}" is no slug; name one with --as`);
  const id = await beginImport(services, file, slug);
  const workspace = await fillOrRemove(services, id, file, slug);
  const [replay] = await replayJournal(services, config, slug);
  if (replay && replay.anew > 0)
    process.stderr.write(`${replay.anew} persons were forgotten since the export: they are again\n`);
  await journalErasures(services, config, workspace);
  const rows = Object.entries(file.counts).map(([record, count]) => [record, String(count)]);
  process.stdout.write(`${formatTable([['record', 'count'], ...rows])}\n`);
  const checks = await checkWorkspaces(services, slug);
  process.stdout.write(presentChecks(checks));
  return checks.every(({ ok }) => ok) ? 0 : 1;
}

/** What fails, or is stopped by Ctrl-C, leaves nothing. */
async function fillOrRemove(
  services: CommandServices,
  id: WorkspaceId,
  file: CheckedFile,
  slug: string,
): Promise<Workspace> {
  return untilInterrupted('nothing of it is left', async (stopping) => {
    const onProgress = new TransferProgress(slug).show;
    try {
      return await fillWorkspace({ ...services, projections, transfer }, id, file, { onProgress, stopping });
    } catch (error) {
      process.stderr.write('removing what was imported\n');
      const partial = await services.workspaces.get(id);
      const job = await requestWorkspaceDeletion(services, id, 'command line', new Date());
      await finishJob(services, partial, job);
      throw error;
    }
  });
}

/** As if they had been made here: a backup of before them that is restored is cleaned by the journal of this folder. */
async function journalErasures(
  { database }: CommandServices,
  { dataDir }: Config,
  { id: workspaceId, publicId }: Workspace,
): Promise<void> {
  const known = new Set((await readJournal(dataDir)).map(({ id }) => id));
  const pageLength = 200;
  for (let before: string | null = null; ; ) {
    const page = await listErasures(database, workspaceId, before, pageLength);
    for (const { id, requestedAt, requestedBy, keyId, profileIds } of page) {
      if (known.has(id)) continue;
      await writeJournal(dataDir, {
        id,
        workspace: publicId,
        requestedAt: requestedAt.toISOString(),
        requestedBy,
        keyId,
        profileIds,
        hashes: [...(await readTombstonesOf(database, workspaceId, id))],
      });
    }
    before = page.at(-1)?.id ?? null;
    if (page.length < pageLength) return;
  }
}
