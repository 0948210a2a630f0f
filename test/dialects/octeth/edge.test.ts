import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startTestApp, type TestWorkspace, useApp } from '../../helpers/app.ts';
import { ask, at } from '../../helpers/native-client.ts';
import { Store } from '../../helpers/store.ts';
import { inject, type Reply } from '../../helpers/vendor-client.ts';
import { OctethClient } from './client.ts';

const test = await useApp();
const octeth = new OctethClient(test);
const propertiesPath = '/api/v1/website_events.properties';

/** Every call that needs a key, with what it takes for good. */
const calls: { path: string; body: Record<string, unknown>; deniedStatus: number }[] = [
  { path: '/api/v1/event', body: { ListID: 1, Event: 'a', Email: 'a@b.test' }, deniedStatus: 401 },
  { path: propertiesPath, body: { ListID: 1 }, deniedStatus: 401 },
  {
    path: '/api.php',
    body: { Command: 'event.track', ListID: 1, Event: 'a', Email: 'a@b.test' },
    deniedStatus: 200,
  },
  { path: '/api.php', body: { Command: 'website_events.properties', ListID: 1 }, deniedStatus: 200 },
];

/** The two shapes in one, of errors that are no event's. */
function assertBothShapes(reply: Reply, code: number): void {
  const { Success, ErrorCode, ErrorText, Errors, ...rest } = JSON.parse(reply.text);
  assert.deepEqual(rest, {});
  assert.deepEqual([Success, ErrorCode], [false, code]);
  assert.equal(typeof ErrorText, 'string');
  assert.deepEqual(Errors, [{ Code: code, Message: ErrorText }]);
}

async function logIn(workspace: TestWorkspace): Promise<string> {
  const { username, password } = workspace.credentials.octeth;
  const body = { Command: 'User.Login', Username: username, Password: password };
  return (await octeth.post('/api.php', body)).body.SessionID;
}

