import {
  isolateWorkspace,
  listWorkspacePlaces,
  moveShard,
  readCluster,
  type WorkspacePlace,
} from '../core/cluster/cluster-store.ts';
import { nameNode } from '../core/cluster/describe-cluster.ts';
import { sqlState } from '../store/database-error.ts';
import { type Command, CommandError, expectPositionals, parseOptions, UsageError } from './command.ts';
import { formatTable } from './table.ts';
import { checkWorkspaces, presentChecks, type WorkspaceCheck } from './verify.ts';
import { type CommandServices, requireWorkspace, withServices } from './with-services.ts';

export const shards: Command = {
  help: `Usage: throughline shards list [SETTINGS]
       throughline shards move SLUG HOST:PORT [SETTINGS]
       throughline shards isolate SLUG [SETTINGS]

Of a Citus cluster (docs/citus.md): where workspaces are, and puts them elsewhere. A shard holds several workspaces, with all of their tables.

  list      workspaces with their shard, its node, and what the shard takes
  move      the workspace's shard, with all workspaces in it, to another node, while they are written
  isolate   gives the workspace a shard of its own; writes of all workspaces wait for some seconds meanwhile

What was moved is compared with its counters, as by "throughline verify"; the exit code is 1 when a check fails.
`,
  async run(args, config) {
    const [verb, ...rest] = parseOptions(args, {}).positionals;
    if (verb !== 'list' && verb !== 'move' && verb !== 'isolate')
      throw new UsageError('list, move or isolate?');
    const checks = await withServices(config, (services) => {
      if (!services.database.capabilities.distributesTables)
        throw new CommandError('the database is not distributed: shards are those of a Citus cluster');
      if (verb === 'list') return list(services, rest);
      return verb === 'move' ? move(services, rest) : isolate(services, rest);
    });
    return checks.every(({ ok }) => ok) ? 0 : 1;
  },
};

async function list({ database }: CommandServices, args: readonly string[]): Promise<WorkspaceCheck[]> {
  expectPositionals(args);
  const places = await listWorkspacePlaces(database);
  const rows = places.map((place) => [
    place.slug,
    String(place.shardId),
    nameNode(place),
    place.bytes === null ? '?' : String(place.bytes),
  ]);
  process.stdout.write(formatTable([['workspace', 'shard', 'node', 'bytes of the shard'], ...rows]));
  return [];
}

async function move(services: CommandServices, args: readonly string[]): Promise<WorkspaceCheck[]> {
  const [slug, node] = expectPositionals(args, 'the workspace', 'the node');
  const { database } = services;
  const { place, together } = await placeOf(services, slug);
  const { nodes } = await readCluster(database);
  const holding = nodes.filter(({ holdsShards }) => holdsShards);
  const to = holding.find((one) => nameNode(one) === node);
  if (!to)
    throw new CommandError(`no node ${node} holds shards; there are ${holding.map(nameNode).join(', ')}`);
  if (nameNode(place) === nameNode(to))
    throw new CommandError(`shard ${place.shardId} of ${place.slug} is on ${nameNode(to)} already`);
  await told(() => moveShard(database, place, to));
  const names = together.map((one) => one.slug).join(', ');
  process.stdout.write(`shard ${place.shardId} with ${names} is on ${nameNode(to)} now\n`);
  return checkMoved(services, together);
}

async function isolate(services: CommandServices, args: readonly string[]): Promise<WorkspaceCheck[]> {
  const [slug] = expectPositionals(args, 'the workspace');
  const { place, together } = await placeOf(services, slug);
  await told(() => isolateWorkspace(services.database, place.workspaceId));
  const { place: own } = await placeOf(services, slug);
  process.stdout.write(`${place.slug} has shard ${own.shardId} for itself now, on ${nameNode(own)}\n`);
  return checkMoved(services, together);
}

/** A workspace's place, and the places of all that share its shard, itself among them. */
async function placeOf(services: CommandServices, slug: string | undefined) {
  const workspace = await requireWorkspace(services, slug);
  const places = await listWorkspacePlaces(services.database);
  const place = places.find(({ workspaceId }) => workspaceId === workspace.id);
  if (!place) throw new CommandError(`no node holds ${workspace.slug} at the moment`);
  return { place, together: places.filter(({ shardId }) => shardId === place.shardId) };
}

/** What Citus refuses is the operator's to read, not a fault of ours. @throws CommandError */
async function told(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (sqlState(error) === undefined || !(error instanceof Error)) throw error;
    throw new CommandError(`the cluster refused: ${error.message.split('\n')[0]}`);
  }
}

async function checkMoved(
  services: CommandServices,
  moved: readonly WorkspacePlace[],
): Promise<WorkspaceCheck[]> {
  const checks: WorkspaceCheck[] = [];
  for (const { slug } of moved) checks.push(...(await checkWorkspaces(services, slug)));
  process.stdout.write(presentChecks(checks));
  return checks;
}
