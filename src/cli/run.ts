import { type Config, ConfigError, loadProcessConfig, splitConfigFlags } from '../config.ts';
import { RequestError } from '../errors.ts';
import { meansOtherTables } from '../store/database-error.ts';
import { StartupError } from '../store/startup-error.ts';
import { CommandError, type LazyCommand, UsageError } from './command.ts';
import { describeFault } from './logger.ts';
import { readVersion } from './version.ts';

/** The commands that are of no dialect; a command's modules are loaded only when it runs. */
const shared: Readonly<Record<string, LazyCommand>> = {
  start: { summary: 'run the server', load: async () => (await import('./start.ts')).start },
  migrate: {
    summary: "bring the database's tables up to date",
    load: async () => (await import('./migrate.ts')).migrateCommand,
  },
  workspace: { summary: 'create, list, set', load: async () => (await import('./workspace.ts')).workspace },
  bindings: {
    summary: 'list, add, remove what the APIs call a workspace',
    load: async () => (await import('./bindings.ts')).bindings,
  },
  sources: {
    summary: 'list, rename, archive, restore by what events come in',
    load: async () => (await import('./sources.ts')).sources,
  },
  keys: { summary: 'create, list, revoke, rotate', load: async () => (await import('./keys.ts')).keys },
  credentials: {
    summary: 'write credentials.json anew, with new keys',
    load: async () => (await import('./credentials.ts')).credentials,
  },
  campaigns: {
    summary: 'list and delete those that appeared from traffic',
    load: async () => (await import('./campaigns.ts')).campaigns,
  },
  'event-types': {
    summary: 'list, archive, delete',
    load: async () => (await import('./event-types.ts')).eventTypes,
  },
  rates: { summary: 'import exchange rates', load: async () => (await import('./rates.ts')).rates },
  retention: {
    summary: 'anonymize and delete what is due',
    load: async () => (await import('./retention.ts')).retention,
  },
  backup: {
    summary: 'write the embedded database into a file, beside a running server',
    load: async () => (await import('./backup.ts')).backup,
  },
  restore: {
    summary: 'make a data folder of a backup',
    load: async () => (await import('./restore.ts')).restore,
  },
  shards: {
    summary: 'of a Citus cluster: list where workspaces are, move, isolate',
    load: async () => (await import('./shards.ts')).shards,
  },
  erase: { summary: 'forget a person in all dialects', load: async () => (await import('./erase.ts')).erase },
  rebuild: {
    summary: 'make all that is derived anew',
    load: async () => (await import('./rebuild.ts')).rebuild,
  },
  jobs: {
    summary: 'list long work and how far it has come',
    load: async () => (await import('./jobs.ts')).jobs,
  },
  verify: {
    summary: 'compare the counters with the tables',
    load: async () => (await import('./verify.ts')).verify,
  },
  export: {
    summary: 'write all that a workspace has into a file',
    load: async () => (await import('./export.ts')).exportCommand,
  },
  copy: {
    summary: 'copy all workspaces to another database',
    load: async () => (await import('./copy.ts')).copy,
  },
  'upgrade-database': {
    summary: 'bring a database of an earlier PostgreSQL to this one',
    load: async () => (await import('./upgrade-database.ts')).upgradeDatabase,
  },
  import: {
    summary: 'make a workspace of such a file',
    load: async () => (await import('./import.ts')).importCommand,
  },
  demo: {
    summary: "send one person's events through all APIs and show the timeline",
    load: async () => (await import('./demo.ts')).demo,
  },
};

/** Every command there is, those of dialects among them. */
async function listCommands(): Promise<Readonly<Record<string, LazyCommand>>> {
  const { dialects } = await import('../dialects/registry.ts');
  const theirs = dialects.flatMap(({ commands = {} }) => Object.entries(commands));
  return { ...shared, ...Object.fromEntries(theirs) };
}

async function findCommand(name: string): Promise<LazyCommand | undefined> {
  const commands = Object.hasOwn(shared, name) ? shared : await listCommands();
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
}

const settingsHelp = `Settings, for every command (a flag wins over the environment):
  --data-dir DIR       THROUGHLINE_DATA_DIR   data folder (default ./data)
  --database-url URL   DATABASE_URL           a PostgreSQL 15 or newer instead of the embedded one
  --host HOST          HOST                   address to listen on (default 127.0.0.1)
  --port PORT          PORT                   port to listen on (default 8080; 0: any free one)
  --processes N        THROUGHLINE_PROCESSES  processes that take requests, on the one port (default 1)
                       LOG_LEVEL              trace, debug, info, warn, error, fatal, silent (default info)
`;

/**
 * Runs one command line, without the program's name, and answers the exit code: 0, 1 (failed) or 2 (makes no sense). `readConfig` makes
 * the settings of the flags among its arguments.
 */
export async function runCommandLine(
  argv: string[],
  readConfig: (configFlags: string[]) => Config = loadProcessConfig,
): Promise<number> {
  const [name, ...args] = argv;
  if (name === '--version' || name === '-v') return print(`throughline ${readVersion()}\n`);
  if (name === undefined || name === 'help' || isHelp(name)) return print(overview(await listCommands()));
  try {
    const command = await findCommand(name);
    if (!command) return refuse(`there is no command "${name}" (throughline --help lists them)`, 2);
    const { help, run } = await command.load();
    if (args.some(isHelp)) return print(`${help}\n${settingsHelp}`);
    const { configFlags, rest } = splitConfigFlags(args);
    return await run(rest, readConfig(configFlags));
  } catch (error) {
    return fail(name, error);
  }
}

function isHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h';
}

function overview(commands: Readonly<Record<string, LazyCommand>>): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(18)}${summary}`);
  return `Throughline: the vendors' tracking APIs on one port, one timeline per person.

Usage: throughline COMMAND [OPTIONS]

${lines.join('\n')}

throughline COMMAND --help tells more. throughline --version names the version.

${settingsHelp}`;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

/** What its operator can mend is one line; everything else is a fault and shows where. */
function fail(name: string, error: unknown): number {
  if (error instanceof UsageError || error instanceof ConfigError) {
    return refuse(`${error.message} (throughline ${name} --help tells more)`, 2);
  }
  if (error instanceof CommandError || error instanceof StartupError || error instanceof RequestError)
    return refuse(error.message, 1);
  if (meansOtherTables(error))
    return refuse(
      "the database's tables are not those of this version; run throughline migrate, or start the server",
      1,
    );
  return refuse(`this should not happen\n${JSON.stringify(describeFault(error), null, 2)}`, 1);
}

function refuse(message: string, exitCode: 1 | 2): number {
  process.stderr.write(`throughline: ${message}\n`);
  return exitCode;
}