describe('every call', () => {
  for (const { path, body, deniedStatus } of calls) {
    const name = `${path} ${body.Command ?? ''}`.trim();

    it(`${name} is for a key or a session, one of which is enough`, async () => {
      const workspace = await test.addWorkspace();
      const { apiKey } = workspace.credentials.octeth;
      const SessionID = await logIn(workspace);
      const bearer = { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` };
      const shown: [Record<string, unknown>, Record<string, string>?][] = [
        [{ APIKey: apiKey }],
        [{ SessionID }],
        [{ apikey: '', sessionid: SessionID }],
        [{ APIKey: 'wrong', SessionID }],
        [{ APIKey: apiKey, SessionID: 'expired' }],
        [{}, bearer],
      ];
      for (const [members, headers] of shown) {
        const reply = await octeth.post(path, { ...body, ...members }, headers);
        assert.equal(reply.status, 200, reply.text);
        assert.equal(reply.body.Success, undefined);
      }
    });

    it(`${name} tells strangers nothing, not even whether a list is there`, async () => {
      const { credentials } = test.workspace;
      const secrets = [undefined, '', 'x', credentials.webengage.apiKey, credentials.admin.token];
      for (const APIKey of secrets) {
        for (const ListID of [1, 999, undefined]) {
          const reply = await octeth.post(path, { ...body, ListID, APIKey });
          assert.equal(reply.status, deniedStatus);
          assertBothShapes(reply, 99998);
        }
      }
    });

    it(`${name} answers what it can’t read in the form of hard failures`, async () => {
      const json = { 'content-type': 'application/json' };
      for (const text of ['{', '[1]', 'null x', '{"constructor":{"prototype":{}}}']) {
        const reply = await octeth.post(`${path}?Command=${body.Command ?? ''}`, text, json);
        assert.equal(reply.status, 400, text);
        assertBothShapes(reply, 100000);
      }
      const type = await octeth.post(path, body, { 'content-type': 'application/xml' });
      assert.equal(type.status, 415);
      assertBothShapes(type, 415);
      const large = await octeth.post(path, { ...body, Properties: { a: 'x'.repeat(2 ** 20) } });
      assert.equal(large.status, 413);
      assertBothShapes(large, 413);
      for (const method of ['PUT', 'PATCH', 'DELETE'] as const) {
        const reply = await inject(test, { method, url: path });
        assert.equal(reply.status, 400);
        assertBothShapes(reply, 100001);
      }
    });

    it(`${name} takes a trailing slash, gzip and names in any case`, async () => {
      const lower = Object.fromEntries(
        Object.entries(body).map(([key, value]) => [key.toLowerCase(), value]),
      );
      const zipped = gzipSync(JSON.stringify({ ...lower, APIKEY: octeth.apiKey }));
      const reply = await octeth.post(`${path}/`, zipped, {
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      });
      assert.equal(reply.status, 200, reply.text);
      assert.equal(reply.body.Success, undefined);
    });

    it(`${name} may be called by any page`, async () => {
      const preflight = await inject(test, {
        method: 'OPTIONS',
        url: path,
        headers: {
          origin: 'https://shop.test',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type, authorization',
        },
      });
      assert.equal(preflight.status, 204);
      assert.equal(preflight.headers['access-control-allow-origin'], '*');
      assert.match(String(preflight.headers['access-control-allow-headers']), /content-type.*authorization/i);
      assert.equal(preflight.headers['access-control-allow-credentials'], undefined);
      const reply = await octeth.post(path, body, {
        'content-type': 'text/plain',
        origin: 'https://shop.test',
      });
      assert.equal(
        reply.headers['access-control-allow-origin'],
        '*',
        'also of an error, else no page reads it',
      );
    });
  }

  it('keeps to the rate that the settings give it, by command and workspace, and to none without', async () => {
    const workspace = await test.addWorkspace();
    const rateLimits = { 'octeth:event.track': 2, 'octeth:website_events.properties': 1 };
    const changed = await ask(test, 'PATCH', at(workspace), { body: { rateLimits } });
    assert.equal(changed.status, 200);
    test.time.now = Date.parse('2026-05-04T10:00:30Z');
    const { apiKey: APIKey } = workspace.credentials.octeth;
    const statuses = async () => {
      const found: number[] = [];
      for (const { path, body } of [...calls, ...calls])
        found.push((await octeth.post(path, { ...body, APIKey })).status);
      return found;
    };
    // Both transports of a command share its rate.
    assert.deepEqual(await statuses(), [200, 200, 200, 429, 429, 429, 429, 429]);
    const refused = await octeth.post('/api/v1/event', { APIKey, ListID: 'x' });
    assert.equal(refused.headers['retry-after'], '30');
    assertBothShapes(refused, 429);
    test.time.now = Date.parse('2026-05-04T10:01:00Z');
    assert.deepEqual((await statuses()).slice(0, 4), [200, 200, 200, 429]);
    test.time.now = 0;
    for (let call = 0; call < 3; call++)
      assert.equal((await octeth.track({ Event: 'a', Email: 'a@b.test' })).status, 200);
  });

  it('that can’t be stored now is answered with 503 and Retry-After, in both shapes', async () => {
    const test = await startTestApp();
    try {
      await test.app.services.ingest.drain();
      for (const url of ['/api/v1/event', '/api.php?Command=event.track']) {
        const payload = {
          APIKey: test.workspace.credentials.octeth.apiKey,
          ListID: 1,
          Event: 'a',
          Email: 'a@b.test',
        };
        const reply = await inject(test, { method: 'POST', url, body: payload });
        assert.equal(reply.status, 503);
        assert.equal(reply.headers['retry-after'], '1');
        assertBothShapes(reply, 503);
      }
    } finally {
      await test.close();
    }
  });

  it('that asks for XML gets it for what is wrong with its contents, and JSON for what can’t be read', async () => {
    const body = { APIKey: octeth.apiKey, ListID: 999, ResponseFormat: 'XML' };
    const reply = await octeth.post(propertiesPath, body);
    assert.equal(reply.status, 422);
    assert.match(String(reply.headers['content-type']), /^text\/xml/);
    assert.match(reply.text, /<Code>3<\/Code><Message>List not found<\/Message>/);
    const broken = await octeth.post('/api.php?ResponseFormat=XML', '{');
    assertBothShapes(broken, 100000);
  });
});

describe('a list’s properties', () => {
  it('are asked for in the query or in the body', async () => {
    const query = `APIKey=${octeth.apiKey}&listid=1`;
    const posted = await octeth.post(`${propertiesPath}?${query}`, '');
    assert.equal(posted.body.ListID, '1');
    const mixed = await octeth.post(`${propertiesPath}?listid=999`, { APIKey: octeth.apiKey, ListID: 1 });
    assert.equal(mixed.body.ListID, '1', 'the body counts');
  });

  it('are none of another workspace’s', async () => {
    const other = await test.addWorkspace();
    const added = await ask(test, 'POST', at(other, '/sources'), {
      body: { dialect: 'octeth', name: 'Theirs', externalId: '4711' },
    });
    assert.equal(added.status, 201);
    const reply = await octeth.post(propertiesPath, { APIKey: octeth.apiKey, ListID: 4711 });
    assert.equal(reply.status, 422);
    assert.deepEqual(reply.body, { Errors: [{ Code: 3, Message: 'List not found' }] });
    const own = await octeth.post(propertiesPath, { APIKey: other.credentials.octeth.apiKey, ListID: 4711 });
    assert.deepEqual(own.body, { ListID: '4711', Properties: {} });
  });

  it('show exactly what was stored, and nothing of what was not', async () => {
    const workspace = await test.addWorkspace();
    await octeth.track(
      { Event: 'page_view', UUID: randomUUID(), Properties: { $lib: 'own', url: '/' } },
      workspace,
    );
    await octeth.track(
      { Event: 'seen', Email: 'a@b.test', Properties: { isTest: '1', hidden: 1 } },
      workspace,
    );
    await octeth.track(
      { Event: 'conversion', Email: 'a@b.test', Properties: { 'conversion-id': 1 } },
      workspace,
    );
    await octeth.track({ Event: 'bad', Email: 'a@b.test', Properties: { a: '\u0000' } }, workspace);
    const reply = await octeth.post(propertiesPath, {
      APIKey: workspace.credentials.octeth.apiKey,
      ListID: 1,
    });
    const [event] = await new Store(test, workspace).events();
    assert.equal(event!.properties.$lib, 'own');
    assert.deepEqual(reply.body.Properties, { page_view: Object.keys(event!.properties).sort() });
  });
});

describe('what decides', () => {
  it('the case of names of page views, and none of identify and conversion', async () => {
    const workspace = await test.addWorkspace();
    const codeOf = async (body: Record<string, unknown>) =>
      (await octeth.track(body, workspace)).body.Errors?.[0].Code;
    assert.deepEqual(
      [
        await codeOf({ Event: 'pageView' }),
        await codeOf({ Event: 'page_view', Email: '' }),
        await codeOf({ Event: 'PageView' }),
        await codeOf({ Event: 'IDENTIFY', UUID: randomUUID() }),
        await codeOf({ Event: 'CONVERSION', UUID: randomUUID() }),
        await codeOf({ Event: 'pageView', Email: 'x' }),
      ],
      [undefined, undefined, 6, 6, 8, 7],
    );
  });

  it('the address first, then the conversion’s properties one after the other', async () => {
    const workspace = await test.addWorkspace();
    const all = { 'conversion-id': 'o', 'conversion-name': 'n', 'conversion-value': 1 };
    const without = (...names: (keyof typeof all)[]) =>
      Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name as keyof typeof all)));
    const cases: [Record<string, unknown>, number][] = [
      [{ Properties: {} }, 6],
      [{ Email: 'x', Properties: {} }, 7],
      [{ Email: 'a@b.test' }, 8],
      [{ Email: 'a@b.test', Properties: without('conversion-id', 'conversion-value') }, 8],
      [{ Email: 'a@b.test', Properties: without('conversion-name', 'conversion-value') }, 9],
      [{ Email: 'a@b.test', Properties: { ...all, 'conversion-value': ' ' } }, 10],
    ];
    for (const [body, code] of cases) {
      const reply = await octeth.track({ Event: 'conversion', ...body }, workspace);
      assert.equal(reply.status, 422);
      assert.deepEqual(
        reply.body.Errors.map(({ Code }: { Code: number }) => Code),
        [code],
      );
    }
    const zero = { 'conversion-id': 0, 'conversion-name': 0, 'conversion-value': 0 };
    const reply = await octeth.track({ Event: 'conversion', Email: 'a@b.test', Properties: zero }, workspace);
    assert.equal(reply.status, 200, 'nought is a value');
  });

  it('a conversion’s id within its list: another list counts it too', async () => {
    const workspace = await test.addWorkspace();
    await ask(test, 'POST', at(workspace, '/sources'), {
      body: { dialect: 'octeth', name: 'Second', externalId: '2' },
    });
    const send = (ListID: number, id: unknown) =>
      octeth.track(
        {
          ListID,
          Event: 'conversion',
          Email: 'a@b.test',
          Properties: { 'conversion-id': id, 'conversion-name': 'n', 'conversion-value': 1 },
        },
        workspace,
      );
    for (const [list, id] of [
      [1, 7],
      [1, '7'],
      [2, 7],
      [1, 'O-1'],
      [1, 'o-1'],
    ] as const)
      assert.equal((await send(list, id)).status, 200);
    const { stored, duplicate } = await new Store(test, workspace).accounting('octeth');
    assert.deepEqual([stored, duplicate], [4, 1]);
  });

  it('a list’s number as number or text, and no other writing of it', async () => {
    for (const ListID of [1, '1', ' 1 ', '01'])
      assert.equal((await octeth.track({ ListID, Event: 'a', Email: 'a@b.test' })).status, 200);
    for (const ListID of [0, -1, 1.5, '1.0', '1e0', true, [1], null, '', '9'.repeat(30)]) {
      const reply = await octeth.track({ ListID, Event: 'a', Email: 'a@b.test' });
      assert.equal(reply.status, 422, String(ListID));
      assert.equal(reply.body.Errors[0].Code, 4);
    }
  });

  it('an id of at most 255 characters', async () => {
    const workspace = await test.addWorkspace();
    const id = 'i'.repeat(255);
    const reply = await octeth.track({ Event: 'e'.repeat(255), Email: 'a@b.test', ID: id }, workspace);
    assert.equal(reply.body.external_id, id);
    await octeth.track({ Event: 'a', Email: 'a@b.test', ID: `${id}i` }, workspace);
    await octeth.track({ Event: 'e'.repeat(256), Email: 'a@b.test' }, workspace);
    assert.deepEqual(
      (await new Store(test, workspace).quarantined()).map(({ path }) => path),
      ['/ID', '/Event'],
    );
  });

  it('a number that JSON could not give back: the event is kept in quarantine, with the number', async () => {
    const workspace = await test.addWorkspace();
    const { apiKey } = workspace.credentials.octeth;
    const event = '"ListID":1,"Event":"a","Email":"a@b.test","Properties":{"price":1e999}';
    const json = { 'content-type': 'application/json' };
    const reply = await octeth.post('/api/v1/event', `{"APIKey":"${apiKey}",${event}}`, json);
    assert.equal(reply.body.status, 'success');
    const [kept] = await new Store(test, workspace).quarantined();
    assert.deepEqual([kept!.rule, kept!.path], ['number-not-storable', '/Properties/price']);
    assert.equal(kept!.raw, `{${event}}`);
  });
});
