import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { sessionMilliseconds } from '../../src/core/credential/console-session.ts';
import { linkMilliseconds } from '../../src/core/credential/sign-in-links.ts';
import { maximumFailuresOfAddress } from '../../src/core/credential/sign-in-throttle.ts';
import { useApp } from '../helpers/app.ts';
import { at } from '../helpers/native-client.ts';
import { sessionCookie } from '../helpers/session.ts';
import { inject, type Method, type Reply } from '../helpers/vendor-client.ts';
import { workspaceKey } from './helpers.ts';

const test = await useApp({ environment: { TRUSTED_PROXIES: '10.0.0.1' } });
const own = { 'sec-fetch-site': 'same-origin' };
const path = '/throughline/v1/session';

beforeEach(() => {
  test.time.now = 0;
});

function ask(method: Method, url: string, headers: Record<string, string> = {}, body?: unknown) {
  return inject(test, { method, url: `/throughline/v1${url}`, headers, body });
}

function signIn(key: string, headers: Record<string, string> = own, remoteAddress = '127.0.0.1') {
  return inject(test, { method: 'POST', url: path, headers, remoteAddress, body: { key } });
}

async function cookieOf(reply: Promise<Reply>): Promise<string> {
  const signedIn = await reply;
  assert.equal(signedIn.status, 201, signedIn.text);
  return sessionCookie(signedIn);
}

const administrator = () => test.workspace.credentials.admin.token;

