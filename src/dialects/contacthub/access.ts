import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ConsentAuthor } from '../../core/consent/consent.ts';
import type { Access } from '../../core/credential/authenticator.ts';
import { type Credential, holderOf } from '../../core/credential/credential.ts';
import { cutText } from '../../core/cut-text.ts';
import type { Node } from '../../core/node/node.ts';
import { refuseArchived } from '../../core/source/source.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { refuseClosed } from '../../core/workspace/workspace-status.ts';
import { RequestError } from '../../errors.ts';
import { bearerToken, pathParameter } from '../../http/access.ts';
import { type Guard, open } from '../../http/operation.ts';
import { publicAddressOf } from '../../http/public-address.ts';
import type { RequestHead } from '../../http/short-way.ts';
import type { Services } from '../dialect.ts';
import { notFound, onlyRead } from './errors.ts';
import {
  isLimited,
  refuseNode,
  requireSeen,
  requireUnlimited,
  seenBy,
  wholeOf,
} from './rights/seen-workspace.ts';
import { formerPaths, type HubOperation, hubOperations, type OperationRow } from './roles.ts';
import { findArchived, findHubSource } from './source/source.ts';
import { isSourceRole } from './source/source-roles.ts';

/** The group of requests, in a workspace's `rateLimits`, that all of the dialect's are in. */
export const rateGroup = 'contacthub';

/** A token of the workspace that the path names, of whatever role. */
export const anyToken: Guard<Services, Access> = {
  admit: (services, request, reply) => admit({ services, request, reply }),
};

/**
 * Where an operation is, and the guard that lets in tokens of the workspace that the path names, of the roles that may do this. The
 * handler is given the workspace as the token sees it (rights/seen-workspace.ts).
 */
export function at(name: HubOperation) {
  const { method, path, roles } = rowOf(name);
  const guard: Guard<Services, Access> = {
    admit: (services, request, reply) => admit({ services, request, reply }, roles),
    roles,
  };
  const former = formerPaths[name];
  return { method, path: former === undefined ? path : [path, former], guard };
}

/** The same on the short way, for who is let in where no rate is set, which the answer would tell of. */
export function plainAccessTo(name: HubOperation) {
  const { roles } = rowOf(name);
  return async (services: Services, head: RequestHead): Promise<Access | undefined> => {
    const access = await admitToOwn(services, { ...head, access: null }, roles);
    return services.rateLimiter.isLimited(access.workspace, rateGroup) ? undefined : access;
  };
}

/** As `at`, of an operation that no rate holds up. */
export function atUnthrottled(name: HubOperation) {
  const { method, path, roles } = rowOf(name);
  const guard: Guard<Services, Access> = {
    admit: (services, request) => admitToOwn(services, request, roles),
    roles,
  };
  return { method, path, guard };
}

/** As `at`, of an operation whose path names no workspace: the token's own is meant. */
export function atOwn(name: HubOperation) {
  const { method, path, roles } = rowOf(name);
  const guard: Guard<Services, Access> = {
    admit: async (services, request, reply) => {
      const access = admitTo(request, await authenticate(services, request), roles);
      await throttle({ services, request, reply }, access);
      return asSeen(access, request);
    },
    roles,
  };
  return { method, path, guard };
}

/** Who manages workspaces: a token its own, and the administrator of the installation all of them. */
export interface WorkspacesAccess {
  /** Undefined: the administrator, by the native API's key. */
  readonly own: Workspace | undefined;
  readonly credential: Credential;
}

/**
 * Where an operation on workspaces is. What crosses tenants is the administrator's alone (ruling 8): the vendor's operators are of the
 * vendor, a token of ours is of one workspace. They let in for a workspace that is disabled, too, since by them it is enabled.
 */
export function atWorkspaces(name: HubOperation) {
  const { method, path, roles } = rowOf(name);
  const guard: Guard<Services, WorkspacesAccess> = {
    admit: async (services, request, reply) => {
      const administrator = await services.authenticator.findCredential('native', bearerToken(request));
      if (administrator?.role === 'admin' && administrator.workspaceId === null)
        return { own: undefined, credential: administrator };
      const access = await authenticate(services, request, { evenDisabled: true });
      if (path.includes(':workspaceId')) requireOwn(access, request);
      admitTo(request, access, roles);
      await throttle({ services, request, reply }, access);
      if (!isReading(request)) requireUnlimited(seenBy(access.credential, access.workspace, 'W'));
      return { own: access.workspace, credential: access.credential };
    },
    ...(roles.length > 0 ? { roles } : {}),
  };
  return { method, path, guard };
}

