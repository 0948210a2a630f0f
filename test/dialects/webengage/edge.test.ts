import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startTestApp, useApp } from '../../helpers/app.ts';
import { ask, at } from '../../helpers/native-client.ts';
import { inject } from '../../helpers/vendor-client.ts';
import { goodBodies, messageOf, paths, WebengageClient } from './client.ts';

const test = await useApp({ freshWorkspace: true });
const webengage = new WebengageClient(test);

/** Every route, with what it takes for good. */
const routes = [
  ...paths.map((path) => ({ method: 'POST' as const, path, status: 201 })),
  { method: 'PUT' as const, path: '/users' as const, status: 200 },
];

describe('every route', () => {
  for (const { method, path, status } of routes) {
    it(`${method} ${path} is for this account’s key alone, and judges it before all else`, async () => {
      const other = await test.addWorkspace();
      const { webmarketer, octeth, contacthub, signals } = test.workspace.credentials;
      const keys = [
        '',
        'wrong',
        other.credentials.webengage.apiKey,
        webmarketer.accessToken,
        octeth.apiKey,
        contacthub.token,
        signals.token,
        test.workspace.credentials.admin.token,
      ];
      for (const key of keys) {
        for (const body of [goodBodies[path], '{']) {
          const reply = await webengage.call(path, body, { method, key });
          assert.equal(reply.status, 401, String(key));
          assert.equal(messageOf(reply), 'Unauthorized');
        }
      }
      const { apiKey } = test.workspace.credentials.webengage;
      for (const authorization of ['Bearer ', `Basic ${apiKey}`]) {
        const options = { method, key: '', headers: { authorization } };
        const reply = await webengage.call(path, goodBodies[path], options);
        assert.equal(reply.status, 401, authorization);
        assert.equal(messageOf(reply), 'Unauthorized');
      }
      assert.deepEqual(await test.store.profiles(), []);
      const own = await webengage.call(path, goodBodies[path], { method });
      assert.equal(own.status, status);
    });

    it(`${method} ${path} answers a licence code that nobody has with 404, to keys only`, async () => {
      for (const licenseCode of ['nobody', '~2024b707', 'no body', 'a'.repeat(300), '..%2f..']) {
        const reply = await webengage.call(path, '{', { method, licenseCode: encodeURI(licenseCode) });
        assert.equal(reply.status, 404, licenseCode);
        messageOf(reply);
        const stranger = await webengage.call(path, '{', {
          method,
          licenseCode: encodeURI(licenseCode),
          key: 'x',
        });
        assert.equal(stranger.status, 401);
      }
    });

    it(`${method} ${path} answers bodies that are none in the vendor’s form`, async () => {
      const deep = `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`;
      for (const body of [
        '',
        '{',
        '[]',
        'null',
        '"text"',
        '7',
        '{"__proto__":{}}',
        deep,
        Buffer.from([0xff]),
      ]) {
        const reply = await webengage.call(path, body, { method });
        assert.equal(reply.status, 400, String(body).slice(0, 20));
        messageOf(reply);
      }
      const large = await webengage.call(path, JSON.stringify({ a: 'x'.repeat(1024 * 1024) }), { method });
      assert.equal(large.status, 413);
      messageOf(large);
      for (const type of ['application/xml', 'application/x-www-form-urlencoded', 'nonsense']) {
        const reply = await webengage.call(path, goodBodies[path], {
          method,
          headers: { 'content-type': type },
        });
        assert.equal(reply.status, 415, type);
        messageOf(reply);
      }
    });

    it(`${method} ${path} takes a trailing slash, a charset and a compressed body`, async () => {
      const zipped = await webengage.call(`${path}/`, gzipSync(JSON.stringify(goodBodies[path])), {
        method,
        headers: { 'content-type': 'application/json; charset=utf-8', 'content-encoding': 'gzip' },
      });
      assert.equal(zipped.status, status, zipped.text);
      const broken = await webengage.call(path, 'no gzip', {
        method,
        headers: { 'content-encoding': 'gzip' },
      });
      assert.equal(broken.status, 400);
      messageOf(broken);
    });

    it(`${method} ${path} answers in XML when it is asked to, but errors always in JSON`, async () => {
      const xml = await webengage.call(`${path}?format=xml`, goodBodies[path], { method });
      assert.equal(xml.status, status);
      assert.match(String(xml.headers['content-type']), /^application\/xml/);
      assert.equal(
        xml.text,
        '<?xml version="1.0" encoding="UTF-8"?>\n<response><status>queued</status></response>',
      );
      for (const query of ['format=json', 'format=XML', 'other=xml']) {
        const json = await webengage.call(`${path}?${query}`, goodBodies[path], { method });
        assert.deepEqual(json.body, { response: { status: 'queued' } }, query);
      }
      messageOf(await webengage.call(`${path}?format=xml`, {}, { method }));
    });
  }
});

