import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { Store } from '../../helpers/store.ts';
import { inject } from '../../helpers/vendor-client.ts';
import { OctethClient } from './client.ts';

const test = await useApp();
const octeth = new OctethClient(test);
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const path = '/api/v1/website_events.properties';

describe('/api/v1/website_events.properties', () => {
  it('lists what events of the list carry, in byte order, the number as text on POST and as number on GET', async () => {
    const workspace = await test.addWorkspace();
    const { apiKey: APIKey } = workspace.credentials.octeth;
    await octeth.track(
      { Event: 'test', Email: 'a@b.test', Properties: { b: 1, Z: {}, é: [], a: '' } },
      workspace,
    );
    await octeth.track({ Event: 'Test', Email: 'a@b.test', ID: 'x' }, workspace);
    const names = ['$lib', '$lib_version', '$list_id', '$sent_at', '$server', '$uuid'];
    const withOwn = [...names, 'Z', 'a', 'b', 'é'];
    const Properties = { Test: ['$id', ...names], identify: withOwn, test: withOwn };
    const posted = await octeth.post(path, { APIKey, ListID: 1 });
    assert.equal(posted.status, 200, posted.text);
    assert.deepEqual(posted.body, { ListID: '1', Properties });
    assert.deepEqual(Object.keys(posted.body.Properties), ['Test', 'identify', 'test']);
    const got = await inject(test, { method: 'GET', url: `${path}/?listid=1&apikey=${APIKey}` });
    assert.deepEqual(got.body, { ListID: 1, Properties });
  });

  it('answers an empty object for a list without events', async () => {
    const workspace = await test.addWorkspace();
    const reply = await octeth.post(path, { APIKey: workspace.credentials.octeth.apiKey, ListID: '1' });
    assert.equal(reply.text, '{"ListID":"1","Properties":{}}');
  });

  it('tells a missing list from a wrong and an unknown one', async () => {
    const cases: [unknown, number, string][] = [
      [undefined, 1, 'Missing ListID parameter'],
      ['', 1, 'Missing ListID parameter'],
      ['x', 2, 'Invalid ListID parameter'],
      [999, 3, 'List not found'],
    ];
    for (const [ListID, Code, Message] of cases) {
      const reply = await octeth.post(path, { APIKey: octeth.apiKey, ListID });
      assert.equal(reply.status, 422);
      assert.deepEqual(reply.body, { Errors: [{ Code, Message }] });
    }
  });

  it('refuses who has no key, a wrong one or another dialect’s', async () => {
    const { webmarketer } = test.workspace.credentials;
    for (const key of ['', 'wrong', webmarketer.accessToken]) {
      assert.equal((await octeth.post(path, { APIKey: key, ListID: 999 })).status, 401);
      const got = await inject(test, {
        method: 'GET',
        url: `${path}?ListID=999&APIKey=${encodeURIComponent(key)}`,
      });
      assert.equal(got.status, 401);
      assert.equal(got.body.Errors[0].Code, 99998);
    }
  });
});

