import type { Config } from '../config.ts';
import { setEventTypeArchived } from '../core/event-type/archive-event-type.ts';
import type { EventType } from '../core/event-type/event-type.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { dialects, projections } from '../dialects/registry.ts';
import { deleteEventType } from '../jobs/delete-event-type.ts';
import { dialectList, requireDialect } from './choose-dialect.ts';
import { type Command, CommandError, expectPositionals, parseOptions, UsageError } from './command.ts';
import { formatInstant, formatTable } from './table.ts';
import { type CommandServices, requireWorkspace, withServices } from './with-services.ts';

const slicesAtOnce = 100;

export const eventTypes: Command = {
  help: `Usage: throughline event-types list [--dialect NAME] [--workspace SLUG]
       throughline event-types archive ID [--workspace SLUG]
       throughline event-types restore ID [--workspace SLUG]
       throughline event-types delete ID [--workspace SLUG]

The kinds of events that a workspace knows. Archived ones take no events; what they have taken stays, and they keep their place among
the 10,000 of a workspace, until they are deleted. Deleting one deletes its events, too; the next event of its name makes a new one.

  --dialect NAME     of this API only: ${dialectList}
  --workspace SLUG   by slug or id (default: the only workspace there is)
`,
  async run(args, config) {
    const [action, ...rest] = args;
    if (action === 'list') return list(rest, config);
    if (action === 'archive' || action === 'restore') return archive(rest, config, action);
    if (action === 'delete') return remove(rest, config);
    throw new UsageError(
      action === undefined ? 'list, archive, restore or delete?' : `there is no "event-types ${action}"`,
    );
  },
};

async function list(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    workspace: { type: 'string' },
    dialect: { type: 'string' },
  });
  expectPositionals(positionals);
  const dialect = values.dialect === undefined ? undefined : requireDialect(values.dialect);
  const types = await withServices(config, async (services) => {
    const { eventTypes: known } = await requireWorkspace(services, values.workspace);
    return dialect ? known.ofDialect(dialect) : known.all();
  });
  const heading = ['id', 'api', 'name', 'made by', 'created', 'archived'];
  process.stdout.write(formatTable([heading, ...types.sort((a, b) => a.id - b.id).map(presentType)]));
  return 0;
}

function presentType({ publicId, dialect, name, keyless, createdAt, archivedAt }: EventType): string[] {
  const archived = archivedAt ? formatInstant(archivedAt) : '';
  return [publicId, dialect, name, keyless ? 'visitor' : 'key', formatInstant(createdAt), archived];
}

async function archive(args: string[], config: Config, action: 'archive' | 'restore'): Promise<number> {
  const now = new Date();
  const archivedAt = action === 'archive' ? now : null;
  const type = await onType(args, config, async (services, workspace, { publicId }) =>
    setEventTypeArchived(services, workspace.id, publicId, archivedAt, now),
  );
  process.stdout.write(`event type ${type.name} is ${action === 'archive' ? 'archived' : 'live again'}\n`);
  return 0;
}

async function remove(args: string[], config: Config): Promise<number> {
  let events = 0;
  const type = await onType(args, config, async (services, workspace, found) => {
    for (let isMore = true; isMore; ) {
      const options = { now: new Date(), slices: slicesAtOnce, dialects };
      const deleted = await deleteEventType(
        { ...services, projections },
        workspace.id,
        found.publicId,
        options,
      );
      if (deleted === 'kept')
        throw new CommandError(`conversations follow from the events of ${found.name}: it stays`);
      events += deleted?.deletedEvents ?? 0;
      isMore = deleted?.more === true;
    }
    return found;
  });
  process.stdout.write(`event type ${type.name} is deleted, with ${events} events\n`);
  return 0;
}

/** Does something with the type that the command names. @throws CommandError when there is none */
async function onType(
  args: string[],
  config: Config,
  work: (services: CommandServices, workspace: Workspace, type: EventType) => Promise<EventType | undefined>,
): Promise<EventType> {
  const { values, positionals } = parseOptions(args, { workspace: { type: 'string' } });
  const [id] = expectPositionals(positionals, "the event type's id");
  return withServices(config, async (services) => {
    const workspace = await requireWorkspace(services, values.workspace);
    const found = workspace.eventTypes.byPublicId(id!);
    const type = found && (await work(services, workspace, found));
    if (!type) throw new CommandError(`there is no event type ${id} here`);
    return type;
  });
}
