import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type, { type Static, type TObject } from 'typebox';
import type { Credential } from '../core/credential/credential.ts';
import { type CredentialScope, listCredentials } from '../core/credential/credential-store.ts';
import { endCredential, rotateCredential } from '../core/credential/manage-credentials.ts';
import { issueAdministratorKey, issueKey, keyRoles } from '../core/workspace/issue-keys.ts';
import { RequestError } from '../errors.ts';
import { admitAdministrator, enterWorkspace, workspaceOf } from './admission.ts';
import { readDateTime } from './date-times.ts';
import { timeOf, timeOrNull } from './present.ts';
import { errors, resourceParameters, WorkspaceParameters } from './schemas/common.ts';
import {
  type KeySchema,
  KeysQuery,
  KeysReply,
  NewAdministratorKeyBody,
  NewKeyBody,
  NewKeyReply,
  RotationBody,
  RotationReply,
} from './schemas/keys.ts';
import type { NativeServices } from './services.ts';

const tags = ['Native: keys'];
const keyIdMeaning = "The credential's id, not its secret.";

/** Whose credentials a path is about, and who may ask. */
interface Owner {
  readonly path: '/keys' | '/workspaces/:workspace/keys';
  readonly params: TObject;
  readonly keyParams: TObject;
  readonly admit: (request: FastifyRequest) => Promise<void>;
  readonly scopeOf: (request: FastifyRequest) => CredentialScope;
}

/** One way for all that opens something: a workspace's credentials, and the administrators' keys, which are of none. */
export function registerKeys(scope: FastifyInstance, services: NativeServices): void {
  registerIssue(scope, services);
  const owners: Owner[] = [
    {
      path: '/workspaces/:workspace/keys',
      params: WorkspaceParameters,
      keyParams: resourceParameters('keyId', keyIdMeaning),
      admit: enterWorkspace.bind(null, services),
      scopeOf: (request) => workspaceOf(request).id,
    },
    {
      path: '/keys',
      params: Type.Object({}),
      keyParams: Type.Object({ keyId: Type.String({ format: 'uuid', description: keyIdMeaning }) }),
      admit: admitAdministrator.bind(null, services),
      scopeOf: () => null,
    },
  ];
  for (const owner of owners) {
    registerList(scope, services, owner);
    registerRevoke(scope, services, owner);
    registerRotate(scope, services, owner);
  }
}

function registerIssue(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.post('/workspaces/:workspace/keys', {
    schema: {
      tags,
      summary: 'Issue a key; its secret is shown once',
      params: WorkspaceParameters,
      body: NewKeyBody,
      response: { 201: NewKeyReply, ...errors(404) },
    },
    onRequest: enterWorkspace.bind(null, services),
    handler: async (request, reply) => {
      const { dialect, name } = request.body;
      const roles = keyRoles[dialect];
      const role = request.body.role ?? roles[0];
      if (!roles.includes(role))
        throw new RequestError('invalid-request', `The roles of ${dialect} are ${roles.join(', ')}.`, {
          path: 'body/role',
        });
      const wanted = { workspaceId: workspaceOf(request).id, dialect, role, name };
      const { credential, secret } = await issueKey(services.database, wanted, new Date(services.clock()));
      return reply.code(201).send({ key: presentKey(credential), secret });
    },
  });
  app.post('/keys', {
    schema: {
      tags,
      summary: "Issue an administrator's key; its secret is shown once",
      body: NewAdministratorKeyBody,
      response: { 201: NewKeyReply, ...errors(403) },
    },
    onRequest: admitAdministrator.bind(null, services),
    handler: async (request, reply) => {
      const now = new Date(services.clock());
      const { credential, secret } = await issueAdministratorKey(services.database, request.body.name, now);
      return reply.code(201).send({ key: presentKey(credential), secret });
    },
  });
}

