import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NodeSettings } from '../../../src/core/node/node.ts';
import { useApp } from '../../helpers/app.ts';
import { Store } from '../../helpers/store.ts';
import { sendWebengage } from '../../native/helpers.ts';
import { ContacthubClient, unsaid } from './client.ts';

const test = await useApp();
const client = new ContacthubClient(test);

function post(body: unknown, query = '') {
  return client.call('POST', `/customers${query}`, body);
}

/** A workspace of its own whose node has other rules. */
async function withNode(settings: NodeSettings): Promise<ContacthubClient> {
  const workspace = await test.addWorkspace();
  await new Store(test, workspace).setNode('contacthub', settings);
  return new ContacthubClient(test, workspace);
}

const byEmail = { properties: ['base.contacts.email'], caseSensitive: false };

describe('POST /customers', () => {
  it('answers 201 with the customer in full', async () => {
    const body = {
      externalId: 'ext-1',
      nodeId: client.nodeId,
      base: {
        firstName: 'Ann',
        dob: '1980-02-29',
        contacts: { email: 'Full@Example.com', mobilePhone: '0612345678' },
        subscriptions: [{ id: 'news', subscribed: true, startDate: '2024-01-01T00:00:00+0100' }],
      },
      consents: { disclaimer: { date: '2024-01-01T10:00:00Z' }, softSpam: { email: { status: true } } },
      extended: { membership_card_nr: 'ABC123' },
      extra: 'free',
      tags: { auto: ['a', 'a'], manual: [] },
    };
    const { status, body: customer } = await post(body);
    assert.equal(status, 201);
    assert.match(customer.id, /^[0-9a-f-]{36}$/);
    assert.equal(typeof customer.intId, 'number');
    assert.equal(customer.nodeId, client.nodeId);
    assert.equal(customer.externalId, 'ext-1');
    assert.equal(customer.base.contacts.email, 'Full@Example.com');
    assert.equal(customer.base.lastName, null);
    assert.equal(customer.base.address, null);
    assert.deepEqual(customer.base.jobs, []);
    assert.equal(customer.base.subscriptions[0].startDate, '2023-12-31T23:00:00.000+0000');
    assert.equal(customer.consents.disclaimer.date, '2024-01-01T10:00:00.000+0000');
    assert.equal(customer.consents.softSpam.email.status, true);
    assert.equal(customer.consents.softSpam.papery, null);
    assert.deepEqual(customer.extended, { membership_card_nr: 'ABC123' });
    assert.deepEqual(customer.tags, { auto: ['a'], manual: [] });
    assert.equal(customer.enabled, true);
    assert.equal(customer.deleted, 0);
    assert.match(customer.registeredAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
    assert.ok(customer.sourceInfo.registeredBy);
    assert.deepEqual((await client.call('GET', `/customers/${customer.id}`)).body, customer);
    assert.equal(JSON.stringify(customer).includes('error'), false, 'a client looks for that text');
  });

  it('merges into the customer that the policy finds', async () => {
    const first = await client.create('merge@example.com', {
      base: { firstName: 'A', lastName: 'B', subscriptions: [{ id: 's', subscribed: true, name: 'S' }] },
      tags: { manual: ['x'] },
    });
    const { status, body: merged } = await post({
      nodeId: client.nodeId,
      base: {
        firstName: 'C',
        contacts: { email: 'MERGE@example.com' },
        subscriptions: [{ id: 's', subscribed: false }],
      },
      tags: { manual: ['y', 'x'] },
    });
    assert.equal(status, 201);
    assert.equal(merged.id, first.id);
    assert.equal(merged.base.firstName, 'C');
    assert.equal(merged.base.lastName, 'B');
    assert.deepEqual(merged.tags.manual, ['x', 'y']);
    assert.deepEqual(merged.base.subscriptions, [
      { ...unsaid.subscriptions, id: 's', subscribed: false, name: 'S' },
    ]);
    assert.equal(merged.version, first.version + 1);
    const same = await client.create('merge@example.com');
    assert.equal(same.version, merged.version + 1, 'the case of the address is another value');
    assert.equal((await client.create('merge@example.com')).version, same.version);
  });

  it('makes one customer of posts that come at once', async () => {
    const posts = Array.from({ length: 20 }, (_, index) =>
      client.create('at-once@example.com', { tags: { auto: [`t${index}`] } }),
    );
    const ids = new Set((await Promise.all(posts)).map((customer) => customer.id));
    assert.equal(ids.size, 1);
    const [id] = ids;
    assert.equal((await client.call('GET', `/customers/${id}`)).body.tags.auto.length, 20);
  });

  it('answers each write with the customer as that write left it, however many come at once', async () => {
    const posts = Array.from({ length: 300 }, (_, number) =>
      client.create('at-once@example.com', { base: { firstName: `Ann ${number}` } }),
    );
    const answers = await Promise.all(posts);
    assert.deepEqual(
      answers.map(({ base }) => base.firstName),
      answers.map((_, number) => `Ann ${number}`),
    );
    assert.equal(new Set(answers.map(({ id }) => id)).size, 1);
    assert.equal(new Set(answers.map(({ version }) => version)).size, answers.length);
    const last = answers.reduce((one, other) => (one.version > other.version ? one : other));
    assert.deepEqual((await client.call('GET', `/customers/${last.id}`)).body, last);
  });

  it('takes one own id for several customers', async () => {
    const first = await client.create('ext-a@example.com', { externalId: 'same' });
    const second = await client.create('ext-b@example.com', { externalId: 'same' });
    assert.notEqual(first.id, second.id);
  });

  it('refuses a customer without a unique property, as the vendor does', async () => {
    const reply = await post({ nodeId: client.nodeId, base: { firstName: 'A' } });
    assert.equal(reply.status, 400);
    assert.equal(reply.body.message, 'source customer is not valid');
    assert.deepEqual(reply.body.errors, [
      {
        path: '/base/contacts/email',
        message: 'unique customer property is required',
        code: null,
        data: null,
      },
    ]);
  });

  it('refuses an empty body, unknown properties, wrong values and text that can not be stored', async () => {
    const base = { contacts: { email: 'bad@example.com' } };
    const bodies: [unknown, string][] = [
      [{}, '/nodeId'],
      [{ nodeId: client.nodeId, base: { ...base, nickname: 'x' } }, '/base/nickname'],
      [{ nodeId: client.nodeId, base: { contacts: { email: 'nonsense' } } }, '/base/contacts/email'],
      [{ nodeId: client.nodeId, base: { ...base, firstName: 'x'.repeat(256) } }, '/base/firstName'],
      [{ nodeId: client.nodeId, base: { ...base, firstName: 'a\u0000' } }, '/base/firstName'],
      [{ nodeId: client.nodeId, base, extended: { a: 'b\ud800' } }, '/extended/a'],
      [{ nodeId: client.nodeId, base, extended: { 'b\udc00': 1 } }, '/extended/b\ufffd'],
      [{ nodeId: client.nodeId, base, tags: { manual: ['\u{1f600}', '\ude00\ud83d'] } }, '/tags/manual/1'],
      [{ nodeId: client.nodeId, base, tags: { manual: ['\u{1f600}'.repeat(1001)] } }, '/tags/manual'],
    ];
    for (const [body, path] of bodies) {
      const reply = await post(body);
      assert.equal(reply.status, 400, path);
      assert.equal(reply.body.errors[0].path, path);
    }
    assert.equal((await client.call('POST', '/customers')).status, 400);
    const big = await post({ nodeId: client.nodeId, base, extra: 'x'.repeat(65_536) });
    assert.equal(big.status, 413);
  });

  it('counts and keeps a character beyond 16 bits as one, in names and in values', async () => {
    const tags = { auto: [], manual: ['\u{1f600}'.repeat(1000)] };
    const customer = await client.create('smile@example.com', {
      tags,
      extended: { '\u{1f600}': '\u{1f600}' },
    });
    assert.deepEqual(customer.tags, tags);
    assert.deepEqual(customer.extended, { '\u{1f600}': '\u{1f600}' });
  });

  it('answers 404 for a node that is not there', async () => {
    const nodeId = '0191c2a0-0000-7000-8000-000000000000';
    const reply = await post({ nodeId, base: { contacts: { email: 'a@example.com' } } });
    assert.equal(reply.status, 404);
    assert.equal(reply.body.message, `node not found ${nodeId}`);
  });

  it('answers 409 with the customer where the policy blocks', async () => {
    const other = await withNode({ uniqueCustomer: byEmail, uniquenessPolicy: 'BLOCK' });
    const first = await other.create('block@example.com');
    const reply = await other.call('POST', '/customers', {
      nodeId: other.nodeId,
      base: { firstName: 'New', contacts: { email: 'Block@example.com' } },
    });
    assert.equal(reply.status, 409);
    assert.equal(reply.body.message, `Conflict with exiting customer ${first.id}`);
    assert.equal(reply.body.data.customer.id, first.id);
    assert.match(reply.body.data.customer.href, new RegExp(`^http://.+/customers/${first.id}$`));
    assert.equal((await other.call('GET', `/customers/${first.id}`)).body.base.firstName, null);
  });

  it('does not name that customer to a source that is not trusted', async () => {
    const other = await withNode({ uniqueCustomer: byEmail, uniquenessPolicy: 'BLOCK' });
    const { id } = await other.create('known@example.com');
    const body = { nodeId: other.nodeId, base: { contacts: { email: 'known@example.com' } } };
    const token = await other.tokenOf('UNTRUSTED_APPLICATION');
    const reply = await other.call('POST', '/customers', body, { token });
    assert.equal(reply.status, 409);
    assert.equal(reply.body.data, null);
    assert.equal(JSON.stringify(reply.body).includes(id), false);
  });

  it('lets everybody in where nothing is checked, and minds the case where it is told to', async () => {
    const open = await withNode({ uniqueCustomer: byEmail, uniquenessPolicy: 'NO_CHECK' });
    assert.notEqual((await open.create('a@example.com')).id, (await open.create('a@example.com')).id);
    const strict = await withNode({ uniqueCustomer: { ...byEmail, caseSensitive: true } });
    assert.notEqual((await strict.create('a@example.com')).id, (await strict.create('A@example.com')).id);
  });

  it('wants the mandatory properties of the node', async () => {
    const other = await withNode({ uniqueCustomer: byEmail, mandatoryProperties: ['base.firstName'] });
    const body = { nodeId: other.nodeId, base: { contacts: { email: 'a@example.com' } } };
    const reply = await other.call('POST', '/customers', body);
    assert.equal(reply.status, 400);
    assert.equal(reply.body.errors[0].path, '/base/firstName');
  });
});

describe('GET /customers/{customerId}', () => {
  it('answers 404 for an unknown id, also of another form', async () => {
    for (const id of ['123', 'not-existing', '0191c2a0-0000-7000-8000-000000000000']) {
      const reply = await client.call('GET', `/customers/${id}`);
      assert.equal(reply.status, 404);
      assert.deepEqual(Object.keys(reply.body).sort(), ['data', 'errors', 'logref', 'message']);
    }
  });

  it('shows two customers that were joined as one, by either id', async () => {
    const first = await client.create('joined-1@example.com', { base: { firstName: 'A', lastName: 'L' } });
    const second = await client.create('joined-2@example.com', { base: { firstName: 'B' } });
    const body = { first: first.id, second: second.id };
    assert.equal((await test.native.call('POST', '/links', { body })).status, 201);
    const shown = (await client.call('GET', `/customers/${second.id}`)).body;
    assert.equal(shown.id, first.id);
    assert.equal(shown.base.firstName, 'B');
    assert.equal(shown.base.lastName, 'L');
    assert.deepEqual((await client.call('GET', `/customers/${first.id}`)).body, shown);
    const back = await client.call('PUT', `/customers/${first.id}`, shown);
    assert.equal(back.status, 200, 'the shown address is that of its own other half');
    const find = async (firstName: string): Promise<string[]> => {
      const condition = { type: 'atomic', attribute: 'base.firstName', operator: 'EQUALS', value: firstName };
      const query = JSON.stringify({ query: { type: 'simple', are: { condition } } });
      const search = `/customers?nodeId=${client.nodeId}&query=${encodeURIComponent(query)}`;
      const found = (await client.call('GET', search)).body.elements;
      return found.map((customer: { id: string }) => customer.id);
    };
    assert.deepEqual(await find('B'), [first.id]);
    assert.equal((await find('A')).includes(first.id), false, 'what is not shown is not found');
  });
});

describe('PATCH /customers/{customerId}', () => {
  it('changes only what is given', async () => {
    const { id } = await client.create('patch@example.com', {
      base: {
        firstName: 'A',
        jobs: [{ id: '1' }],
        subscriptions: [{ id: 's', subscribed: true, name: 'S' }],
      },
      consents: { thirdPartyTransfer: { profiling: { status: true } } },
      tags: { manual: ['a'] },
    });
    const patched = await client.call('PATCH', `/customers/${id}`, {
      id,
      base: {
        contacts: { phone: '0612345678' },
        jobs: [{ id: '2' }, { id: '2' }],
        subscriptions: [{ id: 't', subscribed: true }],
      },
      consents: { softSpam: { email: { status: true } } },
      tags: { manual: ['b'] },
    });
    assert.equal(patched.status, 200);
    const { base, consents, tags } = patched.body;
    assert.equal(base.firstName, 'A');
    assert.equal(base.contacts.email, 'patch@example.com');
    assert.deepEqual(base.jobs, [{ ...unsaid.jobs, id: '2' }]);
    assert.deepEqual(
      base.subscriptions.map((subscription: { id: string }) => subscription.id),
      ['s', 't'],
    );
    assert.equal(consents.thirdPartyTransfer.profiling.status, true);
    assert.equal(consents.softSpam.email.status, true);
    assert.deepEqual(tags.manual, ['b']);
    const strict = await client.call('PATCH', `/customers/${id}?mode=STRICT`, {
      base: { subscriptions: [{ id: 't', subscribed: false }] },
    });
    assert.deepEqual(strict.body.base.subscriptions, [
      { ...unsaid.subscriptions, id: 't', subscribed: false },
    ]);
    assert.equal((await client.call('PATCH', `/customers/${id}?mode=LAX`, {})).status, 400);
  });

  it('refuses another value of an immutable key, and takes an equal one', async () => {
    const customer = await client.create('immutable@example.com');
    const path = `/customers/${customer.id}`;
    const whole = await client.call('PATCH', path, customer);
    assert.equal(whole.status, 200);
    assert.deepEqual(whole.body, customer);
    const inZ = { registeredAt: customer.registeredAt.replace('+0000', 'Z') };
    assert.equal((await client.call('PATCH', path, inZ)).status, 200);
    const other = '0191c2a0-0000-7000-8000-000000000000';
    const changes = [
      { id: other },
      { nodeId: other },
      { intId: 999_999 },
      { version: 999 },
      { registeredAt: '2001-01-01T00:00:00Z' },
      { updatedAt: '2001-01-01T00:00:00Z' },
      { deleted: 1 },
      { sourceInfo: { registeredBy: 'x' } },
    ];
    for (const change of changes) {
      const reply = await client.call('PATCH', path, change);
      assert.equal(reply.status, 400, JSON.stringify(change));
      assert.equal(reply.body.errors[0].path, `/${Object.keys(change)[0]}`);
    }
  });

  it('does not take away a unique property', async () => {
    const { id } = await client.create('kept@example.com');
    for (const base of [{ contacts: { email: null } }, { contacts: null }]) {
      const reply = await client.call('PATCH', `/customers/${id}`, { base });
      assert.equal(reply.status, 400);
      assert.equal(reply.body.errors[0].message, 'unique customer property is required');
    }
  });

  it('answers 409 when it would take the key of another customer, also when both are changed at once', async () => {
    const first = await client.create('key-1@example.com');
    const second = await client.create('key-2@example.com');
    const take = (id: string, email: string) =>
      client.call('PATCH', `/customers/${id}`, { base: { contacts: { email } } });
    const reply = await take(second.id, 'KEY-1@example.com');
    assert.equal(reply.status, 409);
    assert.equal(reply.body.data.customer.id, first.id);
    const shown = (await client.call('GET', `/customers/${second.id}`)).body;
    assert.equal(shown.base.contacts.email, 'key-2@example.com');
    const both = await Promise.all([take(first.id, 'new@example.com'), take(second.id, 'new@example.com')]);
    assert.deepEqual(both.map((one) => one.status).sort(), [200, 409]);
  });

  it('lets go of the old key and is found by the new one', async () => {
    const { id } = await client.create('old-key@example.com');
    await client.call('PATCH', `/customers/${id}`, { base: { contacts: { email: 'new-key@example.com' } } });
    assert.equal((await client.create('new-key@example.com')).id, id);
    assert.notEqual((await client.create('old-key@example.com')).id, id);
  });

  it('answers 404 for a customer that is not there', async () => {
    assert.equal((await client.call('PATCH', '/customers/not-existing', { extra: 'x' })).status, 404);
  });
});

describe('PUT /customers/{customerId}', () => {
  it('keeps what is missing, treats collections as sets, and takes back what was shown', async () => {
    const customer = await client.create('put@example.com', {
      base: { lastName: 'L' },
      tags: { auto: ['a'] },
    });
    const path = `/customers/${customer.id}`;
    await client.call('PATCH', path, { extra: 'moved on' });
    const put = await client.call('PUT', path, {
      ...customer,
      extra: 'put',
      tags: { auto: ['b'], manual: [] },
    });
    assert.equal(put.status, 200, 'version and updatedAt of an older reading are ignored');
    assert.equal(put.body.base.lastName, 'L');
    assert.equal(put.body.extra, 'put');
    assert.deepEqual(put.body.tags.auto, ['b']);
    assert.deepEqual((await client.call('GET', path)).body, put.body);
  });

  it('answers 404 for an id of another form, whatever the body says', async () => {
    for (const body of [{ extra: 7 }, { unknown: 'x' }, {}])
      assert.equal((await client.call('PUT', '/customers/not-existing', body)).status, 404);
  });

  it('takes the empty lists that PHP writes for empty maps', async () => {
    const { id } = await client.create('php-put@example.com');
    const base = { contacts: { email: 'php-put@example.com' }, address: [] };
    const body = { nodeId: client.nodeId, base, extended: [], consents: [] };
    const put = await client.call('PUT', `/customers/${id}`, body);
    assert.equal(put.status, 200, JSON.stringify(put.body));
    assert.equal((await client.call('PATCH', `/customers/${id}`, { base: [1] })).status, 400);
  });

  it('wants node and unique properties', async () => {
    const { id } = await client.create('put-required@example.com');
    const path = `/customers/${id}`;
    assert.equal((await client.call('PUT', path, { extra: 'x' })).body.errors[0].path, '/nodeId');
    const reply = await client.call('PUT', path, { nodeId: client.nodeId, extra: 'x' });
    assert.equal(reply.status, 400);
    assert.equal(reply.body.errors[0].path, '/base/contacts/email');
  });
});

describe('what the customer has in common with others', () => {
  it('makes it one person with a profile of another dialect, by e-mail or phone', async () => {
    await sendWebengage(test, test.workspace, { userId: 'u1', phone: '+33698765432' });
    const { id } = await client.create('person@example.com', {
      base: { contacts: { mobilePhone: '06 98 76 54 32' } },
    });
    assert.equal((await test.native.read(`/people/${id}`)).profileCount, 2);
  });
});
