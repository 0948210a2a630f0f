import assert from 'node:assert/strict';
import { createHmac, createPrivateKey } from 'node:crypto';
import { describe, it } from 'node:test';
import { SignJWT } from 'jose';
import { pino } from 'pino';
import { buildApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { useApp } from '../helpers/app.ts';
import { inject } from '../helpers/vendor-client.ts';

const test = await useApp({ freshWorkspace: true });

interface Wanted {
  readonly kind: string;
  readonly subject?: string;
}

async function idOf({ kind, subject }: Wanted): Promise<string> {
  const { body } = await test.native.call('GET', `/keys?limit=1000&kind=${kind}`);
  const found = body.keys.find((key: { subject: string }) => !subject || key.subject === subject);
  assert.ok(found, `no ${kind}`);
  return found.id;
}

async function revoke(wanted: Wanted): Promise<void> {
  assert.equal((await test.native.call('DELETE', `/keys/${await idOf(wanted)}`)).status, 204);
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };

async function post(url: string, fields: Record<string, string>) {
  const payload = new URLSearchParams(fields).toString();
  return inject(test, { method: 'POST', url, headers: form, body: payload });
}

async function statusOf(url: string, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await inject(test, { method: 'GET', url, headers })).status;
}

async function logIntoOcteth(): Promise<string> {
  const { username, password } = test.workspace.credentials.octeth;
  const reply = await post('/api.php', { Command: 'User.Login', Username: username, Password: password });
  return reply.body.SessionID;
}

async function useOcteth(SessionID: string): Promise<boolean> {
  return (await post('/api.php', { Command: 'Lists.Get', SessionID })).body.Success;
}

async function grantTokens(): Promise<{ access_token: string; refresh_token: string }> {
  const { clientId, privateKeyId, serviceAccountEmail, privateKey } =
    test.workspace.credentials.webmarketer.serviceAccount;
  const assertion = await new SignJWT({ scope: 'full_access offline_access' })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: privateKeyId })
    .setIssuer(clientId)
    .setSubject(serviceAccountEmail)
    .setAudience('http://localhost/oidc/token')
    .setExpirationTime('300s')
    .sign(createPrivateKey(privateKey));
  const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  const reply = await post('/oidc/token', { grant_type, client_id: clientId, assertion });
  assert.ok(reply.status < 500, reply.text);
  return reply.body;
}

async function refresh(refresh_token: string): Promise<{ access_token?: string; error?: string }> {
  const { clientId } = test.workspace.credentials.webmarketer.serviceAccount;
  return (await post('/oidc/token', { grant_type: 'refresh_token', client_id: clientId, refresh_token }))
    .body;
}

