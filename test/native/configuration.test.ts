import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type TestWorkspace, useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { sendWebengage, workspaceKey } from './helpers.ts';

const test = await useApp();
let own: string;
let foreign: string;
let other: TestWorkspace;

before(async () => {
  other = await test.addWorkspace();
  own = await workspaceKey(test, test.workspace);
  foreign = await workspaceKey(test, other);
});

describe('GET and POST /workspaces', () => {
  it('lists all to the administrator and its own to a workspace key', async () => {
    assert.equal((await ask(test, 'GET', '/workspaces')).body.workspaces.length, 2);
    const { body } = await ask(test, 'GET', '/workspaces', { key: own });
    assert.deepEqual(
      body.workspaces.map(({ id }: { id: string }) => id),
      [test.workspace.created.publicId],
    );
    assert.equal((await ask(test, 'GET', '/workspaces', { key: null })).status, 401);
  });
  it('creates one whose keys open it and nothing else', async () => {
    const { status, body } = await ask(test, 'POST', '/workspaces', {
      body: { slug: 'fresh', timezone: 'Asia/Tokyo' },
    });
    assert.equal(status, 201);
    assert.equal(body.workspace.timezone, 'Asia/Tokyo');
    const key = body.credentials.admin.token;
    assert.equal((await ask(test, 'GET', '/workspaces/fresh', { key })).status, 200);
    assert.equal((await test.native.call('GET', '', { key })).status, 404);
    const names = body.workspace.bindings.map(
      (binding: { dialect: string; kind: string }) => `${binding.dialect}/${binding.kind}`,
    );
    for (const name of [
      'webengage/license',
      'webmarketer/project',
      'webmarketer/integration',
      'octeth/list',
      'contacthub/workspace',
      'contacthub/node',
      'signals/app',
      'signals/client',
      'signals/partner',
    ])
      assert.ok(names.includes(name), name);
    assert.ok(!JSON.stringify(body.workspace).includes('appSecret'));
  });
  it('refuses a slug twice, values that are none, and every key but the administrator’s', async () => {
    assert.equal((await ask(test, 'POST', '/workspaces', { body: { slug: 'fresh' } })).status, 409);
    for (const body of [
      { slug: 'No Slug' },
      { slug: 'good-slug', timezone: 'Nowhere/Town' },
      { slug: 'good-slug', timezone: '+02:00' },
      { slug: 'good-slug', currency: 'XXY' },
      { slug: 'good-slug', unknown: 1 },
      { slug: 'good-slug', name: 'nul\u0000' },
      {},
    ])
      assert.equal((await ask(test, 'POST', '/workspaces', { body })).status, 400, JSON.stringify(body));
    assert.equal((await ask(test, 'POST', '/workspaces', { key: own, body: { slug: 'more' } })).status, 403);
    assert.equal((await ask(test, 'POST', '/workspaces', { key: null, body: { slug: 'more' } })).status, 401);
  });
});

describe('PATCH /workspaces/{workspace}', () => {
  it('changes what is named and leaves the rest', async () => {
    await ask(test, 'PATCH', at(other), {
      body: { rateLimits: { 'webengage:events': 10 }, matching: ['email'] },
    });
    const { status, body } = await ask(test, 'PATCH', at(other), {
      key: foreign,
      body: {
        name: 'Renamed',
        currency: 'USD',
        phoneCountries: ['IT', 'FR'],
        rateLimits: { 'octeth:event.track': 5 },
        dialects: { webengage: { identifyingAttributes: ['email'] } },
      },
    });
    assert.equal(status, 200);
    assert.equal(body.name, 'Renamed');
    assert.deepEqual(body.matching, ['email']);
    assert.deepEqual(body.phoneCountries, ['IT', 'FR']);
    assert.deepEqual(body.rateLimits, { 'webengage:events': 10, 'octeth:event.track': 5 });
    assert.deepEqual((await ask(test, 'GET', at(other))).body, body);
  });
  it('counts by the days of the new time zone, what was stored before too', async () => {
    await test.native.call('PATCH', '', { body: { timezone: 'Europe/Paris' } });
    const eventTime = '2026-01-01T12:00:00+0000';
    await sendWebengage(test, test.workspace, { userId: 'a', eventName: 'Visit', eventTime });
    const days = () => test.store.countedDays();
    assert.deepEqual(
      (await days()).map(({ day }) => day),
      ['2026-01-01'],
    );
    const { status, body } = await test.native.call('PATCH', '', {
      body: { timezone: 'Pacific/Kiritimati' },
    });
    assert.equal(status, 200);
    assert.equal(body.timezone, 'Pacific/Kiritimati');
    assert.deepEqual(
      (await days()).map(({ day }) => day),
      ['2026-01-02'],
    );
    await sendWebengage(test, test.workspace, { userId: 'a', eventName: 'Visit', eventTime });
    assert.deepEqual(
      (await days()).map(({ total }) => total),
      [2],
    );
  });
  it('refuses what is no zone, currency, country, limit or setting', async () => {
    for (const body of [
      {},
      { timezone: 'Mars/Base' },
      { currency: 'eur' },
      { matching: ['user'] },
      { phoneCountries: ['ZZ'] },
      { rateLimits: { 'webengage:events': -1 } },
      { rateLimits: { 'Bad Name': 1 } },
      { dialects: { segment: {} } },
      { slug: 'moved' },
    ])
      assert.equal((await test.native.call('PATCH', '', { body })).status, 400, JSON.stringify(body));
    assert.equal((await test.native.call('PATCH', '', { key: foreign, body: { name: 'x' } })).status, 404);
    assert.equal((await test.native.call('PATCH', '', { key: null, body: { name: 'x' } })).status, 401);
  });
});

