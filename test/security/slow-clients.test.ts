import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { before, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { useApp } from '../helpers/app.ts';

/** Of a request, as of all connections: so few that a test reaches them. */
const requestSeconds = 1;
const maximumConnections = 12;
const ofOneAddress = 3;
const proxy = '127.0.0.2';
/** The time-outs are looked for once a second. */
const cutMilliseconds = requestSeconds * 1000 + 2500;

const test = await useApp({
  environment: {
    THROUGHLINE_REQUEST_SECONDS: String(requestSeconds),
    THROUGHLINE_CONNECTIONS: String(maximumConnections),
    TRUSTED_PROXIES: proxy,
  },
});
let port: number;
before(async () => {
  port = Number(new URL(await test.app.http.listen({ host: '127.0.0.1', port: 0 })).port);
});

interface Client {
  readonly socket: Socket;
  readonly received: () => string;
  /** After how many milliseconds the server ended it; undefined when it has not in the time. */
  readonly ended: (milliseconds: number) => Promise<number | undefined>;
}

async function open(localAddress = '127.0.0.1'): Promise<Client> {
  const socket = connect({ host: '127.0.0.1', port, localAddress });
  const start = performance.now();
  let received = '';
  socket.on('data', (chunk) => (received += chunk));
  socket.on('error', () => {});
  const closed = new Promise<number>((resolve) =>
    socket.once('close', () => resolve(performance.now() - start)),
  );
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  return {
    socket,
    received: () => received,
    ended: (milliseconds) => Promise.race([closed, sleep(milliseconds, undefined, { ref: false })]),
  };
}

async function assertEnded(client: Client): Promise<void> {
  const ended = await client.ended(cutMilliseconds);
  client.socket.destroy();
  assert.ok(ended !== undefined && ended < cutMilliseconds, 'the connection is still open');
}

/** Bytes at a pace that no idle time-out sees. */
function trickle(client: Client, text: string): void {
  const timer = setInterval(() => client.socket.writable && client.socket.write(text), 100);
  client.socket.once('close', () => clearInterval(timer));
}

const head = 'POST /hello/message HTTP/1.1\r\nHost: a\r\n';

it('ends a connection whose request never begins', async () => {
  await assertEnded(await open());
});

it('ends one whose headers come for ever', async () => {
  const client = await open();
  client.socket.write(head);
  trickle(client, 'X-A: b\r\n');
  await assertEnded(client);
  assert.match(client.received(), /^HTTP\/1\.1 408 /);
});

it('ends one whose body comes for ever, by its length or in chunks, on any path', async () => {
  const paths = ['/hello/message', '/api/v1/event', '/api/v2/token', '/oidc/token', '/nowhere'];
  const bodies = [
    ['Content-Length: 60000', 'x'],
    ['Transfer-Encoding: chunked', '1\r\nx\r\n'],
  ] as const;
  const calls = paths.flatMap((path) => bodies.map(([length, unit]) => ({ path, length, unit })));
  await Promise.all(
    calls.map(async ({ path, length, unit }) => {
      // By a trusted proxy, which may have so many connections at once.
      const client = await open(proxy);
      client.socket.write(
        `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n${length}\r\n\r\n`,
      );
      trickle(client, unit);
      await assertEnded(client);
    }),
  );
});

/** Begins to send a file of rows, whose end is not said. */
async function beginFile(): Promise<Client> {
  const { workspaceId, nodeId, adminToken } = test.workspace.credentials.contacthub;
  const client = await open();
  client.socket.write(
    `POST /hub/v1/workspaces/${workspaceId}/nodes/${nodeId}/bulk-jobs HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${adminToken}\r\n` +
      'Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n',
  );
  sendChunk(
    client,
    '--b\r\nContent-Disposition: form-data; name="operation"\r\n\r\nUPSERT\r\n' +
      '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nexternalId,base.firstName\n',
  );
  return client;
}

function sendChunk({ socket }: Client, text: string): void {
  socket.write(`${text.length.toString(16)}\r\n${text}\r\n`);
}

it('lets a file of rows take longer than other bodies while it comes in, and ends it when it does not', async () => {
  const [steady, slow] = [await beginFile(), await beginFile()];
  trickle(slow, '1\r\n1\r\n');
  const row = `${'1'.repeat(100)},${'a'.repeat(100)}\n`;
  for (let round = 0; round < 20; round++) {
    sendChunk(steady, row.repeat(250));
    await sleep(200);
  }
  await assertEnded(slow);
  assert.match(slow.received(), /^HTTP\/1\.1 408 /);
  sendChunk(steady, '\r\n--b--\r\n');
  steady.socket.write('0\r\n\r\n');
  while (steady.received() === '') await sleep(10);
  assert.match(steady.received(), /^HTTP\/1\.1 201 /);
  steady.socket.destroy();
});

it('lets one address have no more than its share of the connections, and others have theirs', async () => {
  const own = await Promise.all(Array.from({ length: ofOneAddress }, () => open()));
  const oneMore = await open();
  assert.ok((await oneMore.ended(1000)) !== undefined, 'one more of the address is ended at once');
  const other = await open('127.0.0.3');
  other.socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
  while (!other.received().includes('"ok"')) await sleep(10);
  for (const client of [...own, other]) client.socket.destroy();
  await sleep(100);
  const again = await open();
  again.socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  await again.ended(1000);
  assert.match(again.received(), /"ok"/);
});

it('has one bound for all, which a trusted proxy may use up', async () => {
  const through = await Promise.all(Array.from({ length: maximumConnections }, () => open(proxy)));
  const oneMore = await open('127.0.0.4');
  assert.ok((await oneMore.ended(1000)) !== undefined);
  assert.ok(through.every(({ socket }) => !socket.closed));
  for (const { socket } of through) socket.destroy();
});
