import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify';
import type { ApiName } from '../../src/core/dialect-name.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import type { Operation } from '../../src/http/operation.ts';
import { type TestApp, useApp } from '../helpers/app.ts';

/** A route as it was registered, hidden ones too. */
export interface Route {
  readonly method: string;
  /** With `:name` for what varies. */
  readonly url: string;
  readonly schema: FastifySchema;
  /** Whose route it is; undefined for the operations' (health, metrics, documents). */
  readonly owner: ApiName | undefined;
  /** What it was declared by, where it was declared by one. */
  readonly operation?: Operation<never> | undefined;
}

/**
 * The app for the tests of a file, with every route that it registers; so a route that is added later can't be forgotten by a test over
 * all.
 */
export async function useAppWithRoutes(
  options: Parameters<typeof useApp>[0] = {},
): Promise<{ readonly test: TestApp; readonly routes: readonly Route[] }> {
  const routes: Route[] = [];
  const listen = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook('onRoute', (route) => {
      for (const method of [route.method].flat()) routes.push(toRoute(method, route));
    });
  };
  subscribe('fastify.initialization', listen);
  try {
    const test = await useApp(options);
    return { test, routes: routes.filter((route) => !['HEAD', 'OPTIONS'].includes(route.method)) };
  } finally {
    unsubscribe('fastify.initialization', listen);
  }
}

function toRoute(method: string, { url, schema = {}, config }: RouteOptions): Route {
  const owner = url.startsWith('/throughline/') ? 'native' : dialectOf(url)?.name;
  return { method, url, schema, owner, operation: config?.operation };
}

export function nameOf({ method, url }: Route): string {
  return `${method} ${url}`;
}
