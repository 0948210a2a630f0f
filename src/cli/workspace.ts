import type { Config } from '../config.ts';
import { rebuildKind, rollupsAlone } from '../core/job/rebuild-request.ts';
import {
  configureWorkspace,
  createWorkspaceWithKeys,
  findWorkspaceProblem,
  type WorkspaceChanges,
  type WorkspaceProblem,
} from '../core/workspace/manage-workspaces.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { dialects } from '../dialects/registry.ts';
import { type Command, CommandError, expectPositionals, parseOptions, UsageError } from './command.ts';
import { credentialsPath, readCredentials } from './start/credentials-file.ts';
import { formatTable } from './table.ts';
import { chooseWorkspaces, requireWorkspace, withServices } from './with-services.ts';
import { keepOtherSettings, readSettings, settingHelp } from './workspace-settings.ts';

export const workspace: Command = {
  help: `Usage: throughline workspace create SLUG [--name TEXT] [--timezone ZONE] [--currency CODE] [--matching KINDS] [--setting PATH=VALUE]
       throughline workspace list
       throughline workspace set SLUG [--name TEXT] [--timezone ZONE] [--currency CODE] [--matching KINDS] [--setting PATH=VALUE]

A workspace is a tenant: its events, persons and keys are its own.

  --timezone ZONE    IANA name; its reports count whole days in it (default UTC). Another zone counts them anew
  --currency CODE    ISO 4217 (default EUR)
  --matching KINDS   what makes records of different APIs one person: email,phone (the default), email, phone or none.
                     It holds for what comes in from now on; links that exist stay (undo them through the native API)
${settingHelp}
"create" prints the workspace's keys for all APIs as JSON, in the form of credentials.json. They are shown this once.
`,
  async run(args, config) {
    const [action, ...rest] = args;
    if (action === 'create') return create(rest, config);
    if (action === 'list') return list(rest, config);
    if (action === 'set') return set(rest, config);
    throw new UsageError(
      action === undefined
        ? 'create, list or set?'
        : `there is no "workspace ${action}"; choose from create, list or set`,
    );
  },
};

const propertyOptions = {
  name: { type: 'string' },
  timezone: { type: 'string' },
  currency: { type: 'string' },
  matching: { type: 'string' },
  setting: { type: 'string', multiple: true },
} as const;

async function create(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, propertyOptions);
  const [slug] = expectPositionals(positionals, 'the slug') as [string];
  const { name = slug, timezone = 'UTC', currency = 'EUR', ...settings } = readChanges(values);
  const wanted = { slug, name, timezone, currency, settings };
  refuse(findWorkspaceProblem({ slug, name, timezone, currency, ...settings }));
  const keys = await withServices(config, (services) =>
    createWorkspaceWithKeys(services, dialects, wanted, new Date()),
  );
  if (!keys) throw new CommandError(`there is a workspace "${slug}" already; choose another slug`);
  const running = await readCredentials(credentialsPath(config.dataDir), dialects);
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
  const { values, positionals } = parseOptions(args, propertyOptions);
  const [slug] = expectPositionals(positionals, 'the slug');
  const changes = readChanges(values);
  if (Object.keys(changes).length === 0)
    throw new UsageError('nothing to set; give --name, --timezone, --currency, --matching or --setting');
  refuse(findWorkspaceProblem(changes));
  const changed = await withServices(config, async (services) => {
    const before = await requireWorkspace(services, slug);
    const whole = keepOtherSettings(changes, before);
    const after = await configureWorkspace(services, dialects, before.id, whole, new Date());
    // Whole days are days of the zone.
    if (after.timezone !== before.timezone) await services.jobs.runOpen(after.id, rebuildKind, rollupsAlone);
    return after;
  });
  process.stdout.write(
    formatTable([['slug', 'id', 'name', 'time zone', 'currency', 'matching'], presentWorkspace(changed)]),
  );
  return 0;
}

interface PropertyValues {
  readonly name?: string;
  readonly timezone?: string;
  readonly currency?: string;
  readonly matching?: string;
  readonly setting?: string[];
}

/** What is named of a workspace, settings by their paths too. @throws UsageError */
function readChanges({ matching, setting = [], ...properties }: PropertyValues): WorkspaceChanges {
  return {
    ...readSettings(setting),
    ...properties,
    ...(matching === undefined ? {} : { matching: matching === 'none' ? [] : matching.split(',') }),
  };
}

function refuse(problem: WorkspaceProblem | undefined): void {
  if (problem) throw new UsageError(problem.message);
}

function presentWorkspace({ slug, publicId, name, timezone, currency, settings }: Workspace): string[] {
  return [slug, publicId, name, timezone, currency, settings.matching.join(',') || 'none'];
}
