import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { it } from 'node:test';
import { SignJWT } from 'jose';
import { maximumFailuresOfAddress } from '../../src/core/credential/sign-in-throttle.ts';
import { networkOf, plainAddress } from '../../src/core/rate-limit/network.ts';
import { type TestApp, useApp } from '../helpers/app.ts';
import { inject } from '../helpers/vendor-client.ts';

/** Behind proxies; and one that has none, for which the same headers are a client's word. */
const behind = await useApp({ environment: { TRUSTED_PROXIES: '10.0.0.0/8, fd00:1::/32 ,192.0.2.1' } });
const open = await useApp();

interface From {
  /** Of the connection. */
  readonly peer: string;
  /** What X-Forwarded-For says, if anything. */
  readonly via?: string;
}

function askToken(test: TestApp, { peer, via }: From, parameters: Record<string, string>) {
  return inject(test, {
    method: 'POST',
    url: '/oidc/token',
    remoteAddress: peer,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(via === undefined ? {} : { 'x-forwarded-for': via }),
    },
    body: new URLSearchParams(parameters).toString(),
  });
}

const nonsense = { grant_type: 'refresh_token', client_id: 'nobody', refresh_token: 'nonsense' };

async function statusOf(test: TestApp, from: From): Promise<number> {
  return (await askToken(test, from, nonsense)).status;
}

async function failOften(test: TestApp, fromOf: (index: number) => From): Promise<void> {
  for (let index = 0; index < maximumFailuresOfAddress; index++)
    assert.equal(await statusOf(test, fromOf(index)), 401, `attempt ${index}`);
}

it('counts who comes through a trusted proxy by the address that the proxy says', async () => {
  await failOften(behind, () => ({ peer: '10.1.2.3', via: '203.0.113.1' }));
  assert.equal(await statusOf(behind, { peer: '10.1.2.3', via: '203.0.113.1' }), 429);
  assert.equal(await statusOf(behind, { peer: '10.1.2.3', via: '203.0.113.2' }), 401);
  assert.equal(await statusOf(behind, { peer: '10.1.2.3' }), 401);
});

it('knows a proxy by IPv4 written as IPv6, by IPv6, by its one address, and behind another', async () => {
  for (const from of [
    { peer: '::ffff:10.9.9.9', via: '203.0.113.1' },
    { peer: 'fd00:1:2::3', via: '203.0.113.1' },
    { peer: '192.0.2.1', via: '203.0.113.1' },
    { peer: '10.1.2.3', via: '203.0.113.1, 10.0.0.7, fd00:1::9' },
    { peer: '10.1.2.3', via: '203.0.113.1:4711' },
    { peer: '10.1.2.3', via: '::ffff:203.0.113.1' },
    { peer: '203.0.113.1', via: '198.51.100.9' },
  ])
    assert.equal(await statusOf(behind, from), 429, JSON.stringify(from));
  assert.equal(await statusOf(behind, { peer: '192.0.2.2', via: '203.0.113.1' }), 401);
});

it('believes nobody what stands before the address that its own proxies have seen', async () => {
  await failOften(behind, (index) => ({ peer: '10.1.2.3', via: `198.51.100.${index}, 203.0.113.9` }));
  assert.equal(await statusOf(behind, { peer: '10.1.2.3', via: '8.8.8.8, 203.0.113.9' }), 429);
});

it('takes a network of 64 bits for one client of IPv6 behind a proxy, too', async () => {
  await failOften(behind, (index) => ({ peer: 'fd00:1::1', via: `2001:db8:7:7:${index.toString(16)}::1` }));
  assert.equal(await statusOf(behind, { peer: '10.0.0.1', via: '[2001:DB8:7:7::5]:443' }), 429);
  assert.equal(await statusOf(behind, { peer: '10.0.0.1', via: '2001:db8:7:8::5' }), 401);
});

it('reads none of these headers where no proxy is named', async () => {
  await failOften(open, (index) => ({ peer: '127.0.0.1', via: `198.51.100.${index}` }));
  assert.equal(await statusOf(open, { peer: '127.0.0.1', via: '203.0.113.1' }), 429);
  assert.equal(await statusOf(open, { peer: '127.0.0.2', via: '127.0.0.1' }), 401);
});

