import { readFile, stat } from 'node:fs/promises';
import { countAmounts } from '../change/count-amounts.ts';
import type { Config } from '../config.ts';
import { importRates } from '../core/exchange-rate/import-rates.ts';
import { parseRates } from '../core/exchange-rate/parse-rates.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { projections } from '../dialects/registry.ts';
import { type Command, CommandError, expectPositionals, parseOptions, UsageError } from './command.ts';
import { type CommandServices, chooseWorkspaces, withServices } from './with-services.ts';

/** The bank's file of every day since 1999 has under 2 MB. */
const maximumBytes = 64 * 1024 * 1024;

export const rates: Command = {
  help: `Usage: throughline rates import FILE.csv

Reads exchange rates, for amounts that come in another currency than their workspace's. FILE.csv is one that the European Central
Bank publishes (eurofxref.csv or eurofxref-hist.csv, out of their archives): a column Date, then one a currency, in units per euro.
Rates of days that are known are replaced. They hold for what is set from now on, and amounts that were kept without a rate are
counted at last. What was counted by an earlier rate stays as it is.
`,
  async run(args, config) {
    const [action, ...rest] = args;
    if (action === 'import') return importFile(rest, config);
    throw new UsageError(
      action === undefined ? 'import?' : `there is no "rates ${action}"; the only action is import`,
    );
  },
};

async function importFile(args: string[], config: Config): Promise<number> {
  const [file] = expectPositionals(parseOptions(args, {}).positionals, 'the file') as [string];
  const parsed = parseRates(await readText(file));
  if (parsed.kind === 'fault') throw new CommandError(`${file}, line ${parsed.line}: ${parsed.message}`);
  await withServices(config, async (services) => {
    await importRates(services.database, parsed.rates);
    process.stdout.write(`${parsed.rates.length} rates of ${parsed.days} days\n`);
    for (const workspace of await chooseWorkspaces(services, undefined))
      await countLateAmountsOf(services, workspace);
  });
  return 0;
}

/** Prints a line for each slice of a workspace that has amounts without a rate, so that a long run is seen to move. */
async function countLateAmountsOf(services: CommandServices, { id, slug }: Workspace): Promise<void> {
  await countAmounts({ ...services, projections }, id, new Date(), ({ counted, left }) =>
    process.stdout.write(`${slug}: ${counted} late amounts counted, ${left} still without a rate\n`),
  );
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > maximumBytes) throw new CommandError(`${file} is larger than ${maximumBytes} bytes`);
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${file} can't be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
