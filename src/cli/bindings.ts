import type { Config } from '../config.ts';
import { readBindings } from '../core/workspace/binding-store.ts';
import {
  addBinding,
  findBindingProblem,
  nameOwnersOf,
  removeBinding,
} from '../core/workspace/manage-bindings.ts';
import { dialects } from '../dialects/registry.ts';
import { requireDialect } from './choose-dialect.ts';
import { type Command, CommandError, expectPositionals, parseOptions, UsageError } from './command.ts';
import { formatTable } from './table.ts';
import { requireWorkspace, withServices } from './with-services.ts';

const kinds = dialects
  .flatMap(({ name, provision: { names = {} } }) => Object.keys(names).map((kind) => `${name} ${kind}`))
  .join(', ');
const owners = [...nameOwnersOf(dialects)];
const ownerUsage = owners.map(([, kind]) => `[--${kind} ID]`).join(' ');
const ownerHelp = owners
  .map(([, kind]) => `  --${`${kind} ID`.padEnd(17)}the ${kind} that the name belongs to`)
  .join('\n');
const ownerOptions = Object.fromEntries(owners.map(([, kind]) => [kind, { type: 'string' as const }]));

export const bindings: Command = {
  help: `Usage: throughline bindings list [--workspace SLUG]
       throughline bindings add API KIND NAME ${ownerUsage} [--workspace SLUG]
       throughline bindings remove API KIND NAME [--workspace SLUG]

A binding is what a vendor's API calls a workspace: ${kinds}. A name is one
workspace's. Running servers go by a change within two seconds. With the name of a source its secrets end; what came in by it stays.

${ownerHelp}
  --workspace SLUG   by slug or id (default: the only workspace there is)
`,
  async run(args, config) {
    const [action, ...rest] = args;
    if (action === 'list') return list(rest, config);
    if (action === 'add') return add(rest, config);
    if (action === 'remove') return remove(rest, config);
    const choice = 'list, add or remove';
    throw new UsageError(
      action === undefined ? `${choice}?` : `there is no "bindings ${action}"; choose from ${choice}`,
    );
  },
};

const workspaceOption = { workspace: { type: 'string' } } as const;

async function list(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, workspaceOption);
  expectPositionals(positionals);
  const found = await withServices(config, async (services) =>
    readBindings(services.database, (await requireWorkspace(services, values.workspace)).id),
  );
  const rows = found.map(({ dialect, kind, externalId }) => [dialect, kind, externalId]);
  process.stdout.write(formatTable([['api', 'kind', 'name'], ...rows]));
  return 0;
}

async function add(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, { ...ownerOptions, ...workspaceOption });
  const wanted = { ...readBinding(positionals), owners: readOwners(values) };
  const problem = findBindingProblem(dialects, wanted);
  if (problem) throw new UsageError(problem.message);
  const refusal = await withServices(config, async (services) =>
    addBinding(services.database, dialects, (await requireWorkspace(services, values.workspace)).id, wanted),
  );
  if (refusal === 'taken') throw new CommandError(`a workspace has the ${positionals.join(' ')} already`);
  if (refusal) throw new CommandError(refusal.message);
  process.stdout.write(`${positionals.join(' ')} is given\n`);
  return 0;
}

async function remove(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, workspaceOption);
  const binding = readBinding(positionals);
  const removal = await withServices(config, async (services) => {
    const { id } = await requireWorkspace(services, values.workspace);
    return removeBinding(services, dialects, id, binding, new Date());
  });
  if (removal.kind === 'unknown')
    throw new CommandError(
      `the workspace has no ${positionals.join(' ')} (throughline bindings list shows what it has)`,
    );
  if (removal.kind === 'needed') throw new CommandError(removal.why);
  process.stdout.write(`${positionals.join(' ')} is free\n`);
  return 0;
}

function readBinding(positionals: readonly string[]) {
  const [name, kind, externalId] = expectPositionals(positionals, 'the API', 'the kind', 'the name') as [
    string,
    string,
    string,
  ];
  return { dialect: requireDialect(name), kind, externalId };
}

function readOwners(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    owners.flatMap(([setting, kind]) => {
      const owner = values[kind];
      return typeof owner === 'string' ? [[setting, owner]] : [];
    }),
  );
}
