import {
  type Command,
  CommandError,
  expectPositionals,
  parseOptions,
  UsageError,
} from '../../../cli/command.ts';
import { formatTable } from '../../../cli/table.ts';
import { requireWorkspace, withServices } from '../../../cli/with-services.ts';
import type { Config } from '../../../config.ts';
import type { Node } from '../../../core/node/node.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { findFault } from '../../../native/validation.ts';
import { findNode, nodesOf } from '../access.ts';
import { changeNode } from '../node/change-node.ts';
import { createNode, defaultMatchingPolicy, maximumNodes } from '../node/create-node.ts';
import { deleteNode, nodeKeepers } from '../node/delete-node.ts';
import { requestEmptying } from '../node/empty-node.ts';
import { NodeChanges } from '../node/node-changes.ts';

export const contacthub: Command = {
  help: `Usage: throughline contacthub node list [--workspace SLUG]
       throughline contacthub node create --name TEXT [OPTIONS OF set]
       throughline contacthub node set [ID] [--policy POLICY] [--match PATHS] [--case-sensitive yes|no] [--mandatory PATHS]
                                       [--sources IDS] [--name TEXT] [--workspace SLUG]
       throughline contacthub node empty ID [--events-only] [--workspace SLUG]
       throughline contacthub node delete ID [--workspace SLUG]

Shows the entry nodes, makes and deletes them, and sets by what their customers are found again when they are created once more.

  ID                     the node's id (set: the only node there is, unless given)
  --policy POLICY        MERGE writes to the customer there is, BLOCK refuses with 409, NO_CHECK makes another
  --match PATHS          properties that have to be alike, such as base.contacts.email,base.lastName
  --case-sensitive       whether "Ann" and "ANN" differ
  --mandatory PATHS      properties that a new customer must have; "none" for none
  --sources IDS          ids of sources: of values that several gave, that of the first of these is shown; "none" for none
  --events-only          its customers stay
  --workspace SLUG       by slug or id (default: the only workspace there is)

By another rule the keys of its customers are made anew by a job of the running server ("jobs list"); until it is over, writes of
customers there are answered 423. A job of it empties a node, too; what comes in after that stays. Only a node that holds nothing is deleted.
`,
  async run(args, config) {
    const [object, action, ...rest] = args;
    if (object === 'node' && action === 'list') return listNodes(rest, config);
    if (object === 'node' && action === 'create') return makeNode(rest, config);
    if (object === 'node' && action === 'set') return setNode(rest, config);
    if (object === 'node' && action === 'empty') return emptyNode(rest, config);
    if (object === 'node' && action === 'delete') return removeNode(rest, config);
    throw new UsageError('choose from node list, node create, node set, node empty, node delete');
  },
};

async function listNodes(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, { workspace: { type: 'string' } });
  expectPositionals(positionals);
  const workspace = await withServices(config, (services) => requireWorkspace(services, values.workspace));
  process.stdout.write(formatTable([heading, ...nodesOf(workspace).map(presentNode)]));
  return 0;
}

const nodeOptions = {
  workspace: { type: 'string' },
  name: { type: 'string' },
  policy: { type: 'string' },
  match: { type: 'string' },
  'case-sensitive': { type: 'string' },
  mandatory: { type: 'string' },
  sources: { type: 'string' },
} as const;

const requestedBy = 'command line';

async function makeNode(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, nodeOptions);
  expectPositionals(positionals);
  if (values.name === undefined) throw new UsageError('give the node a name with --name');
  const wanted = { ...readChanges(values, defaultMatchingPolicy), name: values.name };
  const created = await withServices(config, async (services) => {
    const { id } = await requireWorkspace(services, values.workspace);
    return createNode(services, id, wanted, new Date());
  });
  if (created === 'full') throw new CommandError(`there are ${maximumNodes} nodes already; delete one first`);
  if ('message' in created) throw new UsageError(created.message);
  process.stdout.write(formatTable([heading, presentNode(created)]));
  return 0;
}

async function setNode(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, nodeOptions);
  const [id, ...others] = positionals;
  expectPositionals(others);
  const changed = await withServices(config, async (services) => {
    const workspace = await requireWorkspace(services, values.workspace);
    const { publicId, settings } = requireNode(workspace, id);
    const changes = readChanges(values, settings.uniqueCustomer ?? { properties: [], caseSensitive: false });
    return changeNode(services, workspace.id, publicId, changes, requestedBy, new Date());
  });
  if (!changed) throw new CommandError('the node is not there any more');
  if ('message' in changed) throw new UsageError(changed.message);
  process.stdout.write(formatTable([heading, presentNode(changed.node)]));
  if (changed.jobId) process.stderr.write(`job ${changed.jobId} makes the keys of its customers anew\n`);
  return 0;
}

