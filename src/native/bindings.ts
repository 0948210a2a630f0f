import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { readBindings } from '../core/workspace/binding-store.ts';
import {
  addBinding,
  type BindingProblem,
  findBindingProblem,
  removeBinding,
} from '../core/workspace/manage-bindings.ts';
import { RequestError } from '../errors.ts';
import { enterWorkspace, requireAdministrator, workspaceOf } from './admission.ts';
import { presentBindings } from './present.ts';
import { DialectSchema, errors, WorkspaceParameters } from './schemas/common.ts';
import { BindingSchema, BindingsReply, NewBindingBody } from './schemas/configuration.ts';
import type { NativeServices } from './services.ts';

const tags = ['Native: configuration'];
const path = '/workspaces/:workspace/bindings';

const BindingParameters = Type.Object({
  ...WorkspaceParameters.properties,
  dialect: DialectSchema,
  kind: Type.String({ maxLength: 32 }),
  externalId: Type.String({ maxLength: 64 }),
});

/** What the workspace is called in each dialect. A name is one workspace's in all of the installation: the administrator decides. */
export function registerBindings(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = enterWorkspace.bind(null, services);
  app.get(path, {
    schema: {
      tags,
      summary: 'List what the workspace is called in each dialect',
      params: WorkspaceParameters,
      response: { 200: BindingsReply, ...errors(404) },
    },
    onRequest,
    handler: async (request) => {
      const workspace = workspaceOf(request);
      return { bindings: presentBindings(workspace, await readBindings(services.database, workspace.id)) };
    },
  });
  app.post(path, {
    schema: {
      tags,
      summary: 'Give the workspace another name in a dialect (administrator)',
      description:
        'So that clients keep the licence code, project id, partner id or client id that they have. The name of a WhatsApp number comes with its source.',
      params: WorkspaceParameters,
      body: NewBindingBody,
      response: { 201: BindingSchema, ...errors(403, 404, 409) },
    },
    onRequest,
    handler: async (request, reply) => {
      const { dialect, kind, externalId } = request.body;
      refuse(findBindingProblem(request.body));
      requireAdministrator(request, 'body/externalId');
      const problem = await addBinding(services.database, workspaceOf(request).id, request.body);
      if (problem === 'taken')
        throw new RequestError(
          'conflict',
          `A workspace has the ${kind} ${externalId} of ${dialect} already.`,
          {
            path: 'body/externalId',
          },
        );
      refuse(problem);
      return reply.code(201).send({ dialect, kind, externalId });
    },
  });
  app.delete(`${path}/:dialect/:kind/:externalId`, {
    schema: {
      tags,
      summary: 'Take a name from the workspace (administrator)',
      description:
        "This process goes by it at once, others within two seconds. With a WhatsApp number's its secrets end, and its source is archived.",
      params: BindingParameters,
      response: { 204: Type.Null({ description: 'It is free.' }), ...errors(403, 404, 409) },
    },
    onRequest,
    handler: async (request, reply) => {
      requireAdministrator(request, 'params/externalId');
      const { dialect, kind, externalId } = request.params;
      const binding = { dialect, kind, externalId };
      const now = new Date(services.clock());
      const removal = await removeBinding(services, workspaceOf(request).id, binding, now);
      if (removal.kind === 'unknown')
        throw new RequestError(
          'not-found',
          'The workspace was given no such name; those that follow from the ids of nodes, lists and integrations stay with them.',
          { path: 'params/externalId' },
        );
      if (removal.kind === 'needed') throw new RequestError('conflict', `${removal.why}.`);
      return reply.code(204).send(null);
    },
  });
}

function refuse(problem: BindingProblem | undefined): void {
  if (problem)
    throw new RequestError('invalid-request', `${problem.message}.`, { path: `body/${problem.path}` });
}
