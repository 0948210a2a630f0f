import type { Config } from '../config.ts';
import { changeSource, type SourceChange } from '../core/source/change-source.ts';
import type { Source } from '../core/source/source.ts';
import { dialects } from '../dialects/registry.ts';
import { dialectList, requireDialect } from './choose-dialect.ts';
import { type Command, CommandError, expectPositionals, parseOptions, UsageError } from './command.ts';
import { formatInstant, formatTable, printable } from './table.ts';
import { requireWorkspace, withServices } from './with-services.ts';

export const sources: Command = {
  help: `Usage: throughline sources list [--dialect NAME] [--workspace SLUG]
       throughline sources rename ID NAME [--workspace SLUG]
       throughline sources archive ID [--workspace SLUG]
       throughline sources restore ID [--workspace SLUG]

By what events come in: lists of Octeth, WhatsApp numbers of Signals, integrations of Webmarketer, sources of Contacthub. By one that is
archived nothing comes in: its events are refused in the vendor's form, by running servers at once. What it has taken stays, under its
name; its keys and secrets are not revoked, so that all goes on when it is restored, within two seconds.

  --dialect NAME     of this API only: ${dialectList}
  --workspace SLUG   by slug or id (default: the only workspace there is)
`,
  async run(args, config) {
    const [action, ...rest] = args;
    if (action === 'list') return list(rest, config);
    if (action === 'rename') return rename(rest, config);
    if (action === 'archive' || action === 'restore') return archive(rest, config, action === 'archive');
    const choice = 'list, rename, archive or restore';
    throw new UsageError(
      action === undefined ? `${choice}?` : `there is no "sources ${action}"; choose from ${choice}`,
    );
  },
};

const workspaceOption = { workspace: { type: 'string' } } as const;
const idName = "the source's id";

async function list(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, { ...workspaceOption, dialect: { type: 'string' } });
  expectPositionals(positionals);
  const wanted = values.dialect === undefined ? undefined : requireDialect(values.dialect);
  const workspace = await withServices(config, (services) => requireWorkspace(services, values.workspace));
  const found = [...workspace.sources.values()].filter(
    ({ dialect }) => wanted === undefined || dialect === wanted,
  );
  process.stdout.write(formatTable([heading, ...found.map(presentSource)]));
  return 0;
}

const heading = ['id', 'api', 'kind', 'vendor id', 'name', 'created', 'archived'];

function presentSource({
  publicId,
  dialect,
  kind,
  externalId,
  name,
  createdAt,
  archivedAt,
}: Source): string[] {
  const archived = archivedAt ? formatInstant(archivedAt) : '';
  return [publicId, dialect, kind, externalId, name, formatInstant(createdAt), archived];
}

async function rename(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, workspaceOption);
  const [id, name] = expectPositionals(positionals, idName, 'its new name') as [string, string];
  if (name === '' || [...name].length > maximumName)
    throw new UsageError(`a name has 1 to ${maximumName} characters`);
  const { kind } = await change(config, values.workspace, id, { name });
  process.stdout.write(`the ${kind} is called ${printable(name)}\n`);
  return 0;
}

/** As the native API's. */
const maximumName = 200;

async function archive(args: string[], config: Config, archived: boolean): Promise<number> {
  const { values, positionals } = parseOptions(args, workspaceOption);
  const [id] = expectPositionals(positionals, idName) as [string];
  const { kind, name } = await change(config, values.workspace, id, { archived });
  const state = archived ? 'is archived: nothing comes in by it' : 'is in use again';
  process.stdout.write(`the ${kind} ${printable(name)} ${state}\n`);
  return 0;
}

async function change(
  config: Config,
  slugOrId: string | undefined,
  id: string,
  wanted: SourceChange,
): Promise<Source> {
  const changed = await withServices(config, async (services) => {
    const workspace = await requireWorkspace(services, slugOrId);
    return changeSource(services, dialects, workspace.id, id.toLowerCase(), wanted, new Date());
  });
  if (changed.kind === 'unknown')
    throw new CommandError(`there is no source ${id} here (throughline sources list shows those there are)`);
  if (changed.kind === 'needed') throw new CommandError(changed.why);
  return changed.source;
}
