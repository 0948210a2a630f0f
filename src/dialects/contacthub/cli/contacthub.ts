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
import { findNodeProblem, NodeChanges } from '../node/node-changes.ts';

export const contacthub: Command = {
  help: `Usage: throughline contacthub node list [--workspace SLUG]
       throughline contacthub node set [ID] [--policy POLICY] [--match PATHS] [--case-sensitive yes|no] [--mandatory PATHS]
                                       [--name TEXT] [--workspace SLUG]

Shows and sets by what the customers of an entry node are found again when they are created once more.

  ID                     the node's id (default: the only node there is)
  --policy POLICY        MERGE writes to the customer there is, BLOCK refuses with 409, NO_CHECK makes another
  --match PATHS          properties that have to be alike, such as base.contacts.email,base.lastName
  --case-sensitive       whether "Ann" and "ANN" differ
  --mandatory PATHS      properties that a new customer must have; "none" for none
  --workspace SLUG       by slug or id (default: the only workspace there is)

By another rule the keys of its customers are made anew by a job of the running server ("jobs list"); until it is over, writes of
customers there are answered 423.
`,
  async run(args, config) {
    const [object, action, ...rest] = args;
    if (object === 'node' && action === 'list') return listNodes(rest, config);
    if (object === 'node' && action === 'set') return setNode(rest, config);
    throw new UsageError('choose from node list, node set');
  },
};

async function listNodes(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, { workspace: { type: 'string' } });
  expectPositionals(positionals);
  const workspace = await withServices(config, (services) => requireWorkspace(services, values.workspace));
  process.stdout.write(formatTable([heading, ...nodesOf(workspace).map(presentNode)]));
  return 0;
}

async function setNode(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    workspace: { type: 'string' },
    name: { type: 'string' },
    policy: { type: 'string' },
    match: { type: 'string' },
    'case-sensitive': { type: 'string' },
    mandatory: { type: 'string' },
  });
  const [id, ...others] = positionals;
  expectPositionals(others);
  const changed = await withServices(config, async (services) => {
    const workspace = await requireWorkspace(services, values.workspace);
    const node = requireNode(workspace, id);
    const changes = readChanges(values, node);
    return changeNode(services, workspace, node.id, changes, 'command line', new Date());
  });
  if (!changed) throw new CommandError('the node is not there any more');
  process.stdout.write(formatTable([heading, presentNode(changed.node)]));
  if (changed.jobId) process.stderr.write(`job ${changed.jobId} makes the keys of its customers anew\n`);
  return 0;
}

interface NodeOptions {
  readonly name?: string;
  readonly policy?: string;
  readonly match?: string;
  readonly 'case-sensitive'?: string;
  readonly mandatory?: string;
}

/** @throws UsageError */
function readChanges(options: NodeOptions, { settings }: Node): NodeChanges {
  const { name, policy, match, 'case-sensitive': caseSensitive, mandatory } = options;
  if (caseSensitive !== undefined && caseSensitive !== 'yes' && caseSensitive !== 'no')
    throw new UsageError(`--case-sensitive is yes or no, not "${caseSensitive}"`);
  const known = settings.uniqueCustomer ?? { properties: [], caseSensitive: false };
  const uniqueCustomer = {
    properties: match?.split(',') ?? known.properties,
    caseSensitive: caseSensitive === undefined ? known.caseSensitive : caseSensitive === 'yes',
  };
  const changes = {
    ...(name === undefined ? {} : { name }),
    ...(policy === undefined ? {} : { uniquenessPolicy: policy }),
    ...(match === undefined && caseSensitive === undefined ? {} : { uniqueCustomer }),
    ...(mandatory === undefined
      ? {}
      : { mandatoryProperties: mandatory === 'none' ? [] : mandatory.split(',') }),
  };
  return checkChanges(changes);
}

function checkChanges(changes: object): NodeChanges {
  if (Object.keys(changes).length === 0)
    throw new UsageError('nothing to set; give --policy, --match, --case-sensitive, --mandatory or --name');
  const fault = findFault(NodeChanges, changes, 'node');
  if (fault) throw new UsageError(fault.message.replace(/\.$/, ''));
  const problem = findNodeProblem(changes);
  if (problem) throw new UsageError(problem.message);
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
