import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  maximumFailuresOfAddress,
  maximumFailuresOfName,
} from '../../../src/core/credential/sign-in-throttle.ts';
import { useApp } from '../../helpers/app.ts';
import { ask, at } from '../../helpers/native-client.ts';
import { inject } from '../../helpers/vendor-client.ts';

const test = await useApp();

function logIn(fields: Record<string, string>, remoteAddress: string) {
  return inject(test, {
    method: 'POST',
    url: '/api.php',
    remoteAddress,
    body: { Command: 'User.Login', ...fields },
  });
}

describe('User.Login', () => {
  for (const isThere of [true, false]) {
    it(`judges no more attempts of a name that ${isThere ? 'is there' : 'is not there'} after ten have failed`, async () => {
      const { credentials } = await test.addWorkspace();
      const { password } = credentials.octeth;
      const Username = isThere ? credentials.octeth.username : 'nobody';
      test.time.now = Date.parse('2026-03-01T10:00:00Z');
      for (let index = 0; index < maximumFailuresOfName; index++) {
        const reply = await logIn({ Username, Password: 'wrong' }, `192.0.2.${index}`);
        assert.deepEqual([reply.status, reply.body.ErrorCode], [200, [3]]);
      }
      const refused = await logIn({ Username, Password: password }, '198.51.100.1');
      assert.equal(refused.status, 429);
      assert.equal(refused.headers['retry-after'], '900');
      const text = 'Too many attempts have failed. Try again in 900 seconds.';
      assert.deepEqual(refused.body, {
        Success: false,
        ErrorCode: 429,
        ErrorText: text,
        Errors: [{ Code: 429, Message: text }],
      });
      test.time.now += 900_000;
      const later = await logIn({ Username, Password: password }, '198.51.100.1');
      assert.equal(later.body.Success, isThere);
      test.time.now = 0;
    });
  }

  it('answers no more of many attempts at once than of one after the other', async () => {
    const { username: Username } = test.workspace.credentials.octeth;
    const attempts = Array.from({ length: 30 }, () => logIn({ Username, Password: 'wrong' }, '192.0.2.99'));
    const statuses = (await Promise.all(attempts)).map((reply) => reply.status);
    assert.equal(statuses.filter((status) => status === 200).length, maximumFailuresOfName);
  });

  it('lets many sign in at once who know their password', async () => {
    const { credentials } = await test.addWorkspace();
    const fields = { Username: credentials.octeth.username, Password: credentials.octeth.password };
    const replies = await Promise.all(Array.from({ length: 20 }, () => logIn(fields, '192.0.2.98')));
    assert.ok(replies.every((reply) => reply.body.Success === true));
  });

  it('keeps to the rate that the workspace has set for it', async () => {
    const workspace = await test.addWorkspace();
    const rateLimits = { 'octeth:user.login': 1 };
    await ask(test, 'PATCH', at(workspace), { body: { rateLimits } });
    test.time.now = Date.parse('2026-03-01T10:00:30Z');
    const { apiKey: APIKey, username: Username, password: Password } = workspace.credentials.octeth;
    assert.equal((await logIn({ APIKey }, '192.0.2.97')).status, 200);
    const refused = await logIn({ Username, Password }, '192.0.2.97');
    assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '30']);
    test.time.now = 0;
  });
});

describe('the other sign-ins', () => {
  it('of Signals are slowed down by name too, in its form', async () => {
    const { username, password } = test.workspace.credentials.signals;
    const send = (given: string) =>
      inject(test, {
        method: 'POST',
        url: '/api/v2/token',
        remoteAddress: '192.0.2.96',
        body: { username, password: given },
      });
    for (let index = 0; index < maximumFailuresOfName; index++)
      assert.equal((await send('wrong')).status, 401);
    const refused = await send(password);
    assert.equal(refused.status, 429);
    assert.match(refused.body.detail, /Try again in \d+ seconds/);
    assert.ok(Number(refused.headers['retry-after']) > 800);
  });

  it('of Webmarketer by address alone, so that nobody locks a client out, in RFC 6749’s form', async () => {
    const { clientId } = test.workspace.credentials.webmarketer.serviceAccount;
    const send = (remoteAddress: string) =>
      inject(test, {
        method: 'POST',
        url: '/oidc/token',
        remoteAddress,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          client_id: clientId,
          refresh_token: 'wrong',
        }).toString(),
      });
    for (let index = 0; index < maximumFailuresOfAddress; index++)
      assert.equal((await send('192.0.2.95')).status, 400);
    const refused = await send('192.0.2.95');
    assert.equal(refused.status, 429);
    assert.equal(refused.body.error, 'temporarily_unavailable');
    assert.equal((await send('192.0.2.94')).status, 400);
  });
});
