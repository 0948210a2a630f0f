import assert from 'node:assert/strict';
import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { before, describe, it } from 'node:test';
import { ContacthubClient } from '../dialects/contacthub/client.ts';
import { useApp } from '../helpers/app.ts';

const test = await useApp();
const other = await test.addWorkspace();
let port: number;
/** Requests that Fastify has brought to a handler. */
let handled = 0;
before(async () => {
  port = Number(new URL(await test.app.http.listen({ host: '127.0.0.1', port: 0 })).port);
  subscribe('tracing:fastify.request.handler:start', () => handled++);
});

interface Sent {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

const plain = 'application/json';
/** The same to whoever reads it, and none of those that the short way knows. */
const whole = 'application/json; charset="utf-8"';

const event = JSON.stringify({ userId: 'johndoe', eventName: 'Looked', eventData: { price: 1.5 } });
const account = `/v1/accounts/${test.workspace.credentials.webengage.licenseCode}`;
const bearer = `Bearer ${test.workspace.credentials.webengage.apiKey}`;

function bytesOf({ path = `${account}/events`, headers = {}, body = event }: Sent, type: string): Buffer {
  const bytes = Buffer.from(body);
  const all = {
    host: 'a',
    authorization: bearer,
    'content-type': type,
    'content-length': bytes.length,
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), bytes]);
}

/** The answers to requests of one connection, as they came but for their date, and for what is new of each refusal. */
async function exchange(send: (socket: Socket) => void, answers = 1): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port });
  await once(socket, 'connect');
  let text = '';
  const whole = new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      text += chunk;
      if (countWhole(text) >= answers) resolve();
    });
    socket.once('close', () => resolve());
  });
  send(socket);
  await whole;
  socket.destroy();
  return text.replace(/^Date: .*\r\n/gm, '').replace(/(?<="logref":")[^"]+/g, '');
}

function countWhole(text: string): number {
  const head = /^HTTP\/1\.1 [\s\S]*?content-length: (\d+)[\s\S]*?\r\n\r\n/i.exec(text);
  if (!head) return 0;
  const end = head[0].length + Number(head[1]);
  return text.length < end ? 0 : 1 + countWhole(text.slice(end));
}

const { workspaceId, nodeId, token } = test.workspace.credentials.contacthub;
/** Of a customer whom the first of the requests makes; the others write nothing new, so that each is answered with the same. */
const customer = (body: object = {}): Sent => ({
  path: `/hub/v1/workspaces/${workspaceId}/customers`,
  headers: { authorization: `Bearer ${token}` },
  body: JSON.stringify({ nodeId, base: { contacts: { email: 'ada@x.example' } }, ...body }),
});

const byBothWays = async (sent: Sent) => ({
  short: await exchange((socket) => socket.write(bytesOf(sent, plain))),
  whole: await exchange((socket) => socket.write(bytesOf(sent, whole))),
});

const bulk = (count: number) =>
  JSON.stringify({
    events: Array.from({ length: count }, (_, number) => ({ userId: `u${number}`, eventName: 'Seen' })),
  });

const cases: Readonly<Record<string, Sent & { readonly status: number }>> = {
  'an event': { status: 201 },
  'a batch': { status: 201, path: `${account}/bulk-events`, body: bulk(25) },
  'a user': {
    status: 201,
    path: `${account}/users`,
    body: JSON.stringify({ userId: 'johndoe', firstName: 'John' }),
  },
  'a batch of users': {
    status: 201,
    path: `${account}/bulk-users`,
    body: JSON.stringify({ users: [{ userId: 'ada', email: 'ada@example.com' }, { userId: 'eve' }] }),
  },
  'a user without an id': { status: 400, path: `${account}/users`, body: '{"firstName":"John"}' },
  'a customer': { status: 201, ...customer() },
  'a customer with a name that no customer has': { status: 400, ...customer({ surname: 'L' }) },
  'a customer of a node that is not there': { status: 404, ...customer({ nodeId: workspaceId }) },
  'a customer that is no JSON': { status: 400, ...customer(), body: '{' },
  'a customer by nobody': { status: 401, ...customer(), headers: { authorization: '' } },
  'a customer of another workspace': {
    status: 403,
    ...customer(),
    path: `/hub/v1/workspaces/${other.credentials.contacthub.workspaceId}/customers`,
  },
  'a repeat': { status: 201, headers: { 'x-request-id': 'one' } },
  'an event that goes to quarantine or is dropped': {
    status: 201,
    body: JSON.stringify({ userId: 'a', eventName: 'we_reserved' }),
  },
  'a batch that is too large': { status: 400, path: `${account}/bulk-events`, body: bulk(26) },
  nobody: { status: 400, body: '{}' },
  'no JSON': { status: 400, body: '{"userId":' },
  'nothing but blanks': { status: 400, body: ' \n' },
  'nesting without end': { status: 400, body: '['.repeat(100) },
  'what is no UTF-8': { status: 400, body: Buffer.from([0x7b, 0xff, 0x7d]) },
  'a poisoned prototype': { status: 400, body: '{"__proto__":{"a":1}}' },
  'no key': { status: 401, headers: { authorization: '' } },
  'a key that nobody has': { status: 401, headers: { authorization: 'Bearer nobody' } },
  'a key of another account': {
    status: 401,
    headers: { authorization: `Bearer ${other.credentials.webengage.apiKey}` },
  },
  'an account that is not there': { status: 404, path: '/v1/accounts/nowhere/events' },
  'a path that is not there': { status: 400, path: `${account}/nothing` },
  'the other form of an answer': { status: 201, path: `${account}/events?format=xml` },
  'a page of another origin': { status: 201, headers: { origin: 'https://shop.example' } },
};

