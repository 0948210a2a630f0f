import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type TestWorkspace, useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { inject } from '../helpers/vendor-client.ts';
import { workspaceKey } from './helpers.ts';

const test = await useApp();
let other: TestWorkspace;
let own: string;
let foreign: string;

before(async () => {
  other = await test.addWorkspace();
  own = await workspaceKey(test, test.workspace);
  foreign = await workspaceKey(test, other);
});

describe('/workspaces/{workspace}/keys', () => {
  it('issues a key that works, shows its secret once, and revokes it', async () => {
    const made = await test.native.call('POST', '/keys', {
      key: own,
      body: { dialect: 'native', name: 'reader' },
    });
    assert.equal(made.status, 201);
    const key = made.body.secret;
    assert.equal((await test.native.call('GET', '', { key })).status, 200);
    const list = await test.native.call('GET', '/keys');
    assert.ok(list.body.keys.some(({ id }: { id: string }) => id === made.body.key.id));
    assert.ok(!JSON.stringify(list.body).includes(key));
    assert.equal((await test.native.call('DELETE', `/keys/${made.body.key.id}`)).status, 204);
    assert.equal((await test.native.call('GET', '', { key })).status, 401);
    assert.equal((await test.native.call('DELETE', `/keys/${made.body.key.id}`)).status, 404);
  });
  it('issues keys in the form of each dialect', async () => {
    const made = await test.native.call('POST', '/keys', {
      body: { dialect: 'octeth', name: 'list' },
    });
    assert.match(made.body.secret, /^([0-9A-F]{8}-){3}[0-9A-F]{8}$/);
    assert.equal(made.body.key.role, 'user');
    const token = await test.native.call('POST', '/keys', {
      body: { dialect: 'contacthub', name: 'page' },
    });
    assert.match(token.body.secret, /^[0-9a-f]{64}$/);
    const rotated = await test.native.call('POST', `/keys/${token.body.key.id}/rotate`, {
      body: {},
    });
    assert.match(rotated.body.secret, /^[0-9a-f]{64}$/);
  });
  it('neither makes an administrator, nor shows or revokes the keys of others', async () => {
    for (const body of [
      { dialect: 'native', role: 'admin', name: 'x' },
      { dialect: 'native' },
      { dialect: 'x', name: 'x' },
    ])
      assert.equal((await test.native.call('POST', '/keys', { key: own, body })).status, 400);
    const { keys } = (await test.native.call('GET', '/keys')).body;
    assert.equal((await ask(test, 'DELETE', at(other, `/keys/${keys[0].id}`), { key: foreign })).status, 404);
    assert.equal((await test.native.call('GET', '/keys', { key: foreign })).status, 404);
    assert.equal(
      (
        await test.native.call('POST', '/keys', {
          key: foreign,
          body: { dialect: 'native', name: 'x' },
        })
      ).status,
      404,
    );
    assert.equal((await test.native.call('GET', '/keys', { key: null })).status, 401);
  });
});

interface Listed {
  id: string;
  kind: string;
  subject: string | null;
  madeFrom: string | null;
  lastUsedAt: string | null;
  expiresAt: string | null;
  revokedAt: string | null;
}

async function list(where: TestWorkspace, query = ''): Promise<Listed[]> {
  return (await ask(test, 'GET', at(where, `/keys?limit=1000${query}`))).body.keys;
}

async function one(where: TestWorkspace, kind: string, subject?: string): Promise<Listed> {
  const found = (await list(where, `&kind=${kind}`)).find((key) => !subject || key.subject === subject);
  assert.ok(found, `no ${kind}`);
  return found;
}

describe('listing what opens something', () => {
  it('has every kind, with who shows it, what it was made from and when it was last used', async () => {
    const { signals } = test.workspace.credentials;
    const signIn = { username: signals.username, password: signals.password };
    const reply = await inject(test, { method: 'POST', url: '/api/v2/token', body: signIn });
    assert.equal(reply.status, 200);
    const password = await one(test.workspace, 'password', signals.username);
    assert.ok(password.lastUsedAt);
    const [session] = await list(test.workspace, `&madeFrom=${password.id}`);
    assert.deepEqual([session?.kind, session?.lastUsedAt], ['session', null]);
    assert.ok(session?.expiresAt);
    const kinds = new Set((await list(test.workspace)).map(({ kind }) => kind));
    for (const kind of ['key', 'password', 'service-account-key', 'app-secret', 'verify-token'])
      assert.ok(kinds.has(kind), kind);
    const app = await one(test.workspace, 'app-secret');
    assert.equal(app.subject, signals.appId);
    assert.ok(!JSON.stringify(await list(test.workspace)).includes(signals.appSecret));
  });

  it('pages, newest first', async () => {
    const all = (await list(test.workspace)).map(({ id }) => id);
    const paged: string[] = [];
    let next: string | null = null;
    do {
      const query = next === null ? '' : `&after=${next}`;
      const { body } = await test.native.call('GET', `/keys?limit=3${query}`);
      paged.push(...body.keys.map(({ id }: Listed) => id));
      next = body.next;
    } while (next !== null);
    assert.deepEqual(paged, all);
    const foreignCursor = (await list(other))[0]!.id;
    const { body } = await test.native.call('GET', `/keys?after=${foreignCursor}`);
    assert.deepEqual(body.keys, [], 'another workspace’s credential is no place in the list');
  });

  it('has the administrators’ keys for the administrator alone', async () => {
    const made = await ask(test, 'POST', '/keys', { body: { name: 'second' } });
    assert.equal(made.status, 201);
    const key = made.body.secret;
    const { body } = await ask(test, 'GET', '/keys', { key });
    assert.ok(body.keys.some(({ id }: Listed) => id === made.body.key.id));
    assert.ok(body.keys.every(({ role }: { role: string }) => role === 'admin'));
    for (const [method, path] of [
      ['GET', '/keys'],
      ['DELETE', `/keys/${made.body.key.id}`],
      ['POST', `/keys/${made.body.key.id}/rotate`],
    ] as const) {
      assert.equal((await ask(test, method, path, { key: own })).status, 403, path);
      assert.equal((await ask(test, method, path, { key: null })).status, 401, path);
    }
    assert.equal((await ask(test, 'POST', '/keys', { key: own, body: { name: 'x' } })).status, 403);
    assert.equal((await ask(test, 'DELETE', `/keys/${made.body.key.id}`)).status, 204);
    assert.equal((await ask(test, 'GET', '/keys', { key })).status, 401);
  });

  it('says which kinds there are', async () => {
    const { status, body } = await test.native.call('GET', '/keys?kind=token');
    assert.equal(status, 400);
    assert.match(body.error.message, /session/);
  });
});