async function emptyNode(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    workspace: { type: 'string' },
    'events-only': { type: 'boolean' },
  });
  const id = requireId(positionals);
  const eventsOnly = values['events-only'] ?? false;
  const jobId = await withServices(config, async (services) => {
    const workspace = await requireWorkspace(services, values.workspace);
    const node = requireNode(workspace, id);
    return requestEmptying(services, workspace, node, { eventsOnly, requestedBy }, new Date());
  });
  process.stderr.write(`job ${jobId} deletes what it holds by now\n`);
  return 0;
}

async function removeNode(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, { workspace: { type: 'string' } });
  const id = requireId(positionals);
  const outcome = await withServices(config, async (services) => {
    const workspace = await requireWorkspace(services, values.workspace);
    const { publicId } = requireNode(workspace, id);
    return deleteNode(services, workspace.id, publicId, new Date());
  });
  if (outcome === 'not-there') throw new CommandError('the node is not there any more');
  if (outcome !== 'deleted') throw new CommandError(`the node ${nodeKeepers[outcome]}`);
  process.stderr.write(`the node ${id} is no more\n`);
  return 0;
}

/** What takes something away does so of a node that was named. @throws UsageError */
function requireId([id, ...others]: string[]): string {
  expectPositionals(others);
  if (id === undefined) throw new UsageError('name the node by its id');
  return id;
}

interface NodeOptions {
  readonly name?: string;
  readonly policy?: string;
  readonly match?: string;
  readonly 'case-sensitive'?: string;
  readonly mandatory?: string;
  readonly sources?: string;
}

/** `known`: the rule that the options change. @throws UsageError */
function readChanges(
  options: NodeOptions,
  known: { readonly properties: readonly string[]; readonly caseSensitive: boolean },
): NodeChanges {
  const { name, policy, match, 'case-sensitive': caseSensitive, mandatory, sources } = options;
  if (caseSensitive !== undefined && caseSensitive !== 'yes' && caseSensitive !== 'no')
    throw new UsageError(`--case-sensitive is yes or no, not "${caseSensitive}"`);
  const uniqueCustomer = {
    properties: match?.split(',') ?? [...known.properties],
    caseSensitive: caseSensitive === undefined ? known.caseSensitive : caseSensitive === 'yes',
  };
  const changes = {
    ...(name === undefined ? {} : { name }),
    ...(policy === undefined ? {} : { uniquenessPolicy: policy }),
    ...(match === undefined && caseSensitive === undefined ? {} : { uniqueCustomer }),
    ...(mandatory === undefined
      ? {}
      : { mandatoryProperties: mandatory === 'none' ? [] : mandatory.split(',') }),
    ...(sources === undefined ? {} : { sourcePriority: sources === 'none' ? [] : sources.split(',') }),
  };
  return checkChanges(changes);
}

function checkChanges(changes: object): NodeChanges {
  if (Object.keys(changes).length === 0)
    throw new UsageError(
      'nothing to set; give --policy, --match, --case-sensitive, --mandatory, --sources or --name',
    );
  const fault = findFault(NodeChanges, changes, 'node');
  if (fault) throw new UsageError(fault.message.replace(/\.$/, ''));
  return changes;
}

/** @throws CommandError */
function requireNode(workspace: Workspace, id: string | undefined): Node {
  const nodes = nodesOf(workspace);
  const [only, ...others] = nodes;
  if (id === undefined && only && others.length === 0) return only;
  const node = id === undefined ? undefined : findNode(workspace, id);
  if (node) return node;
  throw new CommandError(
    id === undefined
      ? `there are ${nodes.length} nodes; name one by its id (throughline contacthub node list shows them)`
      : `there is no node ${id} here (throughline contacthub node list shows those there are)`,
  );
}

const heading = ['id', 'name', 'policy', 'match', 'case', 'mandatory', 'keys'];

function presentNode({ publicId, name, settings }: Node): string[] {
  const { uniqueCustomer, uniquenessPolicy = 'MERGE', mandatoryProperties = [], reindexing } = settings;
  return [
    publicId,
    name,
    uniquenessPolicy,
    uniqueCustomer?.properties.join(',') ?? 'none',
    uniqueCustomer?.caseSensitive ? 'sensitive' : 'any',
    mandatoryProperties.join(',') || 'none',
    reindexing ? 'are made anew' : 'made',
  ];
}