describe('what is plain is answered without Fastify', () => {
  for (const [name, { status, ...sent }] of Object.entries(cases))
    it(`byte for byte as with it: ${name}`, async () => {
      const { short, whole } = await byBothWays(sent);
      assert.equal(short, whole);
      assert.match(short, new RegExp(`^HTTP/1\\.1 ${status} `));
    });

  it('where it succeeds, and nowhere else', async () => {
    const handledBy = async (sent: Sent, type: string) => {
      const before = handled;
      await exchange((socket) => socket.write(bytesOf(sent, type)));
      return handled - before;
    };
    assert.equal(await handledBy({}, plain), 0);
    for (const path of ['/bulk-events', '/users', '/bulk-users']) {
      const body = path === '/bulk-events' ? bulk(2) : '{"userId":"a","users":[{"userId":"a"}]}';
      assert.equal(await handledBy({ path: account + path, body }, plain), 0, path);
    }
    assert.equal(await handledBy(customer(), plain), 0);
    assert.equal(await handledBy(customer({ surname: 'L' }), plain), 1);
    assert.equal(await handledBy({}, whole), 1);
    assert.equal(await handledBy({ headers: { 'x-forwarded-for': '192.0.2.1' } }, plain), 1);
  });

  it('and a refusal that the batch has found is worded by the whole request', async () => {
    const client = new ContacthubClient(test);
    await exchange((socket) => socket.write(bytesOf(customer(), plain)));
    const { status } = await client.native.call('PATCH', `/contacthub/nodes/${nodeId}`, {
      body: { uniquenessPolicy: 'BLOCK' },
    });
    assert.equal(status, 200);
    await test.app.services.jobs.settle();
    const { short, whole } = await byBothWays(customer());
    assert.equal(short, whole);
    assert.match(short, /^HTTP\/1\.1 409 [\s\S]*"href":"http:\/\/a\/hub\/v1/);
  });

  it('in their order where a connection sends several at once, each as it comes in', async () => {
    const bytes = Buffer.concat([bytesOf({}, plain), bytesOf({ body: '{}' }, plain), bytesOf({}, plain)]);
    const text = await exchange((socket) => {
      socket.write(bytes.subarray(0, 200));
      setImmediate(() => socket.write(bytes.subarray(200)));
    }, 3);
    assert.deepEqual(text.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 201', 'HTTP/1.1 400', 'HTTP/1.1 201']);
  });

  it('and a refusal is told once: of a workspace that takes nothing in, and of one with a rate', async () => {
    const { webengage } = other.credentials;
    const headers = { authorization: `Bearer ${webengage.apiKey}` };
    const path = `/v1/accounts/${webengage.licenseCode}/events`;
    const change = async (body: object) => {
      const reply = await test.app.http.inject({
        method: 'PATCH',
        url: `/throughline/v1/workspaces/${other.created.slug}`,
        headers: { authorization: `Bearer ${test.workspace.credentials.admin?.token ?? ''}` },
        payload: body,
      });
      assert.equal(reply.statusCode, 200, reply.payload);
    };
    await change({ rateLimits: { 'webengage:events': 3 } });
    for (const left of [2, 1, 0, 0]) {
      const text = await exchange((socket) => socket.write(bytesOf({ path, headers }, plain)));
      assert.match(text, new RegExp(`x-ratelimit-remaining: ${left}\r\n`));
    }
    await change({ rateLimits: { 'webengage:events': 0 }, status: 'suspended' });
    const { short, whole } = await byBothWays({ path, headers });
    assert.equal(short, whole);
    assert.match(short, /^HTTP\/1\.1 403 /);
  });
});