describe('POST /api.php', () => {
  const event = (extra: Record<string, string>) =>
    new URLSearchParams({
      Command: 'event.track',
      APIKey: octeth.apiKey,
      ListID: '1',
      Event: 'conversion',
      Email: 'form@b.test',
      'Properties[conversion-id]': randomUUID(),
      'Properties[conversion-name]': 'purchase',
      'Properties[conversion-value]': '12.5',
      'properties[items][0][sku]': 'A',
      'properties[items][1][sku]': 'B',
      'Properties[tags][]': 'x',
      ...extra,
    });

  it('tracks events of a form with bracketed names', async () => {
    const reply = await octeth.post('/api.php', event({}).toString(), form);
    assert.equal(reply.status, 200, reply.text);
    assert.equal(reply.body.status, 'success');
    const bad = await octeth.post('/api.php', event({ 'Properties[conversion-name]': '' }).toString(), form);
    assert.equal(bad.status, 422);
    assert.equal(bad.body.Errors[0].Code, 9);
  });

  it('reads one name in either case as one parameter, nested as PHP nests', async () => {
    const workspace = await test.addWorkspace();
    const fields = new URLSearchParams(
      'Command=Event.Track&ListID=1&Event=a&Email=a@b.test&Properties[a][b][]=1&Properties[a][b][]=2&Properties[c]=%3D',
    );
    fields.set('APIKey', workspace.credentials.octeth.apiKey);
    const reply = await octeth.post('/api.php', fields.toString(), form);
    assert.equal(reply.status, 200, reply.text);
    const [stored] = await new Store(test, workspace).events();
    assert.deepEqual(stored!.properties.a, { b: ['1', '2'] });
    assert.equal(stored!.properties.c, '=');
  });

  it('reads JSON that its sender calls a form, as PHP’s curl does', async () => {
    for (const path of ['/api/v1/event', '/api.php?Command=event.track']) {
      const body = { APIKey: octeth.apiKey, ListID: 1, Event: 'a', Email: 'a@b.test' };
      const reply = await octeth.post(path, ` ${JSON.stringify(body)}`, form);
      assert.equal(reply.status, 200, reply.text);
      const broken = await octeth.post(path, '{"APIKey":', form);
      assert.deepEqual([broken.status, broken.body.ErrorCode], [400, 100000]);
    }
  });

  it('tracks events of a multipart form and of JSON, the command in the body or the query', async () => {
    const data = new FormData();
    for (const [name, value] of event({ Event: 'multipart' })) data.append(name, value);
    const encoded = new Response(data);
    const multipart = await octeth.post('/api.php', Buffer.from(await encoded.arrayBuffer()), {
      'content-type': encoded.headers.get('content-type')!,
    });
    assert.equal(multipart.status, 200, multipart.text);
    const json = await octeth.post('/api.php?Command=event.track&ResponseFormat=JSON', {
      APIKey: octeth.apiKey,
      ListID: 1,
      Event: 'json',
      Email: 'json@b.test',
    });
    assert.equal(json.status, 200, json.text);
  });

  it('answers in XML when it is asked to, exactly so, errors too', async () => {
    const ok = await octeth.post('/api.php', event({ ResponseFormat: 'XML', ID: '<&">' }).toString(), form);
    assert.match(String(ok.headers['content-type']), /^text\/xml/);
    assert.match(ok.text, /<response><status>success<\/status><uuid>[0-9a-f-]{36}<\/uuid>/);
    assert.match(ok.text, /<external_id>&lt;&amp;&quot;&gt;<\/external_id>/);
    const bad = await octeth.post('/api.php', event({ ResponseFormat: 'XML', Event: '' }).toString(), form);
    assert.equal(bad.status, 422);
    assert.match(bad.text, /<Errors><node_0><Code>5<\/Code>/);
    const lower = await octeth.post('/api.php', event({ ResponseFormat: 'xml' }).toString(), form);
    assert.equal(lower.body.status, 'success');
  });

  it('answers strangers with 200 and its envelope, and unknown commands with 400', async () => {
    for (const APIKey of ['', 'wrong', test.workspace.credentials.contacthub.token]) {
      const reply = await octeth.post('/api.php', event({ APIKey }).toString(), form);
      assert.equal(reply.status, 200);
      assert.deepEqual([reply.body.Success, reply.body.ErrorCode], [false, 99998]);
    }
    const unknown = await octeth.post('/api.php', 'Command=nope', form);
    assert.equal(unknown.status, 400);
    assert.deepEqual(unknown.body, {
      Success: false,
      ErrorCode: 100003,
      ErrorText: 'Invalid API command: "nope" not found.',
      Errors: [{ Code: 100003, Message: 'Invalid API command: "nope" not found.' }],
    });
    const method = await inject(test, { method: 'GET', url: '/api.php?APIKey=x' });
    assert.deepEqual([method.status, method.body.ErrorCode], [400, 100001]);
  });

  it('takes all of a call in the query, by GET, as clients of old send it', async () => {
    const workspace = await test.addWorkspace();
    const { username, password } = workspace.credentials.octeth;
    const get = (fields: Record<string, string>) =>
      inject(test, { method: 'GET', url: `/api.php?${new URLSearchParams(fields)}` });
    const signedIn = await get({ Command: 'User.Login', Username: username, Password: password });
    const { SessionID } = signedIn.body;
    const fields = {
      Command: 'event.track',
      ResponseFormat: 'JSON',
      ListID: '1',
      Event: 'conversion',
      Email: 'get@b.test',
      'Properties[conversion-id]': '7',
      'Properties[conversion-name]': 'purchase',
      'Properties[conversion-value]': '12.5',
    };
    const reply = await get({ ...fields, SessionID });
    assert.deepEqual([reply.status, reply.body.status], [200, 'success'], reply.text);
    const [stored] = await new Store(test, workspace).events();
    assert.equal(stored!.properties['conversion-value'], '12.5');
    const denied = await get({ ...fields, ApiKey: 'wrong' });
    assert.deepEqual([denied.status, denied.body.ErrorCode], [200, 99998]);
    const unknown = await get({ Command: 'nope', ResponseFormat: 'XML' });
    assert.equal(unknown.status, 400);
    assert.match(unknown.text, /<ErrorCode>100003<\/ErrorCode>/);
    const twice = `/api.php?ResponseFormat=JSONCommand=x&${new URLSearchParams({ ...fields, SessionID })}`;
    assert.equal((await inject(test, { method: 'GET', url: twice })).body.status, 'success');
    const url = `/api.php?${new URLSearchParams({ ...fields, SessionID })}`;
    assert.equal((await inject(test, { method: 'HEAD', url })).status, 400);
    assert.equal((await new Store(test, workspace).events()).length, 2);
  });

  it('numbers what is listed without a number behind the highest that is there', async () => {
    const workspace = await test.addWorkspace();
    const fields = new URLSearchParams(
      'Command=event.track&ListID=1&Event=a&Email=a@b.test&Properties[t][1]=b&Properties[t][0]=a&Properties[t][]=c',
    );
    fields.set('APIKey', workspace.credentials.octeth.apiKey);
    fields.append('Properties[u][5]', 'x');
    fields.append('Properties[u][]', 'y');
    assert.equal((await octeth.post('/api.php', fields.toString(), form)).status, 200);
    const [stored] = await new Store(test, workspace).events();
    assert.deepEqual(stored!.properties.t, { 0: 'a', 1: 'b', 2: 'c' });
    assert.deepEqual(stored!.properties.u, { 5: 'x', 6: 'y' });
  });

  it('answers commands that are not there, or have no path of their own, in its own form', async () => {
    for (const command of ['list.create', 'Subscriber.Get', 'website_events.forget']) {
      const reply = await octeth.post(`/api/v1/${command}`, { APIKey: octeth.apiKey, ListID: 1 });
      assert.equal(reply.status, 400);
      const text = `Invalid API command: "${command}" not found.`;
      assert.deepEqual(reply.body, {
        Success: false,
        ErrorCode: 100003,
        ErrorText: text,
        Errors: [{ Code: 100003, Message: text }],
      });
    }
  });

  it('answers hostile forms in its own form', async () => {
    const bodies = [
      'a'.repeat(1000) + '[b]'.repeat(5000),
      '__proto__[x]=1',
      'Properties[__proto__][x]=1',
      '\xff\xfe',
    ];
    for (const body of bodies) {
      const reply = await octeth.post('/api.php', Buffer.from(body, 'latin1'), form);
      assert.equal(reply.status, 400, body.slice(0, 20));
      assert.equal(reply.body.Success, false);
    }
    const broken = await octeth.post('/api.php', 'nothing of the kind', {
      'content-type': 'multipart/form-data; boundary=x',
    });
    assert.deepEqual([broken.status, broken.body.ErrorCode], [400, 100000]);
    const many = Array.from({ length: 70_000 }, (_, index) => `Properties[p${index}]=1`).join('&');
    const full = await octeth.post('/api.php', `${event({ Event: 'many' })}&${many}`, form);
    assert.equal(full.status, 413);
    const crowded = await octeth.post(
      '/api.php',
      `${event({ Event: 'many' })}&${many.slice(0, 500_000)}`,
      form,
    );
    assert.deepEqual([crowded.status, crowded.body.ErrorCode], [400, 100000]);
  });
});

