import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { findReadNode } from '../../access.ts';
import { compileLazily } from '../../documents/compile.ts';
import { creatableProviders, type HubSource, type Provider } from '../../source/source.ts';
import { checkBody, invalidBody } from '../body.ts';
import { repeats } from '../immutable.ts';
import { sourceSchema } from './schemas.ts';

/** A body of the schema's form. */
interface SourceBody {
  readonly provider?: Provider;
  readonly name?: string;
  readonly description?: string | null;
  readonly nodes?: readonly string[];
  readonly enabled?: boolean;
  readonly properties?: Readonly<Record<string, unknown>> | null;
  readonly id?: string | null;
}

const validate = compileLazily(sourceSchema);

/** A source to be made. Without `nodes` it is for all there are (inferred). @throws RequestError */
export function parseNewSource(sent: unknown, workspace: Workspace): Omit<HubSource, 'id' | 'createdAt'> {
  const body = checkBody<SourceBody>('source', validate, sent);
  const { provider = 'API' } = body;
  if (!creatableProviders.includes(provider))
    throw invalidBody('source', [
      { path: '/provider', message: `sources of ${provider} can no longer be created` },
    ]);
  const { name = provider, description = null, enabled = true } = body;
  return {
    provider,
    name,
    description,
    enabled,
    nodes: body.nodes ? nodesOf(body.nodes, workspace) : null,
    properties: propertiesOf(body.properties),
  };
}

/** How a source is changed: what is left out stays (inferred). @throws RequestError */
export function parseSourceEdit(
  sent: unknown,
  workspace: Workspace,
  id: string,
): (source: HubSource) => HubSource {
  const body = checkBody<SourceBody>('source', validate, sent);
  if ((body.id ?? null) !== null && !repeats(body.id, id)) throw immutable('/id');
  const nodes = body.nodes && nodesOf(body.nodes, workspace);
  return (source) => {
    const { provider = source.provider, name = source.name, enabled = source.enabled } = body;
    // What a token is trusted with follows from it.
    if (provider !== source.provider) throw immutable('/provider');
    return {
      ...source,
      name,
      enabled,
      description: body.description === undefined ? source.description : body.description,
      nodes: nodes ?? source.nodes,
      properties: body.properties === undefined ? source.properties : propertiesOf(body.properties),
    };
  };
}

function immutable(path: string) {
  return invalidBody('source', [{ path, message: 'is immutable' }]);
}

/** @throws RequestError `invalid-request` for a node that is not there */
function nodesOf(ids: readonly string[], workspace: Workspace): readonly string[] {
  const known = ids.map((id, index) => {
    const node = findReadNode(workspace, id);
    if (!node) throw invalidBody('source', [{ path: `/nodes/${index}`, message: 'node not found' }]);
    return node.publicId;
  });
  return [...new Set(known)];
}

function propertiesOf(properties: SourceBody['properties']): Readonly<Record<string, unknown>> {
  return properties ? { ...properties } : {};
}
