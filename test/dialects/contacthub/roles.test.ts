import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { provision } from '../../../src/dialects/contacthub/provision.ts';
import {
  formerPaths,
  type HubOperation,
  hubOperations,
  type OperationRow,
} from '../../../src/dialects/contacthub/roles.ts';
import { type Route, useAppWithRoutes } from '../../security/routes.ts';
import { ContacthubClient } from './client.ts';

const { test, routes: all } = await useAppWithRoutes();
const client = new ContacthubClient(test);
const routes = all.filter(({ owner, operation }) => owner === 'contacthub' && operation);
const rows: readonly (readonly [string, OperationRow])[] = Object.entries(hubOperations);
const tokens = new Map<string, string>();
for (const role of provision.keys.roles) tokens.set(role, await client.tokenOf(role));

/** A request that no operation can do: what it names is not there, and it has no body. */
async function ask({ method, path }: OperationRow, token: string): Promise<number> {
  const { workspaceId } = client.workspace.credentials.contacthub;
  const url = `/hub/v1${path.replace(':workspaceId', workspaceId).replaceAll(/:\w+/g, 'nobody')}`;
  const reply = await client.test.app.http.inject({
    method,
    url,
    headers: { authorization: `Bearer ${token}` },
  });
  return reply.statusCode;
}

function routeOf({ method, path }: OperationRow): Route | undefined {
  return routes.find((route) => route.method === method && route.url === `/hub/v1${path}`);
}

describe('the table of operations', () => {
  it("has the vendor's 137 operations, each once, the four of older versions, and a second way to forget", () => {
    assert.equal(rows.length, 137 + 5);
    assert.equal(new Set(rows.map(([, { method, path }]) => `${method} ${path}`)).size, rows.length);
  });

  it('has every route that stands, but the schemas that replies refer to', () => {
    const former = Object.entries(formerPaths).map(
      ([name, path]) => [name, { ...hubOperations[name as HubOperation], path }] as const,
    );
    const known = new Set([...rows, ...former].map(([, { method, path }]) => `${method} /hub/v1${path}`));
    const others = routes.map(({ method, url }) => `${method} ${url}`).filter((route) => !known.has(route));
    assert.deepEqual(others, ['GET /hub/v1/docs/schema/*']);
  });

  it('lets in by each operation that stands the tokens of its roles, and refuses the others with 403', async () => {
    let standing = 0;
    for (const [name, row] of rows) {
      const route = routeOf(row);
      if (!route) continue;
      standing++;
      assert.equal(route.operation?.guard.isOpen === true, row.roles === null, name);
      for (const [role, token] of tokens) {
        const isAllowed = row.roles === null || row.roles.some((one) => one === role);
        // It would take away whom the others are asked as.
        if (isAllowed && name === 'deleteWorkspace') continue;
        const status = await ask(row, token);
        assert.equal(status === 403, !isAllowed, `${name} by ${role}: ${status}`);
        assert.ok(status < 500 && status !== 401, `${name} by ${role}: ${status}`);
      }
    }
    assert.ok(standing >= 50, `only ${standing} operations stand`);
  });
});

describe('GET /me', () => {
  it('tells whose token it is, its roles, and what it may in which nodes', async () => {
    for (const [role, token] of tokens) {
      const reply = await client.test.app.http.inject({
        method: 'GET',
        url: '/hub/v1/me',
        headers: { authorization: `Bearer ${token}` },
      });
      assert.equal(reply.statusCode, 200, role);
      const me = reply.json();
      assert.deepEqual(Object.keys(me), [
        ...['id', 'name', 'surname', 'groups', 'lang', 'email', 'roles', 'mc'],
      ]);
      assert.ok(Number.isInteger(me.id) && me.id > 0);
      assert.deepEqual(me.roles, [role]);
      const [{ workspaces }] = me.groups;
      assert.equal(workspaces[0].id, client.workspace.credentials.contacthub.workspaceId);
      const permission = { GUEST: 'R', DPO: 'R', PLATFORM_UPDATES: 'R', UNTRUSTED_APPLICATION: 'W' }[role];
      assert.deepEqual(workspaces[0].nodes, [{ id: client.nodeId, permission: permission ?? 'RW' }]);
    }
  });

  it('refuses who shows no token, or one of another API, with 401', async () => {
    for (const token of ['', 'wrong', client.workspace.credentials.webengage.apiKey]) {
      const reply = await client.test.app.http.inject({
        method: 'GET',
        url: '/hub/v1/me',
        headers: { authorization: `Bearer ${token}` },
      });
      assert.equal(reply.statusCode, 401);
    }
  });
});