function registerList(scope: FastifyInstance, services: NativeServices, owner: Owner): void {
  scope.withTypeProvider<TypeBoxTypeProvider>().get(owner.path, {
    schema: {
      tags,
      summary: 'List all that opens something, newest first; what has ended too',
      description:
        'Keys, sessions, access and refresh tokens, passwords, keys of service accounts, secrets of apps. Secrets are not shown.',
      params: owner.params,
      querystring: KeysQuery,
      response: { 200: KeysReply, ...errors(404) },
    },
    onRequest: owner.admit,
    handler: async (request) => {
      const { limit, ...filter } = request.query;
      await services.lastUses.flush();
      const wanted = { ...filter, limit: limit + 1 };
      const found = await listCredentials(services.database, owner.scopeOf(request), wanted);
      const page = found.slice(0, limit);
      return {
        keys: page.map(presentKey),
        next: found.length > limit ? (page.at(-1)?.id ?? null) : null,
      };
    },
  });
}

function registerRevoke(scope: FastifyInstance, services: NativeServices, owner: Owner): void {
  scope.withTypeProvider<TypeBoxTypeProvider>().delete(`${owner.path}/:keyId`, {
    schema: {
      tags,
      summary: 'Revoke one, and with it all that was made from it',
      description: 'This process follows at once, others within five seconds.',
      params: owner.keyParams,
      response: { 204: Type.Null({ description: 'It is revoked.' }), ...errors(404) },
    },
    onRequest: owner.admit,
    handler: async (request, reply) => {
      const now = new Date(services.clock());
      if (!(await endCredential(services, owner.scopeOf(request), keyIdOf(request), now)))
        throw new RequestError('not-found', 'There is no such credential here, or it is revoked already.', {
          path: 'params/keyId',
        });
      return reply.code(204).send(null);
    },
  });
}

function registerRotate(scope: FastifyInstance, services: NativeServices, owner: Owner): void {
  scope.withTypeProvider<TypeBoxTypeProvider>().post(`${owner.path}/:keyId/rotate`, {
    schema: {
      tags,
      summary: 'Issue a new secret in place of one, which stays valid for a while',
      params: owner.keyParams,
      body: RotationBody,
      response: { 201: RotationReply, ...errors(404, 409) },
    },
    onRequest: owner.admit,
    handler: async (request, reply) => {
      const given = request.body?.oldValidUntil;
      const until = given === undefined ? undefined : readDateTime(given);
      const now = new Date(services.clock());
      const keyId = keyIdOf(request);
      const rotation = await rotateCredential(services, owner.scopeOf(request), keyId, until, now);
      if (rotation.kind === 'unknown')
        throw new RequestError('not-found', 'There is no such credential here.', { path: 'params/keyId' });
      if (rotation.kind === 'too-late')
        throw new RequestError('invalid-request', `${rotation.why}.`, { path: 'body/oldValidUntil' });
      if (rotation.kind === 'refused') throw new RequestError('conflict', `${rotation.why}.`);
      const { credential, secret } = rotation.issued;
      const { privateKeyId } = credential.settings;
      return reply.code(201).send({
        key: presentKey(credential),
        secret,
        privateKeyId: typeof privateKeyId === 'string' ? privateKeyId : null,
        oldValidUntil: timeOf(rotation.oldValidUntil),
      });
    },
  });
}

function keyIdOf(request: FastifyRequest): string {
  return (request.params as { keyId: string }).keyId;
}

function presentKey(credential: Credential): Static<typeof KeySchema> {
  return {
    id: credential.id,
    kind: credential.kind,
    dialect: credential.dialect,
    role: credential.role,
    name: credential.name,
    subject: credential.subject,
    madeFrom: credential.madeFrom,
    createdAt: timeOf(credential.createdAt),
    lastUsedAt: timeOrNull(credential.lastUsedAt),
    expiresAt: timeOrNull(credential.expiresAt),
    revokedAt: timeOrNull(credential.revokedAt),
  };
}
