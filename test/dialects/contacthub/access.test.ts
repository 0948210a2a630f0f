import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { sendWebengage } from '../../native/helpers.ts';
import { ContacthubClient } from './client.ts';

const test = await useApp();
const client = new ContacthubClient(test);
let other: ContacthubClient;
let customerId: string;
let eventId: string;
let sessionId: string;

before(async () => {
  other = new ContacthubClient(test, await test.addWorkspace());
  customerId = (await client.create('ann@example.com')).id;
  eventId = await client.view({ customerId });
  const session = await client.call('POST', `/customers/${customerId}/sessions`, { value: 's' });
  sessionId = session.body.id;
});

const operations = (): [
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
][] => [
  ['POST', '/events', { type: 'loggedIn', context: 'WEB', properties: {}, customerId }],
  ['GET', `/events/${eventId}`],
  ['GET', `/events?customerId=${customerId}`],
  ['POST', '/customers', { nodeId: client.nodeId, base: { contacts: { email: 'x@example.com' } } }],
  ['GET', `/customers?nodeId=${client.nodeId}`],
  ['GET', `/customers/${customerId}`],
  ['PATCH', `/customers/${customerId}`, { extra: 'stolen' }],
  ['PUT', `/customers/${customerId}`, { nodeId: client.nodeId, extra: 'stolen' }],
  ['GET', `/customers/${customerId}/sessions`],
  ['POST', `/customers/${customerId}/sessions`, { value: 'x' }],
  ['GET', `/customers/${customerId}/sessions/${sessionId}`],
  ['DELETE', `/customers/${customerId}/sessions/${sessionId}`],
  ['GET', '/configuration/events/viewedPage/properties'],
  ['GET', '/consent-logs'],
  ['GET', '/consent-logs/1'],
];

const errorKeys = ['data', 'errors', 'logref', 'message'];

describe('every operation', () => {
  it('refuses no token, a wrong one and one of another dialect with 401, in the vendor form', async () => {
    const webengage = client.workspace.credentials.webengage.apiKey;
    for (const [method, path, body] of operations()) {
      for (const token of ['', 'wrong', webengage]) {
        const reply = await client.call(method, path, body, { token });
        assert.equal(reply.status, 401, `${method} ${path}`);
        assert.deepEqual(Object.keys(reply.body).sort(), errorKeys);
        assert.equal(reply.body.message, 'The client is not authorized to access the API');
        assert.match(reply.body.logref, /^[0-9a-f-]{36}$/);
      }
    }
  });

  it('answers 403 for another workspace, known or not, by its own words', async () => {
    const foreign = other.workspace.credentials.contacthub;
    const { workspaceId } = client.workspace.credentials.contacthub;
    for (const [method, path, body] of operations()) {
      const theirs = await client.call(method, path, body, { token: foreign.token });
      assert.equal(theirs.status, 403, `${method} ${path}`);
      assert.equal(theirs.body.message, `workspace not found: ${workspaceId}`);
      const unknown = await client.call(method, path, body, { workspaceId: 'nowhere' });
      assert.equal(unknown.status, 403);
      assert.equal(unknown.body.message, 'workspace not found: nowhere');
    }
    assert.equal((await client.call('GET', `/customers/${customerId}`)).body.extra, null);
  });

  it('does not show another workspace what it is asked for by its id', async () => {
    for (const path of [
      `/events/${eventId}`,
      `/customers/${customerId}`,
      `/customers/${customerId}/sessions`,
    ]) {
      assert.equal((await other.call('GET', path)).status, 404, path);
    }
    assert.equal((await other.call('GET', `/events?customerId=${customerId}`)).body.page.totalElements, 0);
    assert.equal((await other.call('GET', `/customers?nodeId=${client.nodeId}`)).status, 404);
    const event = { type: 'loggedIn', context: 'WEB', properties: {}, customerId };
    assert.equal((await other.call('POST', '/events', event)).status, 404);
    const undo = await other.call('DELETE', `/customers/${customerId}/sessions/${sessionId}`);
    assert.equal(undo.status, 404);
  });

  it('refuses a role that may not do it', async () => {
    const { dpoToken, adminToken, operatorToken } = client.workspace.credentials.contacthub;
    for (const [method, path, body] of operations().slice(0, 11)) {
      assert.equal(
        (await client.call(method, path, body, { token: dpoToken })).status,
        403,
        `${method} ${path}`,
      );
    }
    for (const token of [adminToken, operatorToken]) {
      assert.equal((await client.call('GET', `/customers/${customerId}`, undefined, { token })).status, 200);
    }
  });

  it('lets each role do what the vendor lists, and nothing else', async () => {
    const all = ['USER', 'TRUSTED_APPLICATION', 'UNTRUSTED_APPLICATION', 'GUEST', 'PLATFORM_UPDATES', 'DPO'];
    const trusted = ['USER', 'TRUSTED_APPLICATION'];
    const writers = [...trusted, 'UNTRUSTED_APPLICATION'];
    // In the order of `operations`; what is let in must be no 401 or 403.
    const allowed = [
      ...[writers, trusted, trusted],
      ...[writers, [...writers, 'GUEST'], [...trusted, 'GUEST'], writers, writers],
      ...[trusted, writers, trusted, trusted],
      [...trusted, 'GUEST'],
      ['DPO'],
      ['DPO'],
    ];
    const reader = new ContacthubClient(test, await test.addWorkspace());
    for (const role of all) {
      const token = await reader.tokenOf(role);
      for (const [index, [method, path, body]] of operations().entries()) {
        const { status } = await reader.call(method, path, body, { token });
        assert.equal(status !== 403, allowed[index]!.includes(role), `${role} ${method} ${path}: ${status}`);
      }
    }
  });

  it('takes no profile of another dialect for a customer', async () => {
    await sendWebengage(test, test.workspace, { userId: 'we-user' });
    const { id } = await test.native.read('/people/lookup?kind=user&value=we-user');
    assert.equal((await client.call('GET', `/customers/${id}`)).status, 404);
    const event = { type: 'loggedIn', context: 'WEB', properties: {}, customerId: id };
    assert.equal((await client.call('POST', '/events', event)).status, 404);
    assert.equal((await client.call('GET', `/events?customerId=${id}`)).body.page.totalElements, 0);
  });
});

