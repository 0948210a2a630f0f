import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { field, WebmarketerClient } from '../dialects/webmarketer/client.ts';
import { type TestWorkspace, useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { sendWebengage, workspaceKey } from './helpers.ts';

const path = '/webmarketer/event-types';
const email = { entity: 'user', type: 'email', storageKey: 'email', discriminant: true, isPii: true };

const test = await useApp();
let own: string;
let foreign: string;
let other: TestWorkspace;

before(async () => {
  other = await test.addWorkspace();
  own = await workspaceKey(test, test.workspace);
  foreign = await workspaceKey(test, other);
});

const declare = (body: object, key?: string | null) =>
  test.native.call('POST', path, { body, ...(key === undefined ? {} : { key }) });
const change = (id: string, body: object, key?: string | null) =>
  test.native.call('PATCH', `${path}/${id}`, { body, ...(key === undefined ? {} : { key }) });

describe('…/webmarketer/event-types', () => {
  it('declares a type that the vendor’s API shows, and whose events it takes by its fields', async () => {
    const { status, body } = await declare(
      {
        reference: 'order',
        name: 'Order',
        fields: [email, { entity: 'event', type: 'number', storageKey: 'total', ingestionKey: 'sum' }],
        expirationPolicy: { from: 'event-type', retentionDurationInDays: 30 },
      },
      own,
    );
    assert.equal(status, 201, JSON.stringify(body));
    assert.equal(body.version, 1);
    const client = new WebmarketerClient(test);
    const shown = (await client.get('/event-types/order')).body;
    assert.equal(shown.fields[1].ingestionKey, 'sum');
    assert.deepEqual(shown.fields[0], { ...shown.fields[0], ...email, ingestionKey: null, optional: false });
    assert.equal(shown.expirationPolicy.retentionDurationInDays, 30);
    await client.sendFine({ eventType: 'order', nonce: '1', data: { email: 'ada@example.com', sum: 3 } });
    const bad = await client.send({ eventType: 'order', nonce: '2', data: { sum: 3 } }, 'sync');
    assert.equal(bad.status, 400);
    assert.deepEqual(await test.native.read(`/event-types/${body.id}`), body);
  });

  it('makes a version of each change, and of what changes nothing none', async () => {
    const { id, definition } = (await declare({ reference: 'visit', name: 'Visit', fields: [email] })).body;
    const renamed = await change(id, { name: 'A visit', version: 1 });
    assert.deepEqual([renamed.status, renamed.body.version], [200, 2]);
    assert.deepEqual(renamed.body.definition.fields, definition.fields);
    assert.equal((await change(id, { name: 'A visit' })).body.version, 2);
    assert.equal((await change(id, { fields: [] })).body.version, 3);
    const first = await test.native.read(`/event-types/${id}/versions?limit=2`);
    assert.deepEqual(
      first.versions.map((one: { version: number }) => one.version),
      [3, 2],
    );
    const rest = await test.native.read(`/event-types/${id}/versions?before=${first.next}`);
    assert.deepEqual([rest.versions[0].definition, rest.next], [definition, null]);
  });

  it('refuses to change another version than the one that was read', async () => {
    const { id } = (await declare({ reference: 'raced', name: 'Raced' })).body;
    assert.equal((await change(id, { name: 'First', version: 1 })).status, 200);
    const late = await change(id, { name: 'Second', version: 1 });
    assert.deepEqual([late.status, late.body.error.path], [409, 'body/version']);
    assert.equal((await test.native.read(`/event-types/${id}`)).definition.name, 'First');
  });

  it('says which member of which field is wrong, and stores nothing', async () => {
    const cases: [object, string][] = [
      [{ fields: [email, { ...email, type: 'colour' }] }, 'body/fields/1/type'],
      [{ fields: [{ ...email, storageKey: 'not a key' }] }, 'body/fields/0/storageKey'],
      [{ fields: [email, email] }, 'body/fields/1/storageKey'],
      [{ fields: [{ ...email, entity: 'state' }] }, 'body/fields/0/type'],
      [{ fields: [{ ...email, colour: 'red' }] }, 'body/fields/0/colour'],
      [{ fields: Array(201).fill(email) }, 'body/fields'],
      [{ name: '' }, 'body/name'],
      [{ reference: 'not a name' }, 'body/reference'],
      [{ metadata: { long: 'x'.repeat(10_001) } }, 'body/metadata'],
      [{ phoneParsingConfig: [{ order: 1, countryCode: 'ZZ' }] }, 'body/phoneParsingConfig/0/countryCode'],
    ];
    for (const [wrong, at] of cases) {
      const { status, body } = await declare({ reference: 'wrong', name: 'Wrong', ...wrong });
      assert.deepEqual([status, body.error.path], [400, at], JSON.stringify(body));
    }
    const { eventTypes } = await test.native.read('/event-types?limit=1000');
    assert.ok(!eventTypes.some(({ name }: { name: string }) => name === 'wrong'));
    const taken = await declare({ reference: 'order', name: 'Again' });
    assert.deepEqual([taken.status, taken.body.error.path], [409, 'body/reference']);
  });

  it('is open to who may enter the workspace alone, and knows types of its own API alone', async () => {
    const { id } = (await declare({ reference: 'guarded', name: 'Guarded' })).body;
    assert.equal((await declare({ reference: 'x', name: 'X' }, foreign)).status, 404);
    assert.equal((await declare({ reference: 'x', name: 'X' }, null)).status, 401);
    assert.equal((await change(id, { name: 'X' }, foreign)).status, 404);
    for (const part of ['', '/versions'])
      assert.equal((await ask(test, 'GET', at(other, `/event-types/${id}${part}`))).status, 404);
    assert.equal((await ask(test, 'PATCH', at(other, `${path}/${id}`), { body: { name: 'X' } })).status, 404);
    await sendWebengage(test, test.workspace, { userId: 'a', eventName: 'Open' });
    const { eventTypes } = await test.native.read('/event-types?dialect=webengage');
    assert.equal((await change(eventTypes[0].id, { name: 'X' })).status, 404);
    assert.deepEqual((await test.native.read(`/event-types/${eventTypes[0].id}/versions`)).versions, []);
  });

  it('refuses a metric whose key a custom column has', async () => {
    const client = new WebmarketerClient(test);
    const column = { key: 'margin', name: 'Margin', format: 'number', symbols: ['event-count', '/', 2] };
    const made = await client.request('POST', `/projects/${client.projectId}/custom-columns`, column);
    assert.equal(made.status, 201, made.text);
    const statistic = field('statistic', 'number', 'margin');
    const { status, body } = await declare({ reference: 'sale', name: 'Sale', fields: [statistic] });
    assert.deepEqual([status, body.error.path], [409, 'body/fields']);
  });
});

describe('GET …/octeth/tracker', () => {
  it('names the script, and what each list is called on a page', async () => {
    const { script, lists } = await test.native.read('/octeth/tracker');
    assert.match(script, /^http:\/\/[^/]+\/t\.js\?v=\d+\.\d+\.\d+$/);
    const [list] = lists;
    const message = { v: 1, user: list.user, list: list.list, id: crypto.randomUUID() };
    const { credentials } = test.workspace;
    assert.equal(list.listId, credentials.octeth.listId);
    const reply = await test.app.http.inject({
      method: 'POST',
      url: '/hello/message',
      payload: {
        ...message,
        uuid: crypto.randomUUID(),
        at: Date.now(),
        sent: Date.now(),
        event: 'signed-up',
        properties: {},
      },
    });
    assert.equal(reply.statusCode, 200, reply.body);
    assert.equal((await test.native.call('GET', '/octeth/tracker', { key: foreign })).status, 404);
  });
});

describe('GET …/dialects', () => {
  it('says where clients send to instead of their vendor, and what can be set there', async () => {
    const { dialects } = await test.native.read('/dialects');
    const of = (wanted: string) => dialects.find(({ name }: { name: string }) => name === wanted);
    const [address] = of('contacthub').addresses;
    assert.equal(new URL(address.vendor).pathname, new URL(address.here).pathname);
    assert.equal(of('webmarketer').addresses.length, 2);
    assert.deepEqual(of('signals').names, [
      { kind: 'partner', belongsTo: null },
      { kind: 'client', belongsTo: { kind: 'partner', setting: 'partnerId' } },
    ]);
    assert.deepEqual(of('octeth').source, { kind: 'list', isName: false, belongsTo: null });
    assert.ok(of('octeth').rateGroups.includes('octeth:hello.message'));
    for (const { name, keyRoles } of dialects) {
      const body = { dialect: name, role: keyRoles.at(-1), name: 'of a role that is listed' };
      assert.equal((await test.native.call('POST', '/keys', { body })).status, 201, name);
    }
  });

  it('stands whatever client an app was added with', async () => {
    const { appId } = test.workspace.credentials.signals;
    const add = async (settings: object) =>
      (await test.native.call('POST', '/sources', { body: { dialect: 'signals', name: 'App', settings } }))
        .body.source.externalId;
    const ofNobody = await add({});
    const ofStranger = await add({ clientId: 'nobodys' });
    for (const id of [appId, ofNobody]) {
      assert.equal((await test.native.call('DELETE', `/bindings/signals/app/${id}`)).status, 204);
      const { dialects } = await test.native.read('/dialects');
      const signals = dialects.find(({ name }: { name: string }) => name === 'signals');
      assert.ok(signals.firstEvent.command.includes(id === appId ? ofNobody : ofStranger));
    }
  });
});
