import type { TestApp } from '../helpers/app.ts';
import { inject, type Method } from '../helpers/vendor-client.ts';
import { isErrorForm, type VendorReply } from '../journeys/vendors.ts';
import type { Route } from './routes.ts';
import type { Showing } from './two-tenants.ts';

/** Routes that are for everybody: they show nothing of a workspace. */
export const openRoutes: ReadonlySet<string> = new Set([
  'GET /hub/v1/health',
  'GET /hub/v1/models/analytics/event-categories',
  'GET /hub/v1/docs/schema/*',
  'GET /t.js',
  // A session is the browser's own: it says of no workspace but whose key was shown.
  'GET /throughline/v1/session',
  'POST /throughline/v1/session',
  'POST /throughline/v1/session/link',
  'DELETE /throughline/v1/session',
]);
/** Routes that give a key for a secret that is in the request itself. */
export const signInRoutes: ReadonlySet<string> = new Set(['POST /oidc/token', 'POST /api/v2/token']);
/** No workspace is named: the answer is of the key's own. */
export const ownRoutes: ReadonlySet<string> = new Set([
  'GET /throughline/v1/workspaces',
  'GET /throughline/v1/system',
  'GET /throughline/v1/exchange-rates',
  'GET /throughline/v1/exchange-rates/:currency',
  'POST /api/v1/admin.events.search',
  'GET /api/v1/agents/me',
  'GET /hub/v1/me',
  'GET /hub/v1/workspaces',
  'GET /hub/v1/shards',
  'GET /hub/v1/send-sources',
  'GET /hub/v1/send-sources/groups/:groupPk',
  'GET /api/v1/agents/me/projects',
  'GET /api/v1/agents/me/workspaces',
]);
/** They take a workspace away, and with it whom a walk over all routes asks as. */
export const endingRoutes: ReadonlySet<string> = new Set([
  'DELETE /hub/v1/workspaces/:workspaceId',
  'DELETE /throughline/v1/workspaces/:workspace',
]);
/** Of a vendor's API, and open to the administrator of the installation, too. */
export const administratorRoutes: ReadonlySet<string> = new Set([
  'GET /hub/v1/workspaces',
  'POST /hub/v1/workspaces',
  'GET /hub/v1/workspaces/:workspaceId',
  'DELETE /hub/v1/workspaces/:workspaceId',
  'PUT /hub/v1/workspaces/:workspaceId/status',
  'GET /hub/v1/shards',
]);
/** Asks one route, showing a key as one may be shown. */
export async function attemptAt(
  test: TestApp,
  { method }: Pick<Route, 'method'>,
  path: string,
  query: Record<string, string>,
  body: object | undefined,
  showing: Showing,
): Promise<VendorReply> {
  const text = showing.form
    ? new URLSearchParams(showing.form).toString()
    : body === undefined
      ? undefined
      : JSON.stringify({ ...body, ...showing.members });
  const contentType = showing.form ? 'application/x-www-form-urlencoded' : 'application/json';
  return inject(test, {
    method: method as Method,
    url: path,
    query: { ...query, ...showing.query },
    headers: {
      ...(text === undefined ? {} : { 'content-type': contentType }),
      ...showing.headers,
      ...showing.sign?.(text ?? ''),
    },
    body: text,
  });
}

/** Whether the answer says no, in the form of the API. */
export function isRefusal({ owner, url }: Route, path: string, reply: VendorReply): boolean {
  if (!isErrorForm(owner!, path, reply)) return false;
  if ([401, 403, 404].includes(reply.status)) return true;
  switch (owner) {
    case 'octeth':
      // The older form says everything with 200; another tenant's list is an unknown one (docs/spec/octeth.md C4).
      return reply.status === 422 || (url === '/api.php' && reply.status === 200);
    case 'contacthub':
      return reply.status === 405;
    case 'webmarketer':
      return url === '/oidc/token' && reply.status === 400;
    default:
      return false;
  }
}