describe('nodes, sources, bindings and event types', () => {
  it('lists a node for each dialect', async () => {
    const { body } = await test.native.call('GET', '/nodes', { key: own });
    assert.deepEqual(body.nodes.map(({ dialect }: { dialect: string }) => dialect).sort(), [
      'contacthub',
      'octeth',
      'signals',
      'webengage',
      'webmarketer',
    ]);
  });
  it('adds a list with the next number, a WhatsApp number with its secrets, and lists them', async () => {
    const list = await test.native.call('POST', '/sources', {
      body: { dialect: 'octeth', name: 'Second list' },
    });
    assert.equal(list.status, 201);
    assert.equal(list.body.source.externalId, '2');
    assert.equal(list.body.secrets, null);
    const app = await test.native.call('POST', '/sources', {
      body: {
        dialect: 'signals',
        name: 'Sales',
        externalId: '104200000000000',
        settings: { clientId: 'c1' },
      },
    });
    assert.equal(app.status, 201);
    assert.match(app.body.secrets.appSecret, /^[0-9a-f]{32}$/);
    const found = await test.app.services.workspaces.findBound('signals', 'app', '104200000000000');
    assert.equal(found?.id, test.workspace.created.id);
    const { body } = await test.native.call('GET', '/sources', { key: own });
    assert.deepEqual(body.sources.slice(-2), [list.body.source, app.body.source]);
  });
  it('refuses an id that is taken, here or for a WhatsApp number anywhere, or is none', async () => {
    const add = (where: TestWorkspace, body: object) => ask(test, 'POST', at(where, '/sources'), { body });
    assert.equal((await add(test.workspace, { dialect: 'octeth', name: 'x', externalId: '2' })).status, 409);
    assert.equal(
      (await add(other, { dialect: 'signals', name: 'x', externalId: '104200000000000' })).status,
      409,
    );
    assert.equal((await add(other, { dialect: 'octeth', name: 'x', externalId: '2' })).status, 201);
    assert.equal((await add(other, { dialect: 'octeth', name: 'x', externalId: 'two' })).status, 400);
    assert.equal((await add(other, { dialect: 'contacthub', name: 'x' })).status, 400);
    const { nodes } = (await test.native.call('GET', '/nodes')).body;
    assert.equal((await add(other, { dialect: 'octeth', name: 'x', node: nodes[0].id })).status, 400);
  });
  it('pages the event types', async () => {
    await sendWebengage(test, test.workspace, { userId: 'a', eventName: 'Another' });
    const first = await test.native.call('GET', '/event-types?limit=1');
    const second = await test.native.call('GET', `/event-types?limit=1&after=${first.body.next}`);
    assert.deepEqual([first.body.eventTypes[0].name, second.body.eventTypes[0].name], ['Visit', 'Another']);
    assert.equal(second.body.next, null);
    assert.deepEqual((await test.native.call('GET', '/event-types?dialect=octeth')).body.eventTypes, []);
  });
  it('opens to no other key', async () => {
    for (const path of ['/nodes', '/sources', '/bindings', '/event-types', '']) {
      assert.equal((await test.native.call('GET', path, { key: foreign })).status, 404, path);
      assert.equal((await test.native.call('GET', path, { key: null })).status, 401, path);
    }
    for (const path of ['/sources', '/bindings']) {
      const body = { dialect: 'octeth', name: 'x' };
      assert.equal((await test.native.call('POST', path, { key: foreign, body })).status, 404, path);
      assert.equal((await test.native.call('POST', path, { key: null, body })).status, 401, path);
    }
  });
});
