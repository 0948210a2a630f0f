import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { before, it } from 'node:test';
import { ContacthubClient } from '../dialects/contacthub/client.ts';
import { useApp } from '../helpers/app.ts';
import { bearer } from '../helpers/vendor-client.ts';

const test = await useApp();
const client = new ContacthubClient(test);
let address: string;
before(async () => {
  address = await test.app.http.listen({ host: '127.0.0.1', port: 0 });
});

/** The path of a search by so many conditions, each with a value of its own. */
function searchBy(conditions: number, valueLength = 40): string {
  const parts = Array.from({ length: conditions }, (_, index) => ({
    type: 'atomic',
    attribute: 'base.contacts.email',
    operator: 'NOT_EQUALS',
    value: `${index}@${'x'.repeat(valueLength)}.example`,
  }));
  const condition = { type: 'composite', conjunction: 'and', conditions: parts };
  const query = JSON.stringify({ query: { type: 'simple', are: { condition } } });
  const asked = new URLSearchParams({ nodeId: client.nodeId, query });
  return `/hub/v1/workspaces/${client.credentials.contacthub.workspaceId}/customers?${asked}`;
}

const get = (path: string) => fetch(address + path, { headers: bearer(client.credentials.contacthub.token) });

it('a query of as many conditions as one may have fits into an address', async () => {
  await client.create('ann@x.example');
  const path = searchBy(96);
  assert.ok(path.length > 16 * 1024, `${path.length} characters`);
  const reply = await get(path);
  const body = (await reply.json()) as { page: { totalElements: number } };
  assert.deepEqual([reply.status, body.page.totalElements], [200, 1]);
});

it('a longer address is refused in the form of the API whose it is', async () => {
  const reply = await get(searchBy(96, 300));
  assert.equal(reply.status, 414);
  const body = (await reply.json()) as Record<string, unknown>;
  assert.deepEqual(Object.keys(body).sort(), ['data', 'errors', 'logref', 'message']);
  assert.match(String(body.message), /more than the 32768 that one may have/);
  const native = await fetch(`${address}/throughline/v1/workspaces?x=${'x'.repeat(33_000)}`);
  assert.equal(native.status, 414);
  const { error } = (await native.json()) as { error: { code: string } };
  assert.equal(error.code, 'address-too-long');
});

/** All that comes back, until the server ends it. */
async function send(text: string): Promise<string> {
  const socket = connect(Number(new URL(address).port), '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => (received += chunk)).on('error', () => {});
  socket.write(text);
  await new Promise((resolve) => socket.once('close', resolve));
  return received;
}

it('headers that no connection may hold are cut off, and told so', async () => {
  const long = `GET ${searchBy(96, 600)} HTTP/1.1\r\nHost: a\r\n\r\n`;
  assert.ok(long.length > 48 * 1024);
  const [head = '', body = ''] = (await send(long)).split('\r\n\r\n');
  assert.match(head, /^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
  assert.deepEqual(Object.keys(JSON.parse(body)).sort(), ['data', 'errors', 'logref', 'message']);
  const others = await send(`GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(60_000)}\r\n\r\n`);
  assert.match(others, /^HTTP\/1\.1 431 .*"address-too-long"/s);
  assert.match(await send('NONSENSE\r\n\r\n'), /^HTTP\/1\.1 400 /);
});
