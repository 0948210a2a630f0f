import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Config } from '../config.ts';
import { transfer } from '../dialects/registry.ts';
import { errorCode } from '../store/startup-error.ts';
import { exportWorkspace } from '../transfer/export-workspace.ts';
import { type LineCounts, TransferError } from '../transfer/format.ts';
import { isCompressed } from '../transfer/lines.ts';
import { type Command, CommandError, expectPositionals, parseOptions } from './command.ts';
import { formatTable } from './table.ts';
import { TransferProgress } from './transfer-progress.ts';
import { readVersion } from './version.ts';
import { requireWorkspace, withServices } from './with-services.ts';

export const exportCommand: Command = {
  help: `Usage: throughline export [--workspace SLUG] FILE

Writes all that a workspace has into FILE, a record a line (docs/export-format.md), packed where FILE ends in .gz: events, profiles, keys,
links, touchpoints, consents, quarantine, credits, settings, and what its clients sign in by, as hashes. "throughline import" makes the
workspace of it again, on any machine, any kind of database, and this or a later version. It may run beside a server: what is written is
all as of one moment. FILE has personal data and secrets; it is readable by you alone.

  --workspace SLUG   by slug or id (default: the only one there is)
`,
  async run(args, config) {
    const { values, positionals } = parseOptions(args, { workspace: { type: 'string' } });
    const [file] = expectPositionals(positionals, 'the file') as [string];
    if (existsSync(file)) throw new CommandError(`there is a ${file} already; name another, or remove it`);
    const counts = await exportTo(config, values.workspace, file);
    const rows = Object.entries(counts).map(([record, count]) => [record, String(count)]);
    process.stdout.write(formatTable([['record', 'count'], ...rows]));
    return 0;
  },
};

/** Under another name until it is whole. */
async function exportTo(config: Config, slugOrId: string | undefined, file: string): Promise<LineCounts> {
  const draft = `${file}.part`;
  const write = async (text: AsyncIterable<Buffer>) => {
    const target = createWriteStream(draft, { mode: 0o600, flush: true });
    if (isCompressed(file)) await pipeline(text, createGzip(), target);
    else await pipeline(text, target);
  };
  try {
    const counts = await withServices(config, async (services) => {
      const workspace = await requireWorkspace(services, slugOrId);
      const options = {
        kinds: transfer.kinds,
        product: readVersion(),
        now: new Date(),
        onProgress: new TransferProgress(workspace.slug).show,
      };
      return exportWorkspace(services.database, workspace, options, write);
    });
    await rename(draft, file);
    return counts;
  } catch (error) {
    await rm(draft, { force: true });
    throw explain(error, file);
  }
}

function explain(error: unknown, file: string): unknown {
  if (error instanceof TransferError) return new CommandError(error.message);
  switch (errorCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new CommandError(`${file} can't be written: there is no such folder`);
    case 'EACCES':
    case 'EROFS':
      return new CommandError(`${file} can't be written by this account`);
    case 'ENOSPC':
      return new CommandError(`there is no room for ${file} on its disk`);
    default:
      return error;
  }
}