it('lets in whoever shows a valid assertion or refresh token from an address that has failed too often', async () => {
  const { clientId, privateKey, privateKeyId, serviceAccountEmail } =
    open.workspace.credentials.webmarketer.serviceAccount;
  const assertion = await new SignJWT({ scope: 'offline_access' })
    .setProtectedHeader({ alg: 'RS256', kid: privateKeyId })
    .setIssuer(clientId)
    .setSubject(serviceAccountEmail)
    .setAudience('https://oauth.webmarketer.io/oidc/token')
    .setExpirationTime('5m')
    .sign(createPrivateKey(privateKey));
  const from = { peer: '127.0.0.1' };
  assert.equal(await statusOf(open, from), 429);
  const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  const granted = await askToken(open, from, { grant_type, client_id: clientId, assertion });
  assert.equal(granted.status, 200, granted.text);
  const refresh_token = granted.body.refresh_token as string;
  const again = await askToken(open, from, { ...nonsense, client_id: clientId, refresh_token });
  assert.equal(again.status, 200, again.text);
  assert.equal(await statusOf(open, from), 429, 'what fails waits as before');
});

it('stops with the failures of one API nobody who signs in to another', async () => {
  const { username, password } = open.workspace.credentials.signals;
  const reply = await inject(open, {
    method: 'POST',
    url: '/api/v2/token',
    remoteAddress: '127.0.0.1',
    body: { username, password },
  });
  assert.equal(reply.status, 200, reply.text);
});

it('builds links by a trusted proxy’s host and protocol, and by nobody else’s', async () => {
  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'track.example.com' };
  const links = async (test: TestApp, remoteAddress: string) => {
    const { contacthub, octeth } = test.workspace.credentials;
    const schema = await inject(test, {
      method: 'GET',
      url: `/hub/v1/workspaces/${contacthub.workspaceId}/configuration/events/viewedProduct/properties`,
      remoteAddress,
      headers: { ...forwarded, host: 'own.example', authorization: `Bearer ${contacthub.token}` },
    });
    const list = await inject(test, {
      method: 'POST',
      url: '/api.php',
      remoteAddress,
      headers: { ...forwarded, host: 'own.example' },
      body: { Command: 'List.Get', APIKey: octeth.apiKey, ListID: octeth.listId },
    });
    return `${schema.text}${list.text}`;
  };
  const trusted = await links(behind, '10.1.2.3');
  assert.match(trusted, /https:\/\/track\.example\.com\/hub\/v1/);
  assert.match(trusted, /\/\/track\.example\.com\\?\/t\.js/);
  assert.doesNotMatch(trusted, /own\.example/);
  for (const told of [await links(behind, '203.0.113.77'), await links(open, '127.0.0.1')]) {
    assert.match(told, /http:\/\/own\.example\/hub\/v1/);
    assert.doesNotMatch(told, /track\.example\.com/);
  }
});

it('has one form of an address, whoever writes it', () => {
  const cases: [string, string | undefined, string][] = [
    ['192.0.2.7', '192.0.2.7', '192.0.2.7'],
    ['192.0.2.7:80', '192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:207', '192.0.2.7', '192.0.2.7'],
    ['2001:DB8::1', '2001:db8::1', '2001:db8:0:0::/64'],
    ['[2001:db8:1:2:3::1]:443', '2001:db8:1:2:3::1', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80::1', 'fe80:0:0:0::/64'],
    ['::1', '::1', '0:0:0:0::/64'],
    ['::', '::', '0:0:0:0::/64'],
    ['unknown', undefined, 'unknown'],
    ['', undefined, ''],
    [`1.2.3.4${'5'.repeat(5000)}`, undefined, `1.2.3.4${'5'.repeat(57)}`],
  ];
  for (const [text, plain, network] of cases)
    assert.deepEqual([plainAddress(text), networkOf(text)], [plain, network], text.slice(0, 50));
});
