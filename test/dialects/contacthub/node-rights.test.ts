import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { hubOperations, type OperationRow, type Role } from '../../../src/dialects/contacthub/roles.ts';
import { bearer, inject } from '../../helpers/vendor-client.ts';
import { attemptAt, endingRoutes } from '../../security/attempt.ts';
import { bodyFor, queryFor } from '../../security/intrusions.ts';
import { nameOf, useAppWithRoutes } from '../../security/routes.ts';
import { addTenant, fillPath } from '../../security/two-tenants.ts';
import { ContacthubClient } from './client.ts';

/** What names a node, or a customer or an event in one. */
const ofNode = /:(nodeId|aggregateNodeId|customerId|id|consentId)\b/;

const { test, routes } = await useAppWithRoutes();
const tenant = await addTenant(test, 'alpha', '1001');
const client = new ContacthubClient(test, tenant.workspace);
const rows: readonly OperationRow[] = Object.values(hubOperations);
const standing = rows.flatMap((row) => {
  const route = routes.find(({ method, url }) => method === row.method && url === `/hub/v1${row.path}`);
  return route && row.roles ? [[row, route] as const] : [];
});
/** By role, tokens that may read and write in another node alone. */
const limited = new Map<Role, string>();

before(async () => {
  const second = await client.addNode();
  const admin = { token: tenant.credentials.contacthub.adminToken };
  const roles = ['USER', 'GUEST', 'ADMIN', 'CLAB_OPERATOR', 'PLATFORM_UPDATES', 'DPO'] as const;
  for (const role of roles) {
    const token = await client.tokenOf(role);
    const me = await inject(test, { method: 'GET', url: '/hub/v1/me', headers: bearer(token) });
    const rights = { nodes: [{ id: second, permission: 'RW' }] };
    const put = await client.call('PUT', `/configuration/users/${me.body.id}`, rights, admin);
    assert.equal(put.status, 200, put.text);
    limited.set(role, token);
  }
  const source = await client.call('POST', '/configuration/sources', { nodes: [second] }, admin);
  limited.set('TRUSTED_APPLICATION', source.body.token);
  const { body: key } = await client.native.call('POST', '/keys', {
    body: { dialect: 'contacthub', name: 'pages', role: 'UNTRUSTED_APPLICATION' },
  });
  await client.call('PUT', `/configuration/sources/${key.key.id}`, { nodes: [second] }, admin);
  limited.set('UNTRUSTED_APPLICATION', key.secret);
});

it('by a token that is limited to another node every operation that names a node, or what is in one, is 403', async () => {
  let asked = 0;
  for (const [{ roles }, route] of standing) {
    if (!ofNode.test(route.url)) continue;
    const path = fillPath(route, tenant, tenant);
    for (const role of roles ?? []) {
      const showing = { by: role, headers: bearer(limited.get(role) ?? '') };
      const body = bodyFor(route, tenant);
      const reply = await attemptAt(test, route, path, queryFor(route, tenant), body, showing);
      assert.equal(
        reply.status,
        403,
        `${nameOf(route)} by ${role}: ${reply.status} ${reply.text.slice(0, 300)}`,
      );
      assert.match(JSON.parse(reply.text).message, /node/, nameOf(route));
      asked++;
    }
  }
  assert.ok(asked > 100, `only ${asked} were asked`);
});

it('and no other operation shows anything of the node', async () => {
  for (const [{ roles }, route] of standing) {
    if (ofNode.test(route.url) || endingRoutes.has(nameOf(route))) continue;
    const path = fillPath(route, tenant, tenant);
    for (const role of roles ?? []) {
      const showing = { by: role, headers: bearer(limited.get(role) ?? '') };
      const body = bodyFor(route, tenant);
      const without = route.url.endsWith('/customers') ? queryFor(route, tenant) : {};
      const reply = await attemptAt(test, route, path, without, body, showing);
      const attempt = `${nameOf(route)} by ${role}: ${reply.status} ${reply.text.slice(0, 300)}`;
      assert.ok(reply.status < 500, attempt);
      for (const secret of [tenant.email, tenant.ids.customer, tenant.ids.contacthubEvent])
        assert.ok(!reply.text.includes(secret), attempt);
    }
  }
});

it('what names the node or its customer in the body or the query is 403, too', async () => {
  const { nodeId } = tenant.credentials.contacthub;
  const { customer } = tenant.ids;
  const event = { type: 'viewedPage', context: 'WEB', properties: {} };
  const cases: [method: 'GET' | 'POST', path: string, body?: object][] = [
    ['GET', `/customers?nodeId=${nodeId}`],
    ['POST', '/customers', { nodeId, base: { contacts: { email: 'x@example.com' } } }],
    ['GET', `/events?nodeId=${nodeId}`],
    ['GET', `/events?customerId=${customer}`],
    ['POST', '/events', { ...event, customerId: customer }],
    ['POST', '/events', { ...event, bringBackProperties: { type: 'SESSION_ID', value: 's', nodeId } }],
    ['GET', `/updates?nodeId=${nodeId}`],
    ['GET', `/updates/last-offset?nodeId=${nodeId}`],
    ['GET', `/consent-logs?nodes=${nodeId}`],
  ];
  for (const [method, path, body] of cases) {
    const reply = await client.call(method, path, body, { token: limited.get('ADMIN') ?? '' });
    assert.equal(reply.status, 403, `${method} ${path}: ${reply.text}`);
  }
});