describe('rotating', () => {
  it('issues a new key beside the old one, which ends when it was said', async () => {
    const made = await test.native.call('POST', '/keys', { body: { dialect: 'native', name: 'r' } });
    const oldValidUntil = new Date(Date.now() + 3600_000).toISOString();
    const rotate = at(test.workspace, `/keys/${made.body.key.id}/rotate`);
    const rotated = await ask(test, 'POST', rotate, { key: own, body: { oldValidUntil } });
    assert.equal(rotated.status, 201);
    assert.equal(rotated.body.oldValidUntil, oldValidUntil);
    const open = async (key: string) => (await test.native.call('GET', '', { key })).status;
    assert.deepEqual([await open(made.body.secret), await open(rotated.body.secret)], [200, 200]);
    test.time.now = Date.parse(oldValidUntil);
    assert.deepEqual([await open(made.body.secret), await open(rotated.body.secret)], [401, 200]);
    test.time.now = 0;
    const again = await ask(test, 'POST', rotate, { body: null });
    assert.equal(again.status, 409);
    assert.match(again.body.error.message, /rotate the one that took its place/);
  });

  it('leaves the old one a day if nothing is said, ends it at once for what is past, and not for too long', async () => {
    const password = await one(test.workspace, 'password', test.workspace.credentials.octeth.username);
    const rotate = (id: string, body: unknown) => test.native.call('POST', `/keys/${id}/rotate`, { body });
    const tooLong = new Date(Date.now() + 91 * 86_400_000).toISOString();
    const refused = await rotate(password.id, { oldValidUntil: tooLong });
    assert.equal(refused.status, 400);
    assert.deepEqual(
      [refused.body.error.path, /90 days/.test(refused.body.error.message)],
      ['body/oldValidUntil', true],
    );
    const day = await rotate(password.id, null);
    assert.ok(Math.abs(Date.parse(day.body.oldValidUntil) - Date.now() - 86_400_000) < 60_000);
    const third = await rotate(day.body.key.id, null);
    assert.equal(third.status, 409, 'no more than two are valid at once');
    assert.match(third.body.error.message, /revoke the older one/);
    const signIn = async (Password: string) => {
      const { username } = test.workspace.credentials.octeth;
      const payload = new URLSearchParams({ Command: 'User.Login', Username: username, Password }).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const reply = await inject(test, { method: 'POST', url: '/api.php', headers, body: payload });
      return reply.body.Success;
    };
    const { password: old } = test.workspace.credentials.octeth;
    assert.deepEqual([await signIn(old), await signIn(day.body.secret)], [true, true]);
    assert.equal((await test.native.call('DELETE', `/keys/${password.id}`)).status, 204);
    assert.deepEqual([await signIn(old), await signIn(day.body.secret)], [false, true]);
    const atOnce = await rotate(day.body.key.id, { oldValidUntil: new Date(0).toISOString() });
    assert.deepEqual([await signIn(day.body.secret), await signIn(atOnce.body.secret)], [false, true]);
  });

  it('gives a service account another key with its id, and an app another secret', async () => {
    const key = await one(test.workspace, 'service-account-key');
    const rotated = await test.native.call('POST', `/keys/${key.id}/rotate`, { body: {} });
    assert.match(rotated.body.secret, /^-----BEGIN PRIVATE KEY-----/);
    assert.match(rotated.body.privateKeyId, /^[0-9a-f]{16}$/);
    assert.equal(rotated.body.key.subject, test.workspace.credentials.webmarketer.serviceAccount.clientId);
    const app = await one(test.workspace, 'app-secret');
    const secret = await test.native.call('POST', `/keys/${app.id}/rotate`, { body: {} });
    assert.match(secret.body.secret, /^[0-9a-f]{32}$/);
  });

  it('is not for sessions and tokens, nor for the credentials of others', async () => {
    const { signals } = test.workspace.credentials;
    const payload = { username: signals.username, password: signals.password };
    await inject(test, { method: 'POST', url: '/api/v2/token', body: payload });
    const session = await one(test.workspace, 'session');
    const refused = await test.native.call('POST', `/keys/${session.id}/rotate`, { body: {} });
    assert.equal(refused.status, 409);
    assert.match(refused.body.error.message, /session is not rotated/);
    const path = `/keys/${session.id}`;
    assert.equal((await ask(test, 'POST', at(other, `${path}/rotate`), { key: foreign })).status, 404);
    assert.equal((await test.native.call('POST', `${path}/rotate`, { key: foreign })).status, 404);
    assert.equal((await test.native.call('POST', `${path}/rotate`, { key: null })).status, 401);
    assert.equal((await ask(test, 'POST', '/keys/x/rotate')).status, 400);
  });
});