describe('User.Login', () => {
  const logIn = (fields: Record<string, string>) =>
    octeth.post('/api.php', new URLSearchParams({ Command: 'User.Login', ...fields }).toString(), form);

  it('gives a session that works for 30 days', async () => {
    const { username, password } = test.workspace.credentials.octeth;
    const reply = await logIn({ Username: username, Password: password });
    assert.equal(reply.status, 200);
    const { SessionID, UserInfo, ...rest } = reply.body;
    assert.deepEqual(rest, { Success: true, ErrorCode: 0, ErrorText: '' });
    assert.equal(UserInfo.Username, username);
    const use = () => octeth.post(path, { SessionID, ListID: 1 });
    assert.equal((await use()).status, 200);
    const day = 24 * 60 * 60 * 1000;
    test.time.now = Date.now() + 29 * day;
    assert.equal((await use()).status, 200);
    test.time.now = Date.now() + 31 * day;
    assert.equal((await use()).status, 401);
    test.time.now = 0;
    assert.deepEqual((await logIn({ APIKey: SessionID })).body.ErrorCode, [3]);
  });

  it('gives a session for an API key', async () => {
    const reply = await logIn({ APIKey: octeth.apiKey });
    const { SessionID } = reply.body;
    assert.equal((await octeth.post(path, { SessionID, ListID: 1 })).status, 200);
  });

  it('ends the sessions of a key with the key', async () => {
    const { created, credentials } = test.workspace;
    const keys = `/throughline/v1/workspaces/${created.publicId}/keys`;
    const headers = { authorization: `Bearer ${credentials.admin.token}` };
    const { secret, key } = (
      await octeth.post(
        keys,
        { dialect: 'octeth', name: 'lost' },
        { ...headers, 'content-type': 'application/json' },
      )
    ).body;
    const { SessionID } = (await logIn({ APIKey: secret })).body;
    const other = (await logIn({ APIKey: octeth.apiKey })).body.SessionID;
    const use = (session: string) => octeth.post(path, { SessionID: session, ListID: 1 });
    assert.equal((await use(SessionID)).status, 200);
    const url = `${keys}/${key.id}`;
    const revoked = await inject(test, { method: 'DELETE', url, headers });
    assert.equal(revoked.status, 204);
    assert.equal((await use(SessionID)).status, 401);
    assert.equal((await use(other)).status, 200);
  });

  it('says what is missing, and of wrong names and passwords the same', async () => {
    const { username, password } = test.workspace.credentials.octeth;
    const cases: [Record<string, string>, number[], string[]][] = [
      [{}, [1, 2], ['Missing username', 'Missing password']],
      [{ Username: username }, [2], ['Missing password']],
      [{ Password: password }, [1], ['Missing username']],
      [{ Username: username, Password: 'wrong' }, [3], ['Invalid login information']],
      [{ Username: 'nobody', Password: password }, [3], ['Invalid login information']],
      [{ Username: 'nul\u0000', Password: '' }, [2], ['Missing password']],
      [{ Username: 'nul\u0000', Password: 'x' }, [3], ['Invalid login information']],
      [
        { Username: test.workspace.credentials.signals.username, Password: password },
        [3],
        ['Invalid login information'],
      ],
    ];
    for (const [fields, ErrorCode, ErrorText] of cases) {
      const reply = await logIn(fields);
      assert.equal(reply.status, 200, reply.text);
      assert.deepEqual(reply.body, { Success: false, ErrorCode, ErrorText });
    }
  });
});
