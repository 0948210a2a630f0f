import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type TestWorkspace, useApp } from '../../helpers/app.ts';
import { ask, at } from '../../helpers/native-client.ts';
import { Store } from '../../helpers/store.ts';
import { inject } from '../../helpers/vendor-client.ts';
import { OctethClient } from './client.ts';

const test = await useApp();
const octeth = new OctethClient(test);
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('POST /api/v1/event', () => {
  it('stores the documented sample, says that it identified the person, and identifies once', async () => {
    const workspace = await test.addWorkspace();
    const sample = {
      id: 'user-id-2006',
      event: 'test',
      email: '2006@test.com',
      properties: { 'number-of-subscribers-imported': 100 },
    };
    const first = await octeth.track(sample, workspace);
    assert.equal(first.status, 200, first.text);
    const { uuid, ...rest } = first.body;
    assert.match(uuid, uuidPattern);
    assert.deepEqual(rest, {
      status: 'success',
      external_id: 'user-id-2006',
      identify_event_sent: true,
    });

    const second = await octeth.track(sample, workspace);
    assert.deepEqual(second.body, { ...first.body, identify_event_sent: false });

    const events = await new Store(test, workspace).events();
    assert.deepEqual(
      events.map(({ type }) => type),
      ['test', 'identify', 'test'],
    );
    assert.equal(new Set(events.map(({ profileId }) => profileId)).size, 1);
    const [tested, identified] = events;
    assert.deepEqual(identified!.properties, tested!.properties);
    const { $sent_at: sentAt, ...properties } = tested!.properties;
    assert.ok(Date.parse(String(sentAt)));
    assert.deepEqual(properties, {
      'number-of-subscribers-imported': 100,
      $id: 'user-id-2006',
      $lib: 'api',
      $lib_version: '5.6',
      $list_id: 1,
      $server: 'throughline',
      $uuid: uuid,
    });
    assert.deepEqual(await new Store(test, workspace).accounting('octeth'), {
      received: 2,
      stored: 2,
      derived: 1,
    });
  });

  it('judges the envelope in the order of the codes and keeps nothing of what it refuses', async () => {
    const workspace = await test.addWorkspace();
    const cases: [Record<string, unknown>, number, string][] = [
      [{ ListID: undefined, Event: '', Email: 'x' }, 4, 'Invalid ListID parameter'],
      [{ ListID: 'one', Event: 'a', Email: 'a@b.test' }, 4, 'Invalid ListID parameter'],
      [{ ListID: 999, Event: 'a', Email: 'a@b.test' }, 4, 'Invalid ListID parameter'],
      [{ ListID: { a: 1 }, Event: 'a', Email: 'a@b.test' }, 4, 'Invalid ListID parameter'],
      [{ Event: '  ', Email: 'x' }, 5, 'Missing event parameter.'],
      [{ Event: 7, Email: 'a@b.test' }, 5, 'Missing event parameter.'],
      [{ Event: 'a' }, 6, 'Missing email parameter.'],
      [{ Event: 'a', Email: ' ', UUID: 'no uuid' }, 6, 'Missing email parameter.'],
      [{ Event: 'identify', UUID: randomUUID() }, 6, 'Missing email parameter.'],
      [{ Event: 'a', Email: 'x' }, 7, 'Invalid email parameter.'],
      [{ Event: 'conversion', Email: 'a'.repeat(64) }, 7, 'Invalid email parameter.'],
    ];
    for (const [body, code, message] of cases) {
      const reply = await octeth.track(body, workspace);
      assert.equal(reply.status, 422, reply.text);
      assert.deepEqual(reply.body, { Errors: [{ Code: code, Message: message }] });
    }
    assert.deepEqual(await new Store(test, workspace).events(), []);
    assert.deepEqual(await new Store(test, workspace).quarantined(), []);
  });

  it('keeps a conversion that lacks a property in quarantine, without the key, and answers 422', async () => {
    const workspace = await test.addWorkspace();
    const send = (Properties: unknown) =>
      octeth.track({ Event: 'Conversion', Email: 'a@b.test', Properties }, workspace);
    const cases: [Record<string, unknown> | string, number][] = [
      ['nothing', 8],
      [{ 'conversion-id': null }, 8],
      [{ 'conversion-id': 'o-1', 'conversion-name': '' }, 9],
      [{ 'conversion-id': 'o-1', 'conversion-name': 'purchase' }, 10],
    ];
    for (const [properties, code] of cases) {
      const reply = await send(properties);
      assert.equal(reply.status, 422);
      assert.equal(reply.body.Errors[0].Code, code);
    }
    const repeat = await send({ 'conversion-id': 'o-1', 'conversion-name': 'purchase' });
    assert.equal(repeat.body.Errors[0].Code, 10);
    const mended = await send({
      'Conversion-ID': 'o-1',
      'conversion-name': 'purchase',
      'conversion-value': 0,
    });
    assert.equal(mended.status, 200);
    const quarantined = await new Store(test, workspace).quarantined();
    assert.deepEqual(
      quarantined.map(({ path }) => path),
      [
        '/Properties/conversion-id',
        '/Properties/conversion-id',
        '/Properties/conversion-name',
        '/Properties/conversion-value',
      ],
    );
    const { apiKey } = workspace.credentials.octeth;
    for (const { raw } of quarantined) assert.ok(!raw.includes(apiKey));
    const {
      received,
      stored,
      duplicate,
      quarantined: bad,
    } = await new Store(test, workspace).accounting('octeth');
    assert.deepEqual([received, stored, duplicate, bad], [6, 1, 1, 4]);
  });

  it('counts a conversion once for its list, forever, and answers a repeat as the first', async () => {
    const workspace = await test.addWorkspace();
    const conversion = (Email: string, value: unknown) => ({
      Event: 'conversion',
      Email,
      Properties: { 'conversion-id': 'order-1', 'conversion-name': 'purchase', 'conversion-value': value },
    });
    const first = await octeth.track(conversion('buyer@shop.test', 290.5), workspace);
    assert.equal(first.status, 200);
    test.time.now = Date.now() + 400 * 24 * 60 * 60 * 1000;
    const repeat = await octeth.track(conversion('buyer@shop.test', '1'), workspace);
    test.time.now = 0;
    assert.deepEqual(repeat.body, first.body);
    const types = (await new Store(test, workspace).events()).map(({ type }) => type);
    assert.deepEqual(types, ['conversion', 'identify']);
    const metrics = (await new Store(test, workspace).metrics()).map(({ key, value, currency }) => ({
      key,
      value,
      currency,
    }));
    assert.deepEqual(metrics, [{ key: 'conversion-value', value: 290.5, currency: 'EUR' }]);
  });

  it('takes a conversion value as text in a currency of its own', async () => {
    const workspace = await test.addWorkspace();
    await octeth.track(
      {
        Event: 'conversion',
        Email: 'a@b.test',
        Properties: {
          'conversion-id': 7,
          'conversion-name': 'x',
          'conversion-value': '12.50',
          'conversion-currency': 'usd',
        },
      },
      workspace,
    );
    const metrics = (await new Store(test, workspace).metrics()).map(({ key, value, currency }) => ({
      key,
      value,
      currency,
    }));
    assert.deepEqual(metrics, [{ key: 'conversion-value', value: 12.5, currency: 'USD' }]);
  });

  it('answers a test event and stores nothing, but silent ones it stores', async () => {
    const workspace = await test.addWorkspace();
    for (const value of [true, 'true', 1]) {
      const Properties = { IsTest: value };
      const reply = await octeth.track({ Event: 'a', Email: 'a@b.test', Properties }, workspace);
      assert.equal(reply.status, 200);
      assert.equal(reply.body.status, 'success');
    }
    assert.deepEqual(await new Store(test, workspace).events(), []);
    assert.deepEqual(await new Store(test, workspace).accounting('octeth'), {
      received: 3,
      'dropped test-event': 3,
    });
    await octeth.track({ Event: 'a', Email: 'a@b.test', Properties: { isSilent: true } }, workspace);
    assert.equal((await new Store(test, workspace).events())[0]!.properties.isSilent, true);
  });

  it('drops Properties that are no object and fields that the list has not, and counts them', async () => {
    const workspace = await test.addWorkspace();
    for (const Properties of [[], '', null, 'text', 5, ['a']]) {
      const reply = await octeth.track({ Event: 'a', Email: 'a@b.test', Properties }, workspace);
      assert.equal(reply.status, 200);
    }
    await octeth.track(
      { Event: 'identify', Email: 'a@b.test', IdentifyProperties: { FirstName: 'A', CustomField9: 'B' } },
      workspace,
    );
    const counts = await new Store(test, workspace).accounting('octeth');
    assert.equal(counts['attribute-dropped properties-not-an-object'], 3);
    assert.equal(counts['attribute-dropped unknown-custom-field'], 2);
  });

  it('counts what of a call it leaves out: other parameters, a UUID that is none, fields of no identify event', async () => {
    const workspace = await test.addWorkspace();
    const event = {
      Event: 'a',
      Email: 'a@b.test',
      UUID: 'nonsense',
      IdentifyProperties: { A: 1, B: 2 },
      Plan: 'pro',
    };
    assert.equal((await octeth.track(event, workspace)).status, 200);
    assert.partialDeepStrictEqual(await new Store(test, workspace).accounting('octeth'), {
      'attribute-dropped uuid-not-a-uuid': 1,
      'attribute-dropped identify-properties-of-another-event': 2,
      'attribute-dropped no-such-field: Plan': 1,
    });
  });

  it('quarantines what can not be stored and answers in its own form', async () => {
    const workspace = await test.addWorkspace();
    const bad = [
      { Event: 'a', Properties: { a: 'x\u0000y' } },
      { Event: 'a\u0000b' },
      { Event: 'a', ID: 'i\u0000d' },
      { Event: 'a', Properties: { a: '\ud800' } },
      { Event: 'e'.repeat(300) },
      { Event: 'a', ID: 'i'.repeat(300) },
      { Event: 'a', Properties: Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`p${i}`, i])) },
    ];
    const good = octeth.track({ Event: 'good', Email: 'good@b.test' }, workspace);
    const replies = await Promise.all(
      bad.map((body) => octeth.track({ Email: 'a@b.test', ...body }, workspace)),
    );
    assert.equal((await good).status, 200);
    for (const reply of replies) {
      assert.equal(reply.status, 200, reply.text);
      assert.equal(reply.body.status, 'success');
    }
    assert.equal((await new Store(test, workspace).quarantined()).length, bad.length);
    assert.deepEqual(
      (await new Store(test, workspace).events()).map(({ type }) => type),
      ['good', 'identify'],
    );
  });

  it('takes gzip and beacons as text/plain', async () => {
    const body = { APIKey: octeth.apiKey, ListID: '1', Event: 'a', Email: 'zip@b.test' };
    const zipped = await octeth.post('/api/v1/event/', gzipSync(JSON.stringify(body)), {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    });
    assert.equal(zipped.status, 200, zipped.text);
    const beacon = await octeth.post('/api/v1/event', body, { 'content-type': 'text/plain;charset=UTF-8' });
    assert.equal(beacon.status, 200, beacon.text);
  });

  it('lets any page call, as a preflight learns', async () => {
    const preflight = await inject(test, {
      method: 'OPTIONS',
      url: '/api/v1/event',
      headers: { origin: 'https://shop.test', 'access-control-request-method': 'POST' },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers['access-control-allow-origin'], '*');
    assert.match(String(preflight.headers['access-control-allow-methods']), /POST/);
  });

  it('refuses a caller without a key of this workspace before it judges the rest', async () => {
    const { credentials } = test.workspace;
    const other = await test.addWorkspace();
    const secrets = [
      undefined,
      'ABCD-0000-0000-0000',
      credentials.webengage.apiKey,
      credentials.signals.apiKey,
    ];
    for (const APIKey of secrets) {
      const reply = await octeth.track({ APIKey, ListID: 'x' });
      assert.equal(reply.status, 401);
      const text = 'Authentication failure or session expired';
      assert.deepEqual(reply.body, {
        Success: false,
        ErrorCode: 99998,
        ErrorText: text,
        Errors: [{ Code: 99998, Message: text }],
      });
    }
    await addList(other, '77');
    const foreign = await octeth.track({ ListID: 77, Event: 'a', Email: 'a@b.test' });
    assert.equal(foreign.body.Errors[0].Code, 4);
    const own = await octeth.track({ ListID: 77, Event: 'a', Email: 'a@b.test' }, other);
    assert.equal(own.status, 200);
  });

  it('takes the key as Bearer token too', async () => {
    const reply = await octeth.post(
      '/api/v1/event',
      { listid: '1', EVENT: 'a', EMAIL: 'bearer@b.test' },
      { 'content-type': 'application/json', authorization: `Bearer ${octeth.apiKey}` },
    );
    assert.equal(reply.status, 200, reply.text);
  });

  it('answers broken bodies, unknown commands and methods with the codes of hard failures', async () => {
    const json = { 'content-type': 'application/json' };
    const deep = `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`;
    for (const body of ['{\n// "SessionID": "x"\n"ListID": 1}', '[]', '"x"', '{"__proto__": 1}', deep]) {
      const reply = await octeth.post('/api/v1/event', body, json);
      assert.equal(reply.status, 400, body.slice(0, 40));
      assert.equal(reply.body.ErrorCode, 100000);
    }
    const large = await octeth.post('/api/v1/event', `{"a":"${'x'.repeat(2 ** 21)}"}`, json);
    assert.equal(large.status, 413);
    assert.equal(large.body.Success, false);
    const method = await inject(test, { method: 'GET', url: '/api/v1/event' });
    assert.equal(method.status, 400);
    assert.equal(method.body.ErrorCode, 100001);
    const command = await octeth.track({ Command: 'subscriber.delete', Event: 'a', Email: 'a@b.test' });
    assert.equal(command.status, 400);
    assert.equal(command.body.ErrorCode, 100003);
  });

  it('keeps to the rate that the workspace sets', async () => {
    const limited = await test.addWorkspace({
      settings: { rateLimits: { 'octeth:event.track': 1 } },
    });
    assert.equal((await octeth.track({ Event: 'a', Email: 'a@b.test' }, limited)).status, 200);
    const reply = await octeth.track({ Event: 'a', Email: 'a@b.test' }, limited);
    assert.equal(reply.status, 429);
    assert.equal(reply.body.Errors[0].Code, 429);
    assert.ok(reply.headers['retry-after']);
  });
});

