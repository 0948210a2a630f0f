import Type, { type TObject, type TString } from 'typebox';
import type { Access } from '../../core/credential/authenticator.ts';
import type { Credential } from '../../core/credential/credential.ts';
import { type CredentialScope, listCredentials } from '../../core/credential/credential-store.ts';
import { endCredential, rotateCredential } from '../../core/credential/manage-credentials.ts';
import { issueAdministratorKey, issueKey } from '../../core/workspace/issue-keys.ts';
import { type KeyOwner, keyOwnersOf, type Provided } from '../../core/workspace/provision.ts';
import { RequestError } from '../../errors.ts';
import { type Guard, type Operation, operation } from '../../http/operation.ts';
import { readDateTime, timeOf } from '../date-times.ts';
import { administrator, inWorkspace } from '../guards.ts';
import { noSuch, wrong } from '../refusals.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { presentKey } from './present.ts';
import {
  AdministratorKeyParameters,
  KeyParameters,
  KeysQuery,
  KeysReply,
  NewAdministratorKeyBody,
  NewKeyReply,
  newKeyBody,
  RotationBody,
  RotationReply,
} from './schemas.ts';

/** Whose credentials a path is about, and who may ask. */
interface Owner<Access> {
  readonly path: '/keys' | '/workspaces/:workspace/keys';
  readonly guard: Guard<NativeServices, Access>;
  readonly parameters: TObject;
  readonly keyParameters: TObject<{ keyId: TString }>;
  readonly scopeOf: (access: Access) => CredentialScope;
}

const workspaceKeys: Owner<Access> = {
  path: '/workspaces/:workspace/keys',
  guard: inWorkspace,
  parameters: WorkspaceParameters,
  keyParameters: KeyParameters,
  scopeOf: (access) => access.workspace.id,
};

/** They are of no workspace. */
const administratorKeys: Owner<Credential> = {
  path: '/keys',
  guard: administrator,
  parameters: Type.Object({}),
  keyParameters: AdministratorKeyParameters,
  scopeOf: () => null,
};

function issue(owners: readonly KeyOwner[]) {
  return operation({
    method: 'POST',
    path: workspaceKeys.path,
    summary: 'Issue a key; its secret is shown once',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, body: newKeyBody(owners) },
    example: { dialect: 'native', role: 'workspace', name: 'Reports' },
    status: 201,
    replies: { 201: NewKeyReply, ...errors(404) },
    handle: async ({ services, access, body: { dialect, name, role: wantedRole } }) => {
      const owner = owners.find((one) => one.dialect === dialect);
      if (!owner) throw wrong('body/dialect', `${dialect} has no keys.`);
      const { roles } = owner.keys;
      const role = wantedRole ?? roles[0];
      if (!roles.includes(role)) throw wrong('body/role', `The roles of ${dialect} are ${roles.join(', ')}.`);
      const wanted = { workspaceId: access.workspace.id, role, name };
      const now = new Date(services.clock());
      const { credential, secret } = await issueKey(services.database, owner, wanted, now);
      return { key: presentKey(credential), secret };
    },
  });
}

const issueToAdministrator = operation({
  method: 'POST',
  path: administratorKeys.path,
  summary: "Issue an administrator's key; its secret is shown once",
  guard: administrator,
  checks: { body: NewAdministratorKeyBody },
  example: { name: 'Deployment' },
  status: 201,
  replies: { 201: NewKeyReply, ...errors(403) },
  handle: async ({ services, body: { name } }) => {
    const now = new Date(services.clock());
    const { credential, secret } = await issueAdministratorKey(services.database, name, now);
    return { key: presentKey(credential), secret };
  },
});

/** One way for all that opens something: a workspace's credentials, and the administrators' keys. */
function operationsOf<Access>(
  owner: Owner<Access>,
  keyOwners: readonly KeyOwner[],
): Operation<NativeServices>[] {
  return [list(owner), revoke(owner), rotate(owner, keyOwners)];
}

function list<Access>({ path, guard, parameters, scopeOf }: Owner<Access>) {
  return operation({
    method: 'GET',
    path,
    summary: 'List all that opens something, newest first; what has ended too',
    description:
      'Keys, sessions, access and refresh tokens, passwords, keys of service accounts, secrets of apps. Secrets are not shown.',
    guard,
    checks: { path: parameters, query: KeysQuery },
    replies: { 200: KeysReply, ...errors(404) },
    handle: async ({ services, access, query: { limit, ...filter } }) => {
      await services.lastUses.flush();
      const wanted = { ...filter, limit: limit + 1 };
      const found = await listCredentials(services.database, scopeOf(access), wanted);
      const page = found.slice(0, limit);
      return {
        keys: page.map(presentKey),
        next: found.length > limit ? (page.at(-1)?.id ?? null) : null,
      };
    },
  });
}

function revoke<Access>({ path, guard, keyParameters, scopeOf }: Owner<Access>) {
  return operation({
    method: 'DELETE',
    path: `${path}/:keyId`,
    summary: 'Revoke one, and with it all that was made from it',
    description: 'This process follows at once, others within five seconds.',
    guard,
    checks: { path: keyParameters },
    status: 204,
    replies: { 204: Type.Null({ description: 'It is revoked.' }), ...errors(404) },
    handle: async ({ services, access, path: { keyId } }) => {
      const now = new Date(services.clock());
      if (!(await endCredential(services, scopeOf(access), keyId, now)))
        throw noSuch('params/keyId', 'There is no such credential here, or it is revoked already.');
      return null;
    },
  });
}

function rotate<Access>(
  { path, guard, keyParameters, scopeOf }: Owner<Access>,
  keyOwners: readonly KeyOwner[],
) {
  return operation({
    method: 'POST',
    path: `${path}/:keyId/rotate`,
    summary: 'Issue a new secret in place of one, which stays valid for a while',
    guard,
    checks: { path: keyParameters, body: RotationBody },
    example: { oldValidUntil: '2026-12-31T23:00:00.000Z' },
    status: 201,
    replies: { 201: RotationReply, ...errors(404, 409) },
    handle: async ({ services, access, path: { keyId }, body }) => {
      const given = body?.oldValidUntil;
      const until = given === undefined ? undefined : readDateTime(given);
      const now = new Date(services.clock());
      const rotation = await rotateCredential(services, keyOwners, scopeOf(access), keyId, until, now);
      if (rotation.kind === 'unknown') throw noSuch('params/keyId', 'There is no such credential here.');
      if (rotation.kind === 'too-late') throw wrong('body/oldValidUntil', `${rotation.why}.`);
      if (rotation.kind === 'refused') throw new RequestError('conflict', `${rotation.why}.`);
      const { credential, secret } = rotation.issued;
      const { privateKeyId } = credential.settings;
      return {
        key: presentKey(credential),
        secret,
        privateKeyId: typeof privateKeyId === 'string' ? privateKeyId : null,
        oldValidUntil: timeOf(rotation.oldValidUntil),
      };
    },
  });
}

export function keyOperations(dialects: readonly Provided[]): readonly Operation<NativeServices>[] {
  const keyOwners = keyOwnersOf(dialects);
  return [
    issue(keyOwners),
    issueToAdministrator,
    ...operationsOf(workspaceKeys, keyOwners),
    ...operationsOf(administratorKeys, keyOwners),
  ];
}
