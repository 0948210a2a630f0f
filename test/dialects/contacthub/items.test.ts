import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { ContacthubClient, unsaid } from './client.ts';

const test = await useApp();
const client = new ContacthubClient(test);

let customers = 0;
async function newCustomer(body: { base?: object } = {}): Promise<string> {
  return (await client.create(`items-${++customers}@example.com`, body)).id;
}

const kinds = [
  {
    list: 'educations',
    noun: 'education',
    created: 200,
    item: { schoolType: 'COLLEGE', schoolName: 'Politecnico', startYear: 2001, isCurrent: false },
    change: { schoolName: 'Politecnico di Milano' },
    wrong: { member: { startYear: 'x' }, path: '/startYear' },
  },
  {
    list: 'likes',
    noun: 'like',
    created: 200,
    item: { category: 'Music', name: 'Jazz', createdTime: '2020-01-01T00:00:00.000+0000' },
    change: { name: 'Blues' },
    wrong: { member: { createdTime: 'yesterday' }, path: '/createdTime' },
  },
  {
    list: 'jobs',
    noun: 'job',
    created: 200,
    item: { companyName: 'Acme', jobTitle: 'Smith', startDate: '2010-05-01' },
    change: { jobTitle: 'Owner' },
    wrong: { member: { jobTitle: 'x'.repeat(256) }, path: '/jobTitle' },
  },
  {
    list: 'subscriptions',
    noun: 'subscription',
    created: 201,
    item: { subscribed: true, name: 'News', preferences: [{ key: 'k', value: 'v' }] },
    change: { subscribed: false },
    wrong: { member: { subscribed: 'yes' }, path: '/subscribed' },
  },
] as const;

for (const { list, noun, created, item, change, wrong } of kinds) {
  describe(`${list} of a customer`, () => {
    it('are made, shown, modified and deleted by their id', async () => {
      const customer = await newCustomer();
      const at = `/customers/${customer}/${list}`;
      const one = { id: 'an item_1', ...item };
      const made = await client.call('POST', at, one);
      assert.equal(made.status, created);
      const whole = { ...unsaid[list], ...one };
      assert.deepEqual(made.body, whole);
      assert.deepEqual((await client.call('GET', `${at}/an%20item_1`)).body, whole);
      const other = await client.call('POST', at, { ...one, id: 'two' });
      assert.equal(other.status, created);
      const replaced = await client.call('PUT', `${at}/an%20item_1`, { ...one, ...change });
      assert.equal(replaced.status, 200);
      assert.deepEqual(replaced.body, { ...whole, ...change });
      const shown = await client.call('GET', `/customers/${customer}`);
      assert.deepEqual(
        shown.body.base[list].map(({ id }: { id: string }) => id),
        ['an item_1', 'two'],
      );
      assert.deepEqual(shown.body.base[list][0], { ...whole, ...change });
      const removed = await client.call('DELETE', `${at}/an%20item_1`);
      assert.deepEqual([removed.status, removed.body], [200, {}]);
      assert.equal((await client.call('GET', `${at}/an%20item_1`)).status, 404);
      assert.equal((await client.call('DELETE', `${at}/an%20item_1`)).status, 404);
      assert.equal((await client.call('GET', `${at}/two`)).status, 200);
    });

    it('say what is wrong in the vendor form, and where', async () => {
      const customer = await newCustomer();
      const at = `/customers/${customer}/${list}`;
      const refused = await client.call('POST', at, { id: 'x', ...item, ...wrong.member });
      assert.equal(refused.status, 400);
      assert.deepEqual(Object.keys(refused.body).sort(), ['data', 'errors', 'logref', 'message']);
      assert.equal(refused.body.message, `source ${noun} is not valid`);
      assert.equal(refused.body.errors[0].path, wrong.path);
      const unknown = await client.call('POST', at, { id: 'x', ...item, colour: 'red' });
      assert.equal(unknown.body.errors[0].path, '/colour');
      assert.equal((await client.call('POST', at, { id: 'x', ...item, name: 'a\u0000b' })).status, 400);
      assert.equal((await client.call('POST', at, [])).status, 400);
      const missing = await client.call('PUT', `${at}/x`, { id: 'x', ...item });
      assert.deepEqual([missing.status, missing.body.message], [404, `${noun} not found x`]);
      await client.call('POST', at, { id: 'x', ...item });
      const moved = await client.call('PUT', `${at}/x`, { id: 'y', ...item });
      assert.deepEqual([moved.status, moved.body.errors[0].path], [400, '/id']);
      for (const nobody of ['123', '00000000-0000-4000-8000-000000000000']) {
        const reply = await client.call('POST', `/customers/${nobody}/${list}`, { id: 'x', ...item });
        assert.equal(reply.status, 404);
      }
    });

    it('lose none of many writes at once', async () => {
      const customer = await newCustomer();
      const at = `/customers/${customer}/${list}`;
      const ids = Array.from({ length: 25 }, (_, index) => `i${index}`);
      await Promise.all(ids.map((id) => client.call('POST', at, { id, ...item })));
      await Promise.all([
        ...ids.slice(0, 12).map((id) => client.call('PUT', `${at}/${id}`, { id, ...item, ...change })),
        ...ids.slice(20).map((id) => client.call('DELETE', `${at}/${id}`)),
      ]);
      const { body } = await client.call('GET', `/customers/${customer}`);
      const left = new Map(body.base[list].map((one: { id: string }) => [one.id, one]));
      assert.equal(left.size, 20);
      for (const id of ids.slice(0, 12))
        assert.deepEqual(left.get(id), { ...unsaid[list], id, ...item, ...change });
    });
  });
}