describe('who an event is of', () => {
  it('gives a visitor an external id that stays, and the subscriber its past and future events', async () => {
    const workspace = await test.addWorkspace();
    const UUID = '13F8E79A-F063-4B80-10E4-B65A699A2F56';
    const view = await octeth.track({ Event: 'page_view', UUID }, workspace);
    const { external_id: externalId } = view.body;
    assert.deepEqual(view.body, {
      status: 'success',
      uuid: UUID.toLowerCase(),
      external_id: externalId,
      identify_event_sent: false,
    });
    const identify = await octeth.track({ Event: 'identify', UUID, Email: 'Ada@b.test' }, workspace);
    assert.deepEqual(identify.body, { ...view.body, identify_event_sent: true });
    const later = await octeth.track({ Event: 'basket', UUID }, workspace);
    assert.equal(later.body.external_id, externalId);
    const elsewhere = await octeth.track({ Event: 'call', Email: 'ada@B.test' }, workspace);
    assert.deepEqual(elsewhere.body, view.body);
    const events = await new Store(test, workspace).eventsWithRecords();
    assert.deepEqual(
      events.map(({ type }) => type),
      ['page_view', 'identify', 'basket', 'call'],
    );
    assert.equal(new Set(events.map(({ recordId }) => recordId)).size, 1);
  });

  it('keeps two addresses on one browser apart', async () => {
    const workspace = await test.addWorkspace();
    const UUID = randomUUID();
    const first = await octeth.track({ Event: 'a', UUID, Email: 'one@b.test' }, workspace);
    const second = await octeth.track({ Event: 'a', UUID, Email: 'two@b.test' }, workspace);
    assert.equal(second.body.identify_event_sent, true);
    assert.notEqual(second.body.external_id, first.body.external_id);
    await octeth.track({ Event: 'b', UUID }, workspace);
    const events = await new Store(test, workspace).eventsWithRecords();
    const recordOf = (index: number) => events[index]!.recordId;
    assert.notEqual(recordOf(0), recordOf(2));
    assert.equal(recordOf(4), recordOf(0));
    const alone = await octeth.track({ Event: 'c', Email: 'two@b.test' }, workspace);
    assert.notEqual(alone.body.uuid, UUID);
  });

  it('finds a subscriber by the visitor id that the server made, and lends it to nobody else', async () => {
    const workspace = await test.addWorkspace();
    const { uuid } = (await octeth.track({ Event: 'a', Email: 'one@b.test' }, workspace)).body;
    const again = await octeth.track({ Event: 'a', Email: 'one@b.test' }, workspace);
    assert.equal(again.body.uuid, uuid);
    await octeth.track({ Event: 'b', UUID: uuid }, workspace);
    await octeth.track({ Event: 'c', UUID: uuid, Email: 'two@b.test' }, workspace);
    const records = new Map(
      (await new Store(test, workspace).eventsWithRecords()).map(
        ({ type, recordId }) => [type, recordId] as const,
      ),
    );
    assert.equal(records.get('b'), records.get('a'));
    assert.notEqual(records.get('c'), records.get('a'));
  });

  it('finds a subscriber by the hash of its address as first written, and makes none', async () => {
    const workspace = await test.addWorkspace();
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    await octeth.track({ Event: 'a', Email: ' Ada@B.test ' }, workspace);
    await octeth.track({ Event: 'a', Email: 'ada@b.test' }, workspace);
    const known = await octeth.track({ Event: 'hit', ID: hash('Ada@B.test').toUpperCase() }, workspace);
    assert.equal(known.body.identify_event_sent, false);
    const UUID = randomUUID();
    await octeth.track({ Event: 'identify', ID: hash('Ada@B.test'), UUID }, workspace);
    await octeth.track({ Event: 'bound', UUID }, workspace);
    const miss = await octeth.track({ Event: 'miss', ID: hash('ada@b.test') }, workspace);
    assert.equal(miss.status, 200);
    assert.equal(miss.body.external_id, hash('ada@b.test'));
    const records = new Map(
      (await new Store(test, workspace).eventsWithRecords()).map(
        ({ type, recordId }) => [type, recordId] as const,
      ),
    );
    assert.equal(records.get('hit'), records.get('a'));
    assert.equal(records.get('bound'), records.get('a'));
    assert.notEqual(records.get('miss'), records.get('a'));
    const refused = await octeth.track({ Event: 'a', Email: hash('Ada@B.test') }, workspace);
    assert.equal(refused.body.Errors[0].Code, 7);
  });

  it('identifies anew for another list, and the waiver can be switched off', async () => {
    const strict = await test.addWorkspace({
      settings: { dialects: { octeth: { requireEmail: true } } },
    });
    await addList(strict, '2');
    const reply = await octeth.track({ Event: 'page_view', UUID: randomUUID() }, strict);
    assert.equal(reply.body.Errors[0].Code, 6);
    const sent = async (ListID: number) =>
      (await octeth.track({ ListID, Event: 'a', Email: 'a@b.test' }, strict)).body.identify_event_sent;
    assert.deepEqual(
      [await sent(1), await sent(2), await sent(1), await sent(2)],
      [true, true, false, false],
    );
    const [profile] = await new Store(test, strict).profiles();
    assert.deepEqual(Object.keys(profile!.values).sort(), ['EmailAddress', 'lists.1', 'lists.2']);
  });

  it('is right within one batch', async () => {
    const workspace = await test.addWorkspace();
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => octeth.track({ Event: 'a', Email: 'same@b.test' }, workspace)),
    );
    const answers = replies.map((reply) => reply.body);
    assert.equal(new Set(answers.map(({ uuid }) => uuid)).size, 1);
    assert.equal(new Set(answers.map(({ external_id: id }) => id)).size, 1);
    assert.equal(answers.filter(({ identify_event_sent: sent }) => sent).length, 1);
  });

  it('stores a repeated conversion of a new address and that address in one batch', async () => {
    const workspace = await test.addWorkspace();
    const Properties = { 'conversion-id': 'o', 'conversion-name': 'n', 'conversion-value': 1 };
    await octeth.track({ Event: 'conversion', Email: 'first@b.test', Properties }, workspace);
    const replies = await Promise.all([
      octeth.track({ Event: 'warm', Email: 'first@b.test' }, workspace),
      octeth.track({ Event: 'conversion', Email: 'new@b.test', Properties }, workspace),
      octeth.track({ Event: 'a', Email: 'new@b.test' }, workspace),
    ]);
    assert.deepEqual(
      replies.map((reply) => reply.status),
      [200, 200, 200],
    );
    assert.equal((await new Store(test, workspace).accounting('octeth')).stored, 3);
  });
});

async function addList(workspace: TestWorkspace, externalId: string): Promise<void> {
  const body = { dialect: 'octeth', externalId, name: 'Another' };
  assert.equal((await ask(test, 'POST', at(workspace, '/sources'), { body })).status, 201);
}