describe('signing in to the console', () => {
  it('makes a session whose cookie no script reads and no other site sends, over TLS only by TLS', async () => {
    const reply = await signIn(administrator());
    assert.match(
      String(reply.headers['set-cookie']),
      /^throughline_session=tl_session_[\w-]{32}; Path=\/throughline\/v1; Max-Age=604800; HttpOnly; SameSite=Strict$/,
    );
    assert.deepEqual(
      [reply.body.session.role, reply.body.session.workspace],
      ['admin', null],
      'who has signed in is told',
    );
    const behind = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' };
    const secure = await signIn(administrator(), { ...own, ...behind }, '10.0.0.1');
    assert.match(String(secure.headers['set-cookie']), /; Secure$/);
  });

  it('opens by the cookie what the key opens, and nothing else', async () => {
    const other = await test.addWorkspace();
    const key = await workspaceKey(test, test.workspace);
    const cookie = await cookieOf(signIn(` ${key} `));
    const { session } = (await ask('GET', '/session', { cookie })).body;
    assert.equal(session.workspace.slug, test.workspace.credentials.workspace.slug);
    assert.equal((await ask('GET', at(test.workspace, '/jobs'), { cookie })).status, 200);
    assert.equal((await ask('GET', at(other, '/jobs'), { cookie })).status, 404);
    assert.equal((await ask('POST', '/keys', { cookie, ...own }, { name: 'more' })).status, 403);
    const whole = await cookieOf(signIn(administrator()));
    assert.equal((await ask('GET', at(other, '/jobs'), { cookie: whole })).status, 200);
  });

  it('is for keys of the native API alone', async () => {
    const { contacthub, octeth } = test.workspace.credentials;
    const session = (await cookieOf(signIn(administrator()))).split('=')[1] ?? '';
    for (const key of ['nonsense', contacthub.adminToken, octeth.apiKey, session]) {
      const reply = await signIn(key);
      assert.deepEqual([reply.status, reply.body.error.path], [401, 'body/key'], key);
      assert.equal(reply.headers['set-cookie'], undefined);
    }
    const asKey = await ask('GET', '/workspaces', { authorization: `Bearer ${session}` });
    assert.equal(asKey.status, 401, 'a session is no key');
    const asCookie = await ask('GET', '/workspaces', { cookie: `throughline_session=${administrator()}` });
    assert.equal(asCookie.status, 401, 'a key is no session');
  });

  it('ends with the key, when it is signed out, and after a week', async () => {
    const issued = await test.native.call('POST', '/keys', { body: { dialect: 'native', name: 'short' } });
    const open = (cookie: string) => ask('GET', at(test.workspace, '/jobs'), { cookie });
    const first = await cookieOf(signIn(issued.body.secret));
    const second = await cookieOf(signIn(issued.body.secret));
    assert.equal((await open(first)).status, 200);
    const out = await ask('DELETE', '/session', { cookie: first, ...own });
    assert.match(String(out.headers['set-cookie']), /^throughline_session=; .*Max-Age=0/);
    assert.deepEqual([(await open(first)).status, (await open(second)).status], [401, 200]);
    await test.native.call('DELETE', `/keys/${issued.body.key.id}`);
    assert.equal((await open(second)).status, 401);
    assert.deepEqual((await ask('GET', '/session', { cookie: second })).body, { session: null });
    const third = await cookieOf(signIn(administrator()));
    test.time.now = Date.now() + sessionMilliseconds + 1000;
    assert.equal((await open(third)).status, 401);
  });

  it('ends the session that the browser had before', async () => {
    const cookie = await cookieOf(signIn(administrator()));
    await cookieOf(signIn(administrator(), { ...own, cookie }));
    assert.equal((await ask('GET', '/workspaces', { cookie })).status, 401);
  });

  it('changes nothing for a page of another origin, whatever cookie its browser sends along', async () => {
    const cookie = await cookieOf(signIn(administrator()));
    const host = { cookie, host: 'throughline.example' };
    const foreign: Record<string, string>[] = [
      {},
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': 'same-site', origin: 'http://throughline.example' },
      { origin: 'http://evil.example' },
      { origin: 'http://throughline.example:8081' },
      { origin: 'null' },
    ];
    for (const headers of foreign) {
      const reply = await ask('POST', at(test.workspace, '/rebuild'), { ...host, ...headers });
      assert.equal(reply.status, 403, JSON.stringify(headers));
      assert.equal((await ask('DELETE', '/session', { ...host, ...headers })).status, 403);
      if (Object.keys(headers).length > 0)
        assert.equal((await signIn(administrator(), { ...host, ...headers })).status, 403);
    }
    const ours = { ...host, origin: 'http://throughline.example' };
    assert.equal((await ask('POST', at(test.workspace, '/rebuild'), ours)).status, 200);
    const shown = { ...host, authorization: `Bearer ${administrator()}`, 'sec-fetch-site': 'cross-site' };
    assert.equal(
      (await ask('GET', '/workspaces', shown)).status,
      200,
      'a key that is shown needs no such check',
    );
  });

  it('keeps secrets of sessions as hashes, among the keys that can be listed and revoked', async () => {
    const cookie = await cookieOf(signIn(await workspaceKey(test, test.workspace)));
    const rows = JSON.stringify(await test.store.credentialRows());
    assert.ok(!rows.includes(cookie.split('=')[1] ?? ''));
    const { body } = await test.native.call('GET', '/keys?kind=session&limit=1000');
    const [listed] = body.keys.filter(({ dialect }: { dialect: string }) => dialect === 'native');
    assert.match(listed.name, /^console session of /);
    await test.native.call('DELETE', `/keys/${listed.id}`);
    assert.equal((await ask('GET', '/workspaces', { cookie })).status, 401);
  });

  it('judges no more than a hundred failures of an address in fifteen minutes, nor right keys meanwhile', async () => {
    const address = '198.51.100.7';
    for (let failure = 0; failure < maximumFailuresOfAddress; failure++)
      assert.equal((await signIn(`wrong ${failure}`, own, address)).status, 401);
    const reply = await signIn(administrator(), own, address);
    assert.equal(reply.status, 429);
    assert.ok(Number(reply.headers['retry-after']) > 0);
    assert.equal((await signIn(administrator(), own, '198.51.100.8')).status, 201);
  });
});

describe('a link that signs in', () => {
  const follow = (link: string) => ask('POST', '/session/link', own, { link });
  async function makeLink(): Promise<string> {
    const key = await test.app.services.authenticator.findCredential('native', administrator());
    assert.ok(key);
    return test.app.services.signInLinks.make(key.id);
  }

  it('works once', async () => {
    const link = await makeLink();
    const cookie = await cookieOf(follow(link));
    assert.equal((await ask('GET', '/workspaces', { cookie })).status, 200);
    assert.deepEqual([(await follow(link)).status, (await follow('tl_link_unknown')).status], [401, 401]);
  });

  it('works for ten minutes, and no longer than the key', async () => {
    const late = await makeLink();
    test.time.now = Date.now() + linkMilliseconds + 1;
    assert.equal((await follow(late)).status, 401);
    test.time.now = 0;
    const issued = await inject(test, {
      method: 'POST',
      url: '/throughline/v1/keys',
      headers: { authorization: `Bearer ${administrator()}` },
      body: { name: 'passing' },
    });
    const link = await test.app.services.signInLinks.make(issued.body.key.id);
    await inject(test, {
      method: 'DELETE',
      url: `/throughline/v1/keys/${issued.body.key.id}`,
      headers: { authorization: `Bearer ${administrator()}` },
    });
    assert.equal((await follow(link)).status, 401);
  });
});
