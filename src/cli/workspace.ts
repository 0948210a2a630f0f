import type { Config } from '../config.ts';
import {
  configureWorkspace,
  createWorkspaceWithKeys,
  findWorkspaceProblem,
  type WorkspaceChanges,
  type WorkspaceProblem,
} from '../core/workspace/manage-workspaces.ts';
import { settableStatuses } from '../core/workspace/workspace-status.ts';
import { listWorkspaceEntries, type WorkspaceEntry } from '../core/workspace/workspace-store.ts';
import { dialects } from '../dialects/registry.ts';
import { requestWorkspaceDeletion } from '../jobs/delete-workspace.ts';
import { finishRecounts } from '../jobs/finish-recounts.ts';
import { mergeSettings, type WantedChanges } from '../native/workspaces/merge-settings.ts';
import { type Command, CommandError, expectPositionals, parseOptions, UsageError } from './command.ts';
import { finishJob } from './finish-job.ts';
import { credentialsPath, readCredentials } from './start/credentials-file.ts';
import { formatTable } from './table.ts';
import { requireWorkspace, withServices } from './with-services.ts';
import { readSettings, settingHelp } from './workspace-settings.ts';

export const workspace: Command = {
  help: `Usage: throughline workspace create SLUG [--name TEXT] [--timezone ZONE] [--currency CODE] [--matching KINDS] [--setting PATH=VALUE]
       throughline workspace list
       throughline workspace set SLUG [--name TEXT] [--timezone ZONE] [--currency CODE] [--matching KINDS] [--status STATUS]
                                      [--setting PATH=VALUE]
       throughline workspace delete SLUG --yes

A workspace is a tenant: its events, persons and keys are its own.

  --timezone ZONE    IANA name; its reports count whole days in it (default UTC). Another zone counts them anew
  --currency CODE    ISO 4217 (default EUR)
  --matching KINDS   what makes records of different APIs one person: email,phone (the default), email, phone or none.
                     It holds for what comes in from now on; links that exist stay (undo them through the native API)
  --status STATUS    enabled, suspended (nothing is taken in) or disabled (its keys open no API but the native one)
${settingHelp}
"create" prints the workspace's keys for all APIs as JSON, in the form of credentials.json. They are shown this once.
"delete" takes all that the workspace has, for good: its keys end and its names are free at once, its rows go by a job, which may be
stopped at any time; a running server, or the same command with the id, goes on from there.
`,
  async run(args, config) {
    const [action, ...rest] = args;
    if (action === 'create') return create(rest, config);
    if (action === 'list') return list(rest, config);
    if (action === 'set') return set(rest, config);
    if (action === 'delete') return remove(rest, config);
    throw new UsageError(
      action === undefined
        ? 'create, list, set or delete?'
        : `there is no "workspace ${action}"; choose from create, list, set or delete`,
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
  const changes = mergeSettings(dialects, {}, readChanges(values), 'setting');
  const { name = slug, timezone = 'UTC', currency = 'EUR', ...settings } = changes;
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
  const found = await withServices(config, ({ database }) => listWorkspaceEntries(database));
  const heading = ['slug', 'id', 'name', 'time zone', 'currency', 'matching', 'status'];
  process.stdout.write(formatTable([heading, ...found.map(presentWorkspace)]));
  return 0;
}

async function set(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, { ...propertyOptions, status: { type: 'string' } });
  const [slug] = expectPositionals(positionals, 'the slug');
  const { status, ...properties } = values;
  const wanted = { ...readChanges(properties), ...readStatus(status) };
  if (Object.keys(wanted).length === 0)
    throw new UsageError(
      'nothing to set; give --name, --timezone, --currency, --matching, --status or --setting',
    );
  refuse(findWorkspaceProblem(wanted));
  const changesOf = ({ settings }: WorkspaceEntry) =>
    mergeSettings(dialects, settings.dialects, wanted, 'setting');
  const changed = await withServices(config, async (services) => {
    const before = await requireWorkspace(services, slug);
    const after = await configureWorkspace(services, dialects, before.id, changesOf, new Date());
    await finishRecounts(services.jobs, before, after);
    return after;
  });
  process.stdout.write(
    formatTable([
      ['slug', 'id', 'name', 'time zone', 'currency', 'matching', 'status'],
      presentWorkspace(changed),
    ]),
  );
  return 0;
}

async function remove(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, { yes: { type: 'boolean' } });
  const [slug] = expectPositionals(positionals, 'the slug');
  if (!values.yes)
    throw new UsageError('this takes all that the workspace has, for good; say --yes if that is meant');
  const job = await withServices(config, async (services) => {
    const doomed = await requireWorkspace(services, slug);
    const id = await requestWorkspaceDeletion(services, doomed.id, 'command line', new Date());
    return finishJob(services, doomed, id);
  });
  const rows = Object.entries(job.result ?? {}).map(([table, count]) => [table, String(count)]);
  process.stdout.write(formatTable([['table', 'rows'], ...rows]));
  return 0;
}

/** @throws UsageError */
function readStatus(text: string | undefined): Pick<WorkspaceChanges, 'status'> {
  if (text === undefined) return {};
  const status = settableStatuses.find((one) => one === text);
  if (!status) throw new UsageError(`--status is one of ${settableStatuses.join(', ')}, not "${text}"`);
  return { status };
}

interface PropertyValues {
  readonly name?: string;
  readonly timezone?: string;
  readonly currency?: string;
  readonly matching?: string;
  readonly setting?: string[];
}

/** What is named of a workspace, settings by their paths too. @throws UsageError */
function readChanges({ matching, setting = [], ...properties }: PropertyValues): WantedChanges {
  return {
    ...readSettings(setting),
    ...properties,
    ...(matching === undefined ? {} : { matching: matching === 'none' ? [] : matching.split(',') }),
  };
}

function refuse(problem: WorkspaceProblem | undefined): void {
  if (problem) throw new UsageError(problem.message);
}

function presentWorkspace({
  slug,
  publicId,
  name,
  timezone,
  currency,
  settings,
  status,
}: WorkspaceEntry): string[] {
  return [slug, publicId, name, timezone, currency, settings.matching.join(',') || 'none', status];
}
