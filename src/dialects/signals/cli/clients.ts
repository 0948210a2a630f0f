import { CommandError, expectPositionals, parseOptions, UsageError } from '../../../cli/command.ts';
import { formatTable } from '../../../cli/table.ts';
import { requireWorkspace, withServices } from '../../../cli/with-services.ts';
import type { Config } from '../../../config.ts';
import { addBinding } from '../../../core/workspace/manage-bindings.ts';
import { listClientIds } from '../app/clients.ts';
import { provision } from '../provision.ts';
import { listNames, requireName } from './names.ts';

/** Adds a client of a partner of the workspace: its only one unless one is named. */
export async function addClient(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    workspace: { type: 'string' },
    partner: { type: 'string' },
  });
  const [externalId] = expectPositionals(positionals, "the client's id") as [string];
  if (!provision.names.client.form.test(externalId))
    throw new UsageError(`"${externalId}" is no id of a client: it has 1 to 64 letters, digits, - and _`);
  await withServices(config, async (services) => {
    const { id } = await requireWorkspace(services, values.workspace);
    const partnerId = await requireName(services, id, 'partner', values.partner);
    const binding = { dialect: 'signals', kind: 'client', externalId, owners: { partnerId } } as const;
    const problem = await addBinding(services.database, [{ provision }], id, binding);
    if (problem === 'taken') throw new CommandError(`a workspace has the client ${externalId} already`);
    if (problem) throw new CommandError(problem.message);
  });
  process.stdout.write(`client ${externalId} is set up\n`);
  return 0;
}

export async function listClients(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, { workspace: { type: 'string' } });
  expectPositionals(positionals);
  const rows = await withServices(config, async (services) => {
    const { id } = await requireWorkspace(services, values.workspace);
    const clients: string[][] = [];
    for (const partnerId of await listNames(services, id, 'partner'))
      for (const client of await listClientIds(services.database, id, partnerId))
        clients.push([client, partnerId]);
    return clients;
  });
  process.stdout.write(formatTable([['client', 'partner'], ...rows]));
  return 0;
}
