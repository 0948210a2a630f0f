import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Source } from '../../../core/source/source.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { accessOf } from '../../../http/access.ts';
import type { Services } from '../../dialect.ts';
import { type AppPath, type ClientAppPath, requireApp, requireKey } from '../access.ts';
import { metaIdPattern } from '../advertising/advertising.ts';
import { notFound } from '../errors.ts';

/** An app that the caller's workspace has, and what is read of it. */
export interface AppRequest {
  readonly workspace: Workspace;
  readonly app: Source;
  readonly query: Readonly<Record<string, unknown>>;
  /** A part of the path that is an id of Meta's: text, since it can be larger than 2^53. @throws RequestError `not-found` */
  readonly metaId: (name: string) => string;
}

export type AppHandler = (asked: AppRequest) => Promise<object>;

/** Registers reads of what belongs to an app, under the present paths or the legacy ones (`/v1/app/:appId`, docs/spec/signals.md C1). */
export function appReads(app: FastifyInstance, services: Services, prefix: string) {
  return (path: string, schema: object, handler: AppHandler): void => {
    app.get(
      `${prefix}${path}`,
      {
        schema: { tags: ['Signals'], ...schema },
        onRequest: (request) => requireKey(services, request),
      },
      (request) => handler(askedOf(request)),
    );
  };
}

export const clientAppPrefix = '/v1/clients/:clientId/apps/:appId';
export const legacyAppPrefix = '/v1/app/:appId';

function askedOf(request: FastifyRequest): AppRequest {
  const { workspace } = accessOf(request);
  const path = request.params as AppPath & Partial<ClientAppPath> & Readonly<Record<string, string>>;
  return {
    workspace,
    app: requireApp(workspace, path),
    query: request.query as Record<string, unknown>,
    metaId: (name) => requireMetaId(path[name]),
  };
}

/** @throws RequestError `not-found` for what no id of Meta's looks like */
export function requireMetaId(id: string | undefined): string {
  if (id === undefined || !metaIdPattern.test(id))
    throw notFound('object of Meta with the id', id ?? '', 'ids of Meta are digits alone, without act_');
  return id;
}
