import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import type { TObject } from 'typebox';
import { addSource, type SourceDialect, sourceKinds } from '../core/source/add-source.ts';
import { defaultNode, type Workspace } from '../core/workspace/workspace.ts';
import { RequestError } from '../errors.ts';
import { enterWorkspace, requireAdministrator, workspaceOf } from './admission.ts';
import { presentNode, presentSource } from './present.ts';
import { wrong } from './refusals.ts';
import { errors, WorkspaceParameters } from './schemas/common.ts';
import { NewSourceBody, NewSourceReply, NodesReply, SourcesReply } from './schemas/configuration.ts';
import type { DialectForms } from './schemas/settings.ts';
import type { NativeServices } from './services.ts';
import { findFault } from './validation.ts';

const tags = ['Native: configuration'];
const path = '/workspaces/:workspace';

/** Nodes and sources of a workspace. */
export function registerConfiguration(
  scope: FastifyInstance,
  services: NativeServices,
  dialects: readonly DialectForms[],
): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = enterWorkspace.bind(null, services);
  const params = WorkspaceParameters;
  app.get(`${path}/nodes`, {
    schema: { tags, summary: 'List nodes', params, response: { 200: NodesReply, ...errors(404) } },
    onRequest,
    handler: async (request) => ({ nodes: [...workspaceOf(request).nodes.values()].map(presentNode) }),
  });
  registerSources(scope, services, dialects);
}

function registerSources(
  scope: FastifyInstance,
  services: NativeServices,
  dialects: readonly DialectForms[],
): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = enterWorkspace.bind(null, services);
  const params = WorkspaceParameters;
  app.get(`${path}/sources`, {
    schema: { tags, summary: 'List sources', params, response: { 200: SourcesReply, ...errors(404) } },
    onRequest,
    handler: async (request) => {
      const workspace = workspaceOf(request);
      return { sources: [...workspace.sources.values()].map((source) => presentSource(workspace, source)) };
    },
  });
  app.post(`${path}/sources`, {
    schema: {
      tags,
      summary: 'Add a list, a WhatsApp number or an integration',
      description:
        "The id of a WhatsApp number is a name in all of the installation: to give one takes the administrator's key.",
      params,
      body: NewSourceBody,
      response: { 201: NewSourceReply, ...errors(403, 404, 409) },
    },
    onRequest,
    handler: async (request, reply) => {
      const workspace = workspaceOf(request);
      const { dialect, name, externalId, node, settings } = request.body;
      // The id of a WhatsApp number is a name in all of the installation; those of lists and integrations are the workspace's own.
      if (dialect === 'signals' && externalId !== undefined) requireAdministrator(request, 'body/externalId');
      if (externalId !== undefined && !sourceKinds[dialect].externalId.test(externalId))
        throw wrong(
          'body/externalId',
          `"${externalId}" is no id of a ${sourceKinds[dialect].kind}: it is of the form ${sourceKinds[dialect].externalId.source}.`,
        );
      refuseFault(dialects.find((one) => one.name === dialect)?.sourceSettings, settings);
      const wanted = {
        dialect,
        name,
        nodeId: nodeOf(workspace, dialect, node),
        settings: settings ?? {},
        ...(externalId === undefined ? {} : { externalId }),
      };
      const added = await addSource(services, workspace, wanted, new Date(services.clock()));
      if (!added)
        throw new RequestError('conflict', `There is a ${sourceKinds[dialect].kind} of this id already.`, {
          path: 'body/externalId',
        });
      const source = presentSource(workspace, added.source);
      return reply.code(201).send({ source, secrets: added.secrets });
    },
  });
}

function nodeOf(workspace: Workspace, dialect: SourceDialect, publicId: string | undefined): number {
  if (publicId === undefined) return defaultNode(workspace, dialect).id;
  for (const node of workspace.nodes.values())
    if (node.publicId === publicId && node.dialect === dialect) return node.id;
  throw wrong('body/node', `${dialect} has no node of this id here; GET …/nodes lists those there are.`);
}

/** Of each dialect's sources the settings have another form. */
function refuseFault(form: TObject | undefined, settings: Record<string, unknown> | undefined): void {
  const fault = form && settings && findFault(form, settings, 'body/settings');
  if (fault) throw wrong(fault.path, fault.message);
}
