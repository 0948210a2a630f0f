import { CommandError, expectPositionals, parseOptions, UsageError } from '../../../cli/command.ts';
import { formatTable } from '../../../cli/table.ts';
import { requireWorkspace, withServices } from '../../../cli/with-services.ts';
import type { Config } from '../../../config.ts';
import { addSource } from '../../../core/source/add-source.ts';
import { defaultNode, type Workspace } from '../../../core/workspace/workspace.ts';
import { setTracking } from '../app/set-tracking.ts';
import { provision } from '../provision.ts';
import { requireName } from './names.ts';
import { requireMetaId } from './with-advertising.ts';

const idName = "the app's id";

/** Adds a number of a client, and prints by what its webhooks are signed and verified. */
export async function addApp(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    workspace: { type: 'string' },
    client: { type: 'string' },
    'ad-account': { type: 'string' },
    name: { type: 'string' },
  });
  const [externalId] = expectPositionals(positionals, idName) as [string];
  if (!provision.source.form.test(externalId))
    throw new UsageError(`"${externalId}" is no id of an app: it has digits only`);
  const { client, 'ad-account': adAccountId, name = `WhatsApp number ${externalId}` } = values;
  if (adAccountId !== undefined) requireMetaId(adAccountId, 'an ad account');
  const secrets = await withServices(config, async (services) => {
    const workspace = await requireWorkspace(services, values.workspace);
    const clientId = await requireName(services, workspace.id, 'client', client);
    const settings = { clientId, ctwaTracking: true, ...(adAccountId === undefined ? {} : { adAccountId }) };
    const wanted = { name, externalId, nodeId: defaultNode(workspace, 'signals').id, settings };
    const added = await addSource(services, provision, workspace, wanted, new Date());
    if (!added?.secrets) throw new CommandError(`a workspace has the app ${externalId} already`);
    return added.secrets;
  });
  process.stdout.write(`${JSON.stringify({ appId: externalId, ...secrets }, null, 2)}\n`);
  return 0;
}

export async function listApps(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, { workspace: { type: 'string' } });
  expectPositionals(positionals);
  const workspace = await withServices(config, (services) => requireWorkspace(services, values.workspace));
  const rows = appsOf(workspace).map(({ externalId, name, settings }) => [
    externalId,
    name,
    String(settings.clientId ?? ''),
    String(settings.adAccountId ?? ''),
    settings.ctwaTracking === false ? 'off' : 'on',
  ]);
  process.stdout.write(formatTable([['id', 'name', 'client', 'ad account', 'tracking'], ...rows]));
  return 0;
}

function appsOf(workspace: Workspace) {
  return [...workspace.sources.values()].filter(
    ({ dialect, kind, archivedAt }) => dialect === 'signals' && kind === 'app' && archivedAt === null,
  );
}

export async function trackApp(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, { workspace: { type: 'string' } });
  const [appId, state] = expectPositionals(positionals, 'the app', 'on or off') as [string, string];
  if (state !== 'on' && state !== 'off') throw new UsageError(`tracking is on or off, not "${state}"`);
  const isThere = await withServices(config, async (services) => {
    const { id } = await requireWorkspace(services, values.workspace);
    return setTracking(services, id, appId, state === 'on', new Date());
  });
  if (!isThere)
    throw new CommandError(
      `there is no app ${appId} here (throughline signals app list shows those there are)`,
    );
  process.stdout.write(`tracking of app ${appId} is ${state}\n`);
  return 0;
}
