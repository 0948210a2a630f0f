import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { addSource, type SourceDialect, sourceKinds } from '../core/source/add-source.ts';
import { bindingKinds, insertBinding, readBindings } from '../core/workspace/binding-store.ts';
import { defaultNode, type Workspace } from '../core/workspace/workspace.ts';
import { RequestError } from '../errors.ts';
import { enterWorkspace, workspaceOf } from './admission.ts';
import { presentBindings, presentNode, presentSource } from './present.ts';
import { errors, WorkspaceParameters } from './schemas/common.ts';
import {
  BindingSchema,
  BindingsReply,
  NewBindingBody,
  NewSourceBody,
  NewSourceReply,
  NodesReply,
  SourcesReply,
} from './schemas/configuration.ts';
import type { NativeServices } from './services.ts';

const tags = ['Native: configuration'];
const path = '/workspaces/:workspace';

/** Nodes, sources and bindings of a workspace. */
export function registerConfiguration(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = enterWorkspace.bind(null, services);
  const params = WorkspaceParameters;
  app.get(`${path}/nodes`, {
    schema: { tags, summary: 'List nodes', params, response: { 200: NodesReply, ...errors(404) } },
    onRequest,
    handler: async (request) => ({ nodes: [...workspaceOf(request).nodes.values()].map(presentNode) }),
  });
  registerSources(scope, services);
  registerBindings(scope, services);
}

function registerSources(scope: FastifyInstance, services: NativeServices): void {
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
      params,
      body: NewSourceBody,
      response: { 201: NewSourceReply, ...errors(404, 409) },
    },
    onRequest,
    handler: async (request, reply) => {
      const workspace = workspaceOf(request);
      const { dialect, name, externalId, node, settings } = request.body;
      if (externalId !== undefined && !sourceKinds[dialect].externalId.test(externalId))
        throw invalid('externalId', `"${externalId}" is no id of a ${sourceKinds[dialect].kind}.`);
      const wanted = {
        dialect,
        name,
        nodeId: nodeOf(workspace, dialect, node),
        settings: settings ?? {},
        ...(externalId === undefined ? {} : { externalId }),
      };
      const added = await addSource(services, workspace, wanted, new Date(services.clock()));
      if (!added) throw new RequestError('conflict', 'There is a source with this id.');
      const source = presentSource(workspace, added.source);
      return reply.code(201).send({ source, secrets: added.secrets });
    },
  });
}

function nodeOf(workspace: Workspace, dialect: SourceDialect, publicId: string | undefined): number {
  if (publicId === undefined) return defaultNode(workspace, dialect).id;
  for (const node of workspace.nodes.values())
    if (node.publicId === publicId && node.dialect === dialect) return node.id;
  throw invalid('node', `There is no such node of ${dialect}.`);
}

function registerBindings(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = enterWorkspace.bind(null, services);
  const params = WorkspaceParameters;
  app.get(`${path}/bindings`, {
    schema: {
      tags,
      summary: 'List what the workspace is called in each dialect',
      params,
      response: { 200: BindingsReply, ...errors(404) },
    },
    onRequest,
    handler: async (request) => {
      const workspace = workspaceOf(request);
      return { bindings: presentBindings(workspace, await readBindings(services.database, workspace.id)) };
    },
  });
  app.post(`${path}/bindings`, {
    schema: {
      tags,
      summary: 'Give the workspace another name in a dialect',
      description:
        'So that clients keep the licence code, project id, partner id or client id that they have.',
      params,
      body: NewBindingBody,
      response: { 201: BindingSchema, ...errors(404, 409) },
    },
    onRequest,
    handler: async (request, reply) => {
      const { dialect, kind, externalId, partnerId } = request.body;
      const forms: Record<string, RegExp> = bindingKinds[dialect];
      const form = Object.hasOwn(forms, kind) ? forms[kind] : undefined;
      if (!form)
        throw invalid('kind', `${dialect} has no ${kind}; choose from ${Object.keys(forms).join(', ')}.`);
      if (!form.test(externalId)) throw invalid('externalId', `"${externalId}" is no ${kind} of ${dialect}.`);
      if ((kind === 'client') !== (partnerId !== undefined))
        throw invalid('partnerId', 'A client of Signals belongs to a partner; nothing else does.');
      const settings = partnerId === undefined ? {} : { partnerId };
      const binding = { dialect, kind, externalId, settings };
      if (!(await insertBinding(services.database, workspaceOf(request).id, binding)))
        throw new RequestError('conflict', 'This name is taken.');
      return reply.code(201).send({ dialect, kind, externalId });
    },
  });
}

function invalid(path: string, message: string): RequestError {
  return new RequestError('invalid-request', message, { path });
}
