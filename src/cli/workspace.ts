import type { Config } from '../config.ts';
import {
  changeWorkspace,
  createWorkspaceWithKeys,
  findWorkspaceProblem,
  type WorkspaceChanges,
} from '../core/workspace/manage-workspaces.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { rebuildRollups } from '../projections/rollups/rebuild-rollups.ts';
import { type Command, CommandError, expectPositionals, parseOptions, UsageError } from './command.ts';
import { credentialsPath, readCredentials } from './start/credentials-file.ts';
import { formatTable } from './table.ts';
import { chooseWorkspaces, requireWorkspace, withServices } from './with-services.ts';

export const workspace: Command = {
  help: `Usage: throughline workspace create SLUG [--name TEXT] [--timezone ZONE] [--currency CODE]
       throughline workspace list
       throughline workspace set SLUG [--name TEXT] [--timezone ZONE] [--currency CODE] [--matching KINDS]

A workspace is a tenant: its events, persons and keys are its own.

  --timezone ZONE    IANA name; its reports count whole days in it (default UTC). Another zone counts them anew
  --currency CODE    ISO 4217 (default EUR)
  --matching KINDS   what makes records of different APIs one person: email,phone (the default), email, phone or none.
                     It holds for what comes in from now on; links that exist stay (undo them through the native API)

"create" prints the workspace's keys for all five APIs as JSON, in the form of credentials.json. They are shown this once.
`,
  async run(args, config) {
    const [action, ...rest] = args;
    if (action === 'create') return create(rest, config);
    if (action === 'list') return list(rest, config);
    if (action === 'set') return set(rest, config);
    throw new UsageError(action === undefined ? 'create, list or set?' : `there is no "workspace ${action}"`);
  },
};

const propertyOptions = {
  name: { type: 'string' },
  timezone: { type: 'string' },
  currency: { type: 'string' },
} as const;

async function create(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, propertyOptions);
  const [slug] = expectPositionals(positionals, 'the slug') as [string];
  const wanted = { slug, name: slug, timezone: 'UTC', currency: 'EUR', ...values };
  refuse(findWorkspaceProblem(wanted));
  const keys = await withServices(config, (services) =>
    createWorkspaceWithKeys(services, wanted, new Date()),
  );
  if (!keys) throw new CommandError(`there is a workspace "${slug}" already`);
  const running = await readCredentials(credentialsPath(config.dataDir));
  const baseUrl = typeof running === 'object' ? running.baseUrl : `http://${config.host}:${config.port}`;
  process.stdout.write(`${JSON.stringify({ ...keys, baseUrl }, null, 2)}\n`);
  return 0;
}

async function list(args: string[], config: Config): Promise<number> {
  expectPositionals(parseOptions(args, {}).positionals);
  const found = await withServices(config, (services) => chooseWorkspaces(services, undefined));
  const heading = ['slug', 'id', 'name', 'time zone', 'currency', 'matching'];
  process.stdout.write(formatTable([heading, ...found.map(presentWorkspace)]));
  return 0;
}

async function set(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, { ...propertyOptions, matching: { type: 'string' } });
  const [slug] = expectPositionals(positionals, 'the slug');
  const { matching, ...properties } = values;
  const changes: WorkspaceChanges = {
    ...properties,
    ...(matching === undefined ? {} : { matching: matching === 'none' ? [] : matching.split(',') }),
  };
  if (Object.keys(changes).length === 0) throw new UsageError('nothing to set');
  refuse(findWorkspaceProblem(changes));
  const changed = await withServices(config, async (services) => {
    const before = await requireWorkspace(services, slug);
    const after = await changeWorkspace(services, before.id, changes, new Date());
    // Whole days are days of the zone.
    if (after.timezone !== before.timezone) await rebuildRollups(services, after);
    return after;
  });
  process.stdout.write(
    formatTable([['slug', 'id', 'name', 'time zone', 'currency', 'matching'], presentWorkspace(changed)]),
  );
  return 0;
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new UsageError(problem);
}

function presentWorkspace({ slug, publicId, name, timezone, currency, settings }: Workspace): string[] {
  return [slug, publicId, name, timezone, currency, settings.matching.join(',') || 'none'];
}
