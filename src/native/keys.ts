import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { listCredentials, revokeCredential } from '../core/credential/credential-store.ts';
import { issueKey, keyRoles } from '../core/workspace/issue-keys.ts';
import { RequestError } from '../errors.ts';
import { enterWorkspace, workspaceOf } from './admission.ts';
import { presentKey } from './present.ts';
import { errors, resourceParameters, WorkspaceParameters } from './schemas/common.ts';
import { KeysReply, NewKeyBody, NewKeyReply } from './schemas/configuration.ts';
import type { NativeServices } from './services.ts';

const tags = ['Native: keys'];
const path = '/workspaces/:workspace/keys';

export function registerKeys(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = enterWorkspace.bind(null, services);
  app.get(path, {
    schema: {
      tags,
      summary: 'List keys, revoked ones too; secrets are stored nowhere',
      params: WorkspaceParameters,
      response: { 200: KeysReply, ...errors(404) },
    },
    onRequest,
    handler: async (request) => {
      const keys = await listCredentials(services.database, workspaceOf(request).id);
      return { keys: keys.map(presentKey) };
    },
  });
  app.post(path, {
    schema: {
      tags,
      summary: 'Issue a key; its secret is shown once',
      params: WorkspaceParameters,
      body: NewKeyBody,
      response: { 201: NewKeyReply, ...errors(404) },
    },
    onRequest,
    handler: async (request, reply) => {
      const { dialect, name } = request.body;
      const roles = keyRoles[dialect];
      const role = request.body.role ?? roles[0];
      if (!roles.includes(role))
        throw new RequestError('invalid-request', `The roles of ${dialect} are ${roles.join(', ')}.`, {
          path: 'role',
        });
      const grant = { workspaceId: workspaceOf(request).id, dialect, role, name };
      const { credential, secret } = await issueKey(services.database, services.authenticator, grant);
      return reply.code(201).send({ key: presentKey(credential), secret });
    },
  });
  app.delete(`${path}/:keyId`, {
    schema: {
      tags,
      summary: 'Revoke a key; other processes follow within seconds',
      params: resourceParameters('keyId', "The key's id, not its secret."),
      response: { 204: Type.Null({ description: 'It is revoked.' }), ...errors(404) },
    },
    onRequest,
    handler: async (request, reply) => {
      const { keyId } = request.params;
      const now = new Date(services.clock());
      if (!(await revokeCredential(services.database, workspaceOf(request).id, keyId, now)))
        throw new RequestError('not-found', 'There is no such key, or it is revoked.');
      services.authenticator.forget();
      return reply.code(204).send(null);
    },
  });
}