describe('a resource that the account has not', () => {
  it('is a bad request with a key, and says nothing without', async () => {
    const unknown: ['GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', string][] = [
      ['GET', '/events'],
      ['GET', '/users/ada'],
      ['PUT', '/events'],
      ['DELETE', '/users'],
      ['PATCH', '/users'],
      ['POST', '/users/bulk'],
      ['POST', '/transactions'],
      ['POST', '/Events'],
    ];
    for (const [method, path] of unknown) {
      const body = method === 'GET' ? undefined : goodBodies['/events'];
      const own = await webengage.call(path, body, { method });
      assert.equal(own.status, 400, `${method} ${path}`);
      assert.equal(messageOf(own), 'Invalid resource.');
      assert.equal((await webengage.call(path, body, { method, key: '' })).status, 401);
      assert.equal((await webengage.call(path, body, { method, licenseCode: 'nobody' })).status, 404);
    }
  });

  it('is 404 outside of an account, in the same form', async () => {
    const { apiKey, licenseCode } = test.workspace.credentials.webengage;
    for (const url of ['/v1/accounts', '/v1/accounts/', `/v2/accounts/${licenseCode}/business/save-event`]) {
      const headers = { authorization: `Bearer ${apiKey}` };
      const reply = await inject(test, { method: 'POST', url, headers, body: {} });
      assert.equal(reply.status, 404, url);
      messageOf(reply);
    }
  });

  it('includes what browsers ask before they call: the key is no browser’s', async () => {
    const preflight = await webengage.call('/events', undefined, {
      method: 'OPTIONS',
      key: '',
      headers: { origin: 'https://shop.test', 'access-control-request-method': 'POST' },
    });
    assert.equal(preflight.headers['access-control-allow-origin'], undefined);
    assert.equal(preflight.status, 404);
    messageOf(preflight);
  });
});

describe('rates', () => {
  it('are off, and without headers, unless the workspace sets them', async () => {
    const reply = await webengage.call('/events', goodBodies['/events']);
    assert.equal(reply.headers['x-ratelimit-limit'], undefined);
    assert.equal(reply.headers['x-ratelimit-remaining'], undefined);
  });

  it('are a minute’s, by account and group, on every reply to a key, refused ones too', async () => {
    const other = await test.addWorkspace();
    const rateLimits = { 'webengage:events': 2, 'webengage:users': 1, 'webengage:bulk': 2 };
    for (const one of [test.workspace, other])
      assert.equal((await ask(test, 'PATCH', at(one), { body: { rateLimits } })).status, 200);
    test.time.now = Date.parse('2026-05-04T10:00:45Z');
    const callBy = async (client: WebengageClient, ...asked: Parameters<typeof webengage.call>) => {
      const reply = await client.call(...asked);
      const { headers } = reply;
      return [
        reply.status,
        ...[headers['x-ratelimit-limit'], headers['x-ratelimit-remaining'], headers['retry-after']].map(
          (text) => (text === undefined ? undefined : Number(text)),
        ),
      ];
    };
    const call = (...asked: Parameters<typeof webengage.call>) => callBy(webengage, ...asked);
    const [event, user] = [goodBodies['/events'], goodBodies['/users']];
    assert.deepEqual(await call('/events', event, { key: 'wrong' }), [401, undefined, undefined, undefined]);
    assert.deepEqual(await call('/events', '{'), [400, 2, 1, undefined]);
    assert.deepEqual(await call('/events', event), [201, 2, 0, undefined]);
    assert.deepEqual(await call('/events', '{'), [429, 2, 0, 15]);
    const refused = await webengage.call('/events', event);
    assert.equal(messageOf(refused), 'Rate limit exceeded. Try again later.');
    assert.deepEqual(await call('/events', event, { licenseCode: 'nobody' }), [
      404,
      ...Array(3).fill(undefined),
    ]);
    assert.deepEqual(await call('/users', user), [201, 1, 0, undefined]);
    assert.deepEqual(await call('/users', user, { method: 'PUT' }), [429, 1, 0, 15]);
    assert.deepEqual(await call('/bulk-events', goodBodies['/bulk-events']), [201, 2, 1, undefined]);
    assert.deepEqual(await call('/bulk-users', goodBodies['/bulk-users']), [201, 2, 0, undefined]);
    assert.deepEqual(await call('/bulk-events', goodBodies['/bulk-events']), [429, 2, 0, 15]);
    assert.deepEqual(await callBy(new WebengageClient(test, other), '/events', event), [
      201,
      2,
      1,
      undefined,
    ]);
    test.time.now = Date.parse('2026-05-04T10:00:59.999Z');
    assert.deepEqual(await call('/events', event), [429, 2, 0, 1]);
    test.time.now = Date.parse('2026-05-04T10:01:00Z');
    assert.deepEqual(await call('/events', event), [201, 2, 1, undefined]);
    test.time.now = 0;
    assert.equal((await test.store.events()).length, 3);
  });
});

describe('what can’t be stored now', () => {
  it('is answered with 503, Retry-After and the vendor’s envelope', async () => {
    const drained = await startTestApp();
    try {
      await drained.app.services.ingest.drain();
      for (const { method, path } of routes) {
        const reply = await new WebengageClient(drained).call(path, goodBodies[path], { method });
        assert.equal(reply.status, 503);
        assert.equal(reply.headers['retry-after'], '1');
        messageOf(reply);
      }
    } finally {
      await drained.close();
    }
  });
});