describe('what a revocation ends', () => {
  it('a password ends the sessions that were made from it, and nobody signs in by it', async () => {
    const session = await logIntoOcteth();
    assert.equal(await useOcteth(session), true);
    await revoke({ kind: 'password', subject: test.workspace.credentials.octeth.username });
    assert.equal(await useOcteth(session), false);
    assert.equal(await logIntoOcteth(), undefined);
  });

  it('one session ends alone', async () => {
    const [first, second] = [await logIntoOcteth(), await logIntoOcteth()];
    await revoke({ kind: 'session' });
    assert.deepEqual([await useOcteth(first), await useOcteth(second)], [true, false]);
  });

  it('a service account’s key ends its refresh tokens, and the access tokens made by way of them', async () => {
    const { access_token, refresh_token } = await grantTokens();
    const later = (await refresh(refresh_token)).access_token!;
    const { projectId } = test.workspace.credentials.webmarketer;
    const url = `/api/v1/projects/${projectId}/event-types`;
    assert.deepEqual([await statusOf(url, access_token), await statusOf(url, later)], [200, 200]);
    await revoke({ kind: 'service-account-key' });
    assert.deepEqual([await statusOf(url, access_token), await statusOf(url, later)], [401, 401]);
    assert.equal((await refresh(refresh_token)).error, 'invalid_grant');
    assert.equal('access_token' in (await grantTokens()), false);
  });

  it('a refresh token ends what was made by way of it, and not its service account', async () => {
    const { access_token, refresh_token } = await grantTokens();
    const later = (await refresh(refresh_token)).access_token!;
    const url = '/api/v1/agents/me';
    assert.equal(await statusOf(url, later), 200);
    await revoke({ kind: 'refresh-token' });
    assert.deepEqual([await statusOf(url, access_token), await statusOf(url, later)], [200, 401]);
    assert.equal((await refresh(refresh_token)).error, 'invalid_grant');
  });

  it('an app’s secret ends the webhooks that it signs, its verify token their set-up', async () => {
    const { appId, appSecret, verifyToken } = test.workspace.credentials.signals;
    const url = `/webhooks/whatsapp/${appId}`;
    const payload = JSON.stringify({ object: 'whatsapp_business_account', entry: [] });
    const deliver = async (secret: string) => {
      const signature = createHmac('sha256', secret).update(payload).digest('hex');
      const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` };
      return (await inject(test, { method: 'POST', url, headers, body: payload })).status;
    };
    const query = { 'hub.mode': 'subscribe', 'hub.verify_token': verifyToken, 'hub.challenge': '1' };
    const verify = async () => (await inject(test, { method: 'GET', url, query })).status;
    assert.deepEqual([await deliver(appSecret), await verify()], [200, 200]);
    const id = await idOf({ kind: 'app-secret' });
    const rotated = await test.native.call('POST', `/keys/${id}/rotate`, { body: null });
    assert.deepEqual([await deliver(appSecret), await deliver(rotated.body.secret)], [200, 200]);
    assert.equal((await test.native.call('DELETE', `/keys/${id}`)).status, 204);
    assert.deepEqual([await deliver(appSecret), await deliver(rotated.body.secret)], [401, 200]);
    await revoke({ kind: 'verify-token' });
    assert.deepEqual([await deliver(rotated.body.secret), await verify()], [200, 403]);
  });

  it('what was rotated ends what was made from it when it ends itself', async () => {
    const session = await logIntoOcteth();
    const id = await idOf({ kind: 'password', subject: test.workspace.credentials.octeth.username });
    const oldValidUntil = new Date(Date.now() + 3600_000).toISOString();
    await test.native.call('POST', `/keys/${id}/rotate`, { body: { oldValidUntil } });
    assert.equal(await useOcteth(session), true);
    test.time.now = Date.parse(oldValidUntil);
    assert.equal(await useOcteth(session), false);
    test.time.now = 0;
  });

  it('a session that is being made at that moment ends, too', async () => {
    const password = await idOf({ kind: 'password', subject: test.workspace.credentials.octeth.username });
    const sessions = Array.from({ length: 8 }, logIntoOcteth);
    const ended = test.native.call('DELETE', `/keys/${password}`);
    const made = await Promise.all(sessions);
    await ended;
    for (const session of made) if (session !== undefined) assert.equal(await useOcteth(session), false);
  });
});

describe('what no secret opens but its own use', () => {
  it('a refresh token, a password, a verify token and an app’s secret are no keys', async () => {
    const { signals, octeth } = test.workspace.credentials;
    const { refresh_token } = await grantTokens();
    assert.equal(await statusOf('/api/v1/agents/me', refresh_token), 401);
    for (const secret of [signals.verifyToken, signals.appSecret, signals.password])
      assert.equal(await statusOf(`/api/v2/partners/${signals.partnerId}/clients`, secret), 401);
    assert.equal(await useOcteth(octeth.password), false);
    assert.equal((await refresh(test.workspace.credentials.webmarketer.accessToken)).error, 'invalid_grant');
  });

  it('what was made from a credential that is gone opens nothing', async () => {
    const session = await logIntoOcteth();
    const id = await idOf({ kind: 'password', subject: test.workspace.credentials.octeth.username });
    await test.store.removeCredential(id);
    assert.equal(await useOcteth(session), false);
  });
});

it('another process follows a revocation within five seconds', { timeout: 20_000 }, async () => {
  const second = await buildApp(loadConfig({}, []), test.database, pino({ level: 'silent' }));
  try {
    const key = test.workspace.credentials.webengage.apiKey;
    const use = async () => {
      const url = `/v1/accounts/${test.workspace.credentials.webengage.licenseCode}/users`;
      const headers = { authorization: `Bearer ${key}` };
      const payload = { userId: 'somebody' };
      return (await inject({ app: second }, { method: 'POST', url, headers, body: payload })).status;
    };
    assert.equal(await use(), 201);
    const { body } = await test.native.call('GET', '/keys?kind=key&limit=1000');
    const { id } = body.keys.find(({ dialect }: { dialect: string }) => dialect === 'webengage');
    await test.native.call('DELETE', `/keys/${id}`);
    const start = Date.now();
    while ((await use()) === 201) {
      assert.ok(Date.now() - start < 6000, 'it is taken for longer');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } finally {
    await second.close();
  }
});
