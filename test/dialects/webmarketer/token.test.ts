import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { SignJWT } from 'jose';
import { useApp } from '../../helpers/app.ts';
import { inject } from '../../helpers/vendor-client.ts';
import { WebmarketerClient } from './client.ts';

const test = await useApp();

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const vendorAudience = 'https://oauth.webmarketer.io/oidc/token';

interface Wishes {
  issuer?: string;
  subject?: string;
  audience?: string | string[];
  scope?: string;
  expiresIn?: number;
  kid?: string;
  privateKey?: string;
}

/** As the vendor's client makes it: no `iat`, no `jti`. */
function signAssertion(wishes: Wishes = {}): Promise<string> {
  const account = test.workspace.credentials.webmarketer.serviceAccount;
  const now = test.time.now || Date.now();
  const aud = wishes.audience ?? vendorAudience;
  return new SignJWT({ scope: wishes.scope ?? 'full_access', aud })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: wishes.kid ?? account.privateKeyId })
    .setIssuer(wishes.issuer ?? account.clientId)
    .setSubject(wishes.subject ?? account.serviceAccountEmail)
    .setExpirationTime(Math.floor(now / 1000) + (wishes.expiresIn ?? 300))
    .sign(createPrivateKey(wishes.privateKey ?? account.privateKey));
}

function askToken(parameters: Record<string, string>) {
  const { clientId } = test.workspace.credentials.webmarketer.serviceAccount;
  return inject(test, {
    method: 'POST',
    url: '/oidc/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ client_id: clientId, ...parameters }).toString(),
  });
}

async function askByAssertion(wishes: Wishes = {}) {
  return askToken({ grant_type: jwtBearer, assertion: await signAssertion(wishes) });
}

function tryToken(token: string) {
  const client = new WebmarketerClient(test);
  return client.request('GET', `/projects/${client.projectId}/event-types`, undefined, token);
}

describe('POST /oidc/token with a signed assertion', () => {
  it('grants a token that opens the API, in a form that the vendor’s client can decode', async () => {
    const reply = await askByAssertion();
    assert.equal(reply.status, 200, reply.text);
    assert.equal(reply.headers['cache-control'], 'no-store');
    const { access_token, ...rest } = reply.body;
    assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 3600, scope: 'full_access' });
    const segments = access_token.split('.');
    assert.equal(segments.length, 3);
    assert.doesNotMatch(segments[1], /[-_]/);
    const payload = JSON.parse(Buffer.from(segments[1], 'base64').toString());
    assert.ok(payload.exp > Date.now() / 1000);
    assert.equal((await tryToken(access_token)).status, 200);
  });

  it('takes an audience of its own host too', async () => {
    const reply = await askByAssertion({ audience: 'http://127.0.0.1:8080/oidc/token' });
    assert.equal(reply.status, 200);
  });

  it('stores no token in the clear', async () => {
    const { access_token } = (await askByAssertion()).body;
    const rows = await test.store.credentialRows();
    assert.ok(rows.length > 0 && rows.every((row) => !row.includes(access_token)));
  });

  it('lets the token expire', async () => {
    const { access_token } = (await askByAssertion()).body;
    test.time.now = Date.now() + 3601 * 1000;
    const reply = await tryToken(access_token);
    test.time.now = 0;
    assert.equal(reply.status, 401);
  });

  const refused: [why: string, wishes: () => Wishes][] = [
    ['has expired', () => ({ expiresIn: -1 })],
    ['is valid for too long', () => ({ expiresIn: 7200 })],
    ['is for another endpoint', () => ({ audience: 'https://elsewhere.example/token' })],
    ['is for a number', () => ({ audience: JSON.parse('5') })],
    ['is for an object', () => ({ audience: JSON.parse('{"endsWith":"/oidc/token"}') })],
    ['is for a list of what is no text', () => ({ audience: JSON.parse('[null,5,["/oidc/token"],true]') })],
    ['is for nobody', () => ({ audience: [] })],
    ['is of another issuer', () => ({ issuer: 'somebody' })],
    ['is for another account', () => ({ subject: 'somebody@example.com' })],
    ['names another key', () => ({ kid: 'another' })],
    ['is signed by another key', () => ({ privateKey: foreignKey })],
  ];
  for (const [why, wishes] of refused) {
    it(`refuses an assertion that ${why}`, async () => {
      const reply = await askByAssertion(wishes());
      assert.equal(reply.status, 400);
      const { error, error_description, ...rest } = reply.body;
      assert.equal(error, 'invalid_grant');
      assert.equal(typeof error_description, 'string');
      assert.deepEqual(rest, {});
    });
  }

  it('refuses an unsigned assertion', async () => {
    const [, payload] = (await signAssertion()).split('.');
    const { privateKeyId } = test.workspace.credentials.webmarketer.serviceAccount;
    const header = Buffer.from(JSON.stringify({ alg: 'none', kid: privateKeyId })).toString('base64url');
    const reply = await askToken({ grant_type: jwtBearer, assertion: `${header}.${payload}.` });
    assert.equal(reply.body.error, 'invalid_grant');
  });

  it('says in OAuth’s form what else is wrong', async () => {
    const assertion = await signAssertion();
    const cases: [Record<string, string>, number, string][] = [
      [{ grant_type: jwtBearer, assertion, client_id: 'nobody' }, 401, 'invalid_client'],
      [{ grant_type: jwtBearer, assertion: 'no.token' }, 400, 'invalid_grant'],
      [{ grant_type: jwtBearer }, 400, 'invalid_request'],
      [{ grant_type: 'password' }, 400, 'unsupported_grant_type'],
      [{}, 400, 'invalid_request'],
    ];
    for (const [parameters, status, error] of cases) {
      const reply = await askToken(parameters);
      assert.equal(reply.status, status, reply.text);
      assert.equal(reply.body.error, error);
    }
    const unknownScope = await askByAssertion({ scope: 'everything' });
    assert.equal(unknownScope.body.error, 'invalid_scope');
  });

  it('takes a token of one workspace for no other', async () => {
    const other = await test.addWorkspace();
    const { access_token } = (await askByAssertion()).body;
    const client = new WebmarketerClient(test, other);
    const reply = await client.request(
      'GET',
      `/projects/${client.projectId}/event-types`,
      undefined,
      access_token,
    );
    assert.equal(reply.status, 403);
  });
});