describe('an item', () => {
  it('gets an id where it has none, but a subscription, which must have one', async () => {
    const customer = await newCustomer();
    const { body } = await client.call('POST', `/customers/${customer}/jobs`, { companyName: 'Acme' });
    assert.match(body.id, /^[0-9a-f-]{36}$/);
    assert.equal((await client.call('GET', `/customers/${customer}/jobs/${body.id}`)).status, 200);
    const put = await client.call('PUT', `/customers/${customer}/jobs/${body.id}`, { companyName: 'B' });
    assert.deepEqual(put.body, { ...unsaid.jobs, id: body.id, companyName: 'B' });
    const refused = await client.call('POST', `/customers/${customer}/subscriptions`, { subscribed: true });
    assert.deepEqual([refused.status, refused.body.errors[0].path], [400, '/id']);
    // One client leaves the id to the path.
    await client.call('POST', `/customers/${customer}/subscriptions`, { id: 's', subscribed: true });
    const named = await client.call('PUT', `/customers/${customer}/subscriptions/s`, { subscribed: false });
    assert.deepEqual([named.status, named.body.id, named.body.subscribed], [200, 's', false]);
  });

  it('that is sent back as it was shown changes nothing', async () => {
    const base = {
      jobs: [{ companyName: 'Acme' }],
      educations: [{ id: 'e' }],
      subscriptions: [{ id: 's', subscribed: true }],
      contacts: { otherContacts: [{ name: 'Work' }], mobileDevices: [{ identifier: 'd' }] },
    };
    const customer = await client.create('sent-back@example.com', { base });
    assert.deepEqual(customer.base.jobs, [{ ...unsaid.jobs, companyName: 'Acme' }]);
    // One client takes the types of these absent, but not null.
    assert.deepEqual(customer.base.contacts.otherContacts, [{ name: 'Work' }]);
    assert.deepEqual(customer.base.contacts.mobileDevices, [{ identifier: 'd' }]);
    for (const method of ['PUT', 'PATCH'] as const) {
      const { status, body } = await client.call(method, `/customers/${customer.id}`, customer);
      assert.deepEqual([status, body], [200, customer]);
    }
    const again = await client.create('sent-back@example.com', { base: customer.base });
    assert.deepEqual(again, customer);
  });

  it('loses what is cleared', async () => {
    const customer = await newCustomer();
    const at = `/customers/${customer}/subscriptions`;
    await client.call('POST', at, { id: 's', subscribed: true, name: 'S', preferences: [{ key: 'k' }] });
    const { body } = await client.call('PUT', `${at}/s`, { subscribed: true, name: null, preferences: [] });
    assert.deepEqual(body, { ...unsaid.subscriptions, id: 's', subscribed: true });
  });

  it('of an id that a subscription can not have is refused', async () => {
    const customer = await newCustomer();
    const at = `/customers/${customer}/subscriptions`;
    for (const id of ['', ' a', 'a ', '_a', '-a', 'a.b', 'a/b', 'x'.repeat(256)]) {
      const reply = await client.call('POST', at, { id, subscribed: true });
      assert.deepEqual([reply.status, reply.body.errors?.[0]?.path], [400, '/id'], id);
    }
    for (const id of ['a', '1', 'a b', 'A-1_c', 'x'.repeat(255), 'é'])
      assert.equal((await client.call('POST', at, { id, subscribed: true })).status, 201, id);
    assert.equal((await client.call('GET', `${at}/${'x'.repeat(255)}`)).status, 200);
  });

  it('keeps what a subscription does not say, and drops what another item does not', async () => {
    const customer = await newCustomer();
    const subscription = `/customers/${customer}/subscriptions`;
    await client.call('POST', subscription, { id: 's', subscribed: true, name: 'S' });
    await client.call('POST', subscription, { id: 's', subscribed: false });
    const { body } = await client.call('PUT', `${subscription}/s`, { id: 's', subscribed: true, type: 't' });
    assert.deepEqual(body, { ...unsaid.subscriptions, id: 's', subscribed: true, name: 'S', type: 't' });
    await client.call('POST', `/customers/${customer}/likes`, { id: 'l', name: 'L' });
    const like = await client.call('PUT', `/customers/${customer}/likes/l`, { id: 'l', category: 'c' });
    assert.deepEqual(like.body, { ...unsaid.likes, id: 'l', category: 'c' });
  });

  it('moves the version and the date of the customer', async () => {
    const customer = await client.create('versioned@example.com');
    await client.call('POST', `/customers/${customer.id}/jobs`, { id: 'j' });
    const { body } = await client.call('GET', `/customers/${customer.id}`);
    assert.equal(body.version, customer.version + 1);
    await client.call('POST', `/customers/${customer.id}/jobs`, { id: 'j' });
    assert.equal((await client.call('GET', `/customers/${customer.id}`)).body.version, body.version);
  });

  it('is not taken beyond a thousand, and says so', async () => {
    const jobs = Array.from({ length: 1000 }, (_, index) => ({ id: `j${index}` }));
    const customer = await newCustomer({ base: { jobs } });
    const at = `/customers/${customer}/jobs`;
    assert.equal((await client.call('POST', at, { id: 'one more' })).status, 400);
    assert.equal((await client.call('POST', at, { id: 'j7', jobTitle: 'known' })).status, 200);
  });

  it('of a merged customer is found and written whichever of them has it', async () => {
    const [first, second] = [await newCustomer(), await newCustomer()];
    await client.call('POST', `/customers/${first}/jobs`, { id: 'a' });
    await client.call('POST', `/customers/${second}/jobs`, { id: 'b' });
    const joined = await client.native.call('POST', '/links', { body: { first, second } });
    assert.equal(joined.status, 201);
    const shown = (await client.call('GET', `/customers/${first}`)).body.base.jobs;
    await client.call('POST', `/customers/${first}/jobs`, { id: 'c' });
    const { body } = await client.call('GET', `/customers/${second}`);
    assert.deepEqual(body.base.jobs, [...shown, { ...unsaid.jobs, id: 'c' }]);
  });
});