describe('the edge of the API', () => {
  it('answers health without a token', async () => {
    const reply = await test.app.http.inject({ url: '/hub/v1/health' });
    assert.equal(reply.statusCode, 200);
    assert.deepEqual(reply.json(), {});
  });

  it('answers an unknown route as the vendor framework does', async () => {
    const reply = await client.call('GET', '/nothing');
    assert.equal(reply.status, 404);
    assert.equal(reply.body.status, 404);
    assert.equal(reply.body.error, 'Not Found');
    for (const key of errorKeys) assert.ok(key in reply.body, key);
  });

  it('answers a method that a path does not take in the form of messages', async () => {
    const reply = await client.call('DELETE', '/customers');
    assert.equal(reply.status, 405);
    assert.equal(reply.body.message, "Request method 'DELETE' not supported");
    assert.equal('status' in reply.body, false);
  });

  it('lets browsers of any origin call, with the headers that the SDK sends', async () => {
    const reply = await test.app.http.inject({
      method: 'OPTIONS',
      url: `/hub/v1/workspaces/${client.workspace.credentials.contacthub.workspaceId}/customers/${customerId}`,
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization,contactlab-clientid,content-type',
      },
    });
    assert.equal(reply.statusCode, 204);
    assert.equal(reply.headers['access-control-allow-origin'], '*');
    assert.match(String(reply.headers['access-control-allow-methods']), /PATCH/);
    const allowed = String(reply.headers['access-control-allow-headers']).toLowerCase();
    for (const header of ['authorization', 'contactlab-clientid', 'content-type', 'x-tracing-id'])
      assert.ok(allowed.includes(header), header);
  });

  it('takes the method that X-HTTP-Method-Override names', async () => {
    const headers = { 'x-http-method-override': 'PATCH' };
    const reply = await client.call('POST', `/customers/${customerId}`, { extra: 'overridden' }, { headers });
    assert.equal(reply.status, 200);
    assert.equal(reply.body.extra, 'overridden');
    const refused = await client.call('POST', `/customers/${customerId}`, { extra: 'x' });
    assert.equal(refused.status, 405);
  });

  it('refuses malformed JSON and hostile keys in the vendor form', async () => {
    for (const text of ['{"a":', '{"__proto__":{"x":1}}', `${'['.repeat(100)}${']'.repeat(100)}`]) {
      const reply = await client.call('POST', '/customers', text);
      assert.equal(reply.status, 400);
      assert.deepEqual(Object.keys(reply.body).sort(), errorKeys);
    }
  });

  it('says 429 once a rate is set and used up', async () => {
    const limited = new ContacthubClient(
      test,
      await test.addWorkspace({ settings: { rateLimits: { contacthub: 1 } } }),
    );
    assert.equal((await limited.call('GET', `/customers?nodeId=${limited.nodeId}`)).status, 200);
    const reply = await limited.call('GET', `/customers?nodeId=${limited.nodeId}`);
    assert.equal(reply.status, 429);
    assert.ok(Number(reply.headers['retry-after']) > 0);
  });
});

describe('the schemas', () => {
  it('are served where replies refer to them', async () => {
    const reply = await client.call('GET', '/configuration/events/viewedProduct/properties');
    assert.equal(reply.status, 200);
    assert.equal(reply.body.additionalProperties, false);
    const resolved = await client.call(
      'GET',
      '/configuration/events/completedOrder/properties?resolveReferences=true',
    );
    assert.equal(JSON.stringify(resolved.body).includes('$ref'), false);
    const document = await test.app.http.inject({ url: '/hub/v1/docs/schema/event/tracking.json' });
    assert.equal(document.statusCode, 200);
    assert.equal((await client.call('GET', '/configuration/events/nonsense/properties')).status, 404);
    const missing = await test.app.http.inject({ url: '/hub/v1/docs/schema/nothing.json' });
    assert.equal(missing.statusCode, 404);
  });

  it('are in the OpenAPI document', async () => {
    const reply = await test.app.http.inject({ url: '/openapi.json' });
    assert.equal(reply.statusCode, 200);
    const path = reply.json().paths['/hub/v1/workspaces/{workspaceId}/customers/{customerId}'];
    assert.deepEqual(Object.keys(path).sort(), ['delete', 'get', 'patch', 'put']);
  });
});