/** Where an operation is that needs no token. */
export function atOpen(name: HubOperation) {
  const { method, path }: OperationRow = hubOperations[name];
  return { method, path, guard: open<Services>() };
}

function rowOf(name: HubOperation) {
  const { method, path, roles }: OperationRow = hubOperations[name];
  if (roles === null) throw new Error(`${name} needs no token`);
  return { method, path, roles };
}

/**
 * The token, then the workspace of the path, then the role, then the rate; all before the body is read. Another workspace is
 * answered as an unknown one, 403 (docs/spec/contacthub.md F).
 */
async function admit(asking: Asking, roles?: readonly string[]): Promise<Access> {
  const access = await admitToOwn(asking.services, asking.request, roles);
  await throttle(asking, access);
  return access;
}

interface Asking {
  readonly services: Services;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** What of a request says whether it is let in; who asks is noted on it. */
interface Asked extends Pick<FastifyRequest, 'method' | 'headers' | 'params'> {
  access: Access | null;
}

async function admitToOwn(services: Services, request: Asked, roles?: readonly string[]): Promise<Access> {
  const access = await authenticate(services, request);
  requireOwn(access, request);
  if (access.workspace.status === 'suspended' && !isReading(request)) refuseClosed(access.workspace);
  const seen = asSeen(admitTo(request, access, roles), request);
  for (const name of ['nodeId', 'aggregateNodeId'])
    refuseHidden(seen.workspace, pathParameter(request, name));
  return seen;
}

/** A node that the path names, before the body is read. @throws RequestError `forbidden` */
function refuseHidden(workspace: Workspace, nodeId: string): void {
  if (!isLimited(workspace) || findReadNode(workspace, nodeId)) return;
  if (findReadNode(wholeOf(workspace), nodeId)) throw refuseNode(nodeId);
}

function asSeen({ credential, workspace }: Access, request: Asked): Access {
  return { credential, workspace: seenBy(credential, workspace, isReading(request) ? 'R' : 'W') };
}

/** @throws RequestError `forbidden` */
function requireOwn({ workspace }: Access, request: Asked): void {
  const workspaceId = pathParameter(request, 'workspaceId');
  if (workspaceId.toLowerCase() !== workspace.publicId) throw workspaceNotFound(workspaceId);
}

/** An unknown one is refused as one that the token does not open (docs/spec/contacthub.md F). */
export function workspaceNotFound(id: string): RequestError {
  return new RequestError('forbidden', `workspace not found: ${cutText(id, 100)}`);
}

function isReading({ method }: Pick<FastifyRequest, 'method'>): boolean {
  return method === 'GET' || method === 'HEAD';
}

async function authenticate(
  { authenticator }: Services,
  request: Asked,
  options: { readonly evenDisabled?: boolean } = {},
): Promise<Access> {
  const access = await authenticator.authenticate('contacthub', bearerToken(request), options);
  if (!access || isOfDeletedSource(access)) throw new RequestError('unauthenticated');
  return access;
}

/** Another process may have deleted the source a moment ago, and this one still know its token. */
function isOfDeletedSource({ credential, workspace }: Access): boolean {
  if (!isSourceRole(credential.role)) return false;
  return findArchived(workspace, holderOf(credential))?.isDeleted === true;
}

/**
 * What is written beside the engine, which sees to it for what comes in, asks this again under the workspace's lock: another process may
 * have archived the source a moment ago. @throws RequestError `source-archived`
 */
export function refuseArchivedSource(workspace: Workspace, credential: Credential): void {
  const archived = isSourceRole(credential.role) && findArchived(workspace, holderOf(credential));
  if (archived) throw refuseArchived(archived.source);
}

/** Ruling 7. @throws RequestError `forbidden`, `source-archived` */
function refuseDisabledSource({ credential, workspace }: Access, request: Asked): void {
  if (isReading(request) || !isSourceRole(credential.role)) return;
  refuseArchivedSource(workspace, credential);
  if (findHubSource(workspace, holderOf(credential))?.enabled === false)
    throw new RequestError('forbidden', 'The source is disabled');
}

function admitTo(request: Asked, access: Access, roles?: readonly string[]): Access {
  if (roles && !roles.includes(access.credential.role))
    throw new RequestError('forbidden', 'The client is not authorized to access the resource');
  refuseDisabledSource(access, request);
  request.access = access;
  return access;
}

/** Ruling 12; nothing where the workspace has no rate. @throws RequestError `rate-limited` */
async function throttle({ services, reply }: Asking, { workspace }: Access): Promise<void> {
  const rate = await services.rateLimiter.take(workspace, rateGroup);
  if (!rate) return;
  reply.header('x-ratelimit-limit', rate.limit).header('x-ratelimit-remaining', rate.remaining);
  if (!rate.allowed)
    throw new RequestError('rate-limited', 'Too many requests', { retryAfterSeconds: rate.resetSeconds });
}

/**
 * The entry node of this id among those of the dialect.
 * @throws RequestError `not-found`, `forbidden` where the token has no right in it, or that nothing is written to an aggregate
 */
export function requireNode(workspace: Workspace, publicId: string): Node {
  const node = findNode(workspace, publicId);
  if (node) return node;
  throw findAggregateNode(workspace, publicId)
    ? onlyRead('node', publicId)
    : refusalOfMissing(workspace, publicId);
}

/** The node of this id that customers and events can be read of. @throws RequestError `not-found`, `forbidden` */
export function requireReadNode(workspace: Workspace, publicId: string): Node {
  const node = findReadNode(workspace, publicId);
  if (!node) throw refusalOfMissing(workspace, publicId);
  return node;
}

/** Why a token sees no node of this id. */
function refusalOfMissing(workspace: Workspace, publicId: string): RequestError {
  return findReadNode(wholeOf(workspace), publicId) ? refuseNode(publicId) : notFound('node', publicId);
}

export function findNode(workspace: Workspace, publicId: string): Node | undefined {
  const wanted = publicId.toLowerCase();
  // Asked for each event: no list is made of them.
  return workspace.nodes.values().find((node) => node.publicId === wanted && hasCustomers(node));
}

/** Nobody reads an aggregate while its customers are being made: some would be missing. @throws RequestError */
export function requireMade({ publicId, settings }: Node): void {
  if (settings.aggregate?.state === 'LOCKED')
    throw new RequestError('overloaded', `node ${publicId} is LOCKED: its customers are being made`, {
      status: 423,
      retryAfterSeconds: 1,
    });
}

/**
 * The node that the engine has under this number, archived or not; undefined for one of another dialect, whose records are no customers.
 * @throws RequestError `forbidden` where the token has no right in it
 */
export function findOwnNode(workspace: Workspace, id: number): Node | undefined {
  requireSeen(workspace, id);
  const node = workspace.nodes.get(id);
  return node?.dialect === 'contacthub' ? node : undefined;
}

/** The nodes whose records are this dialect's customers. */
export function nodesOf(workspace: Workspace): Node[] {
  return [...workspace.nodes.values()].filter(hasCustomers);
}

function hasCustomers({ dialect, kind, archivedAt }: Node): boolean {
  return dialect === 'contacthub' && kind === 'entry' && !archivedAt;
}

/** The nodes whose customers are read: those, and aggregates. */
export function readNodesOf(workspace: Workspace): Node[] {
  return [...nodesOf(workspace), ...aggregateNodesOf(workspace)];
}

export function findReadNode(workspace: Workspace, publicId: string): Node | undefined {
  return findNode(workspace, publicId) ?? findAggregateNode(workspace, publicId);
}

/** The aggregate nodes that are there. */
export function aggregateNodesOf(workspace: Workspace): Node[] {
  return [...workspace.nodes.values()].filter(
    ({ dialect, kind, settings }) =>
      dialect === 'contacthub' && kind === 'aggregate' && settings.aggregate?.state !== 'REMOVED',
  );
}

/** All that there are or were, by number: of one that is gone rows may be left. */
export function aggregateIdsOf(workspace: Workspace): number[] {
  const nodes = [...workspace.nodes.values()];
  return nodes
    .filter((node) => node.dialect === 'contacthub' && node.kind === 'aggregate')
    .map(({ id }) => id);
}

export function findAggregateNode(workspace: Workspace, publicId: string): Node | undefined {
  const wanted = publicId.toLowerCase();
  return aggregateNodesOf(workspace).find((node) => node.publicId === wanted);
}

/** Who writes by a token, as the log of consents tells it. */
export function authorOf(credential: Credential): ConsentAuthor {
  const holder = holderOf(credential);
  return isSourceRole(credential.role)
    ? { sourceId: holder, userId: null }
    : { sourceId: null, userId: holder };
}

/**
 * The number that a user goes by on the wire, where ids of users are integers: made of the id of whom its token stands for, positive, of
 * 31 bits.
 */
export function userNumberOf(holder: string): number {
  return hash('sha256', holder, 'buffer').readUInt32BE() >>> 1;
}

/** `https://host/hub/v1`, where clients reach it. */
export function baseUrlOf(request: FastifyRequest): string {
  return `${publicAddressOf(request)}/hub/v1`;
}