describe('the sources of a customer', () => {
  it('have each what it said itself', async () => {
    const { adminToken } = client.workspace.credentials.contacthub;
    const customer = await client.create('sources@example.com', {
      base: { firstName: 'Ann', jobs: [{ id: 'j' }] },
    });
    const at = `/customers/${customer.id}/sources`;
    const alone = await client.call('GET', at);
    assert.equal(alone.body.elements.length, 1);
    assert.equal(alone.body.elements[0].id, customer.sourceInfo.registeredBy);
    assert.equal(alone.body.elements[0].base.firstName, 'Ann');
    const said = { base: { firstName: 'Anna' }, tags: { manual: ['vip'] } };
    const { body: patched } = await client.call('PATCH', `/customers/${customer.id}`, said, {
      token: adminToken,
    });
    await client.call('POST', `/customers/${customer.id}/jobs`, { id: 'k' }, { token: adminToken });
    assert.deepEqual((await client.call('GET', `/customers/${customer.id}`)).body.base.jobs, [
      { ...unsaid.jobs, id: 'j' },
      { ...unsaid.jobs, id: 'k' },
    ]);
    const { body } = await client.call('GET', at);
    const bySource = new Map(body.elements.map((copy: { id: string }) => [copy.id, copy]));
    assert.equal(bySource.size, 2);
    const [own, theirs] = [
      await client.call('GET', `${at}/${customer.sourceInfo.registeredBy}`),
      await client.call('GET', `${at}/${patched.sourceInfo.updatedBy}`),
    ];
    assert.equal(own.body.base.firstName, 'Ann');
    assert.deepEqual(own.body.base.jobs, [{ ...unsaid.jobs, id: 'j' }]);
    assert.equal(own.body.tags, null);
    assert.equal(theirs.body.base.firstName, 'Anna');
    assert.deepEqual(theirs.body.base.jobs, [{ ...unsaid.jobs, id: 'k' }]);
    assert.equal(theirs.body.base.contacts, null);
    assert.deepEqual(theirs.body.tags.manual, ['vip']);
    assert.equal(theirs.body.nodeId, client.nodeId);
    assert.match(theirs.body.updatedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
    assert.deepEqual(bySource.get(patched.sourceInfo.updatedBy), theirs.body);
    assert.equal((await client.call('GET', `${at}/nobody`)).status, 404);
    assert.equal((await client.call('GET', '/customers/123/sources')).status, 404);
  });
});