const foreignKey = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey;

describe('POST /oidc/token with a refresh token', () => {
  async function offline(): Promise<string> {
    const reply = await askByAssertion({ scope: 'full_access offline_access' });
    const { refresh_token, scope } = reply.body;
    assert.equal(scope, 'full_access offline_access');
    return refresh_token;
  }
  const refresh = (refreshToken: string, more: Record<string, string> = {}) =>
    askToken({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      scope: 'offline_access',
      ...more,
    });

  it('grants another access token, as often as asked', async () => {
    const refreshToken = await offline();
    for (let time = 0; time < 2; time++) {
      const reply = await refresh(refreshToken, { client_secret: 'not set for this client' });
      assert.equal(reply.status, 200, reply.text);
      const { access_token, ...rest } = reply.body;
      assert.deepEqual(rest, {
        token_type: 'Bearer',
        expires_in: 3600,
        scope: 'full_access offline_access',
        refresh_token: refreshToken,
      });
      assert.equal((await tryToken(access_token)).status, 200);
    }
  });

  it('is no access token itself, nor an access token a refresh token', async () => {
    const refreshToken = await offline();
    assert.equal((await tryToken(refreshToken)).status, 401);
    const { accessToken } = test.workspace.credentials.webmarketer;
    assert.equal((await refresh(accessToken)).body.error, 'invalid_grant');
    assert.equal((await refresh('nothing')).body.error, 'invalid_grant');
  });

  it('is bound to its client', async () => {
    const refreshToken = await offline();
    const other = await test.addWorkspace();
    const { clientId } = other.credentials.webmarketer.serviceAccount;
    assert.equal((await refresh(refreshToken, { client_id: clientId })).body.error, 'invalid_grant');
    assert.equal((await refresh(refreshToken, { client_id: 'nobody' })).status, 401);
  });

  it('asks for the client’s secret where it has one', async () => {
    const refreshToken = await offline();
    const { clientId } = test.workspace.credentials.webmarketer.serviceAccount;
    await test.store.addPassword('webmarketer', 'service-account', clientId, 'open sesame');
    const wrong = await refresh(refreshToken, { client_secret: 'guess' });
    assert.equal(wrong.status, 401);
    assert.equal(wrong.body.error, 'invalid_client');
    assert.equal((await refresh(refreshToken)).status, 401);
    assert.equal((await refresh(refreshToken, { client_secret: 'open sesame' })).status, 200);
  });
});
