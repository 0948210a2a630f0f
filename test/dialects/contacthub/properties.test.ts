import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import { ContacthubClient, type Reply } from './client.ts';

const test = await useApp({ freshWorkspace: true });
const client = new ContacthubClient(test);

const asAdmin = () => ({ token: client.credentials.contacthub.adminToken });

async function set(name: string, value: boolean): Promise<void> {
  const path = `/customers/properties/base/${name}/enabled`;
  assert.deepEqual(await client.configure('PUT', path, { value }), { value });
  await test.app.services.jobs.settle();
}

const statesOf = ({ elements }: Reply['body']): Record<string, boolean> =>
  Object.fromEntries(
    elements.map(({ name, enabled }: { name: string; enabled: boolean }) => [name, enabled]),
  );

const search = (attribute: string, value: unknown) => {
  const are = { condition: { type: 'atomic', attribute, operator: 'EQUALS', value } };
  const query = encodeURIComponent(JSON.stringify({ query: { type: 'simple', are } }));
  return client.call('GET', `/customers?nodeId=${client.nodeId}&query=${query}`);
};

const whole = {
  firstName: 'Ann',
  contacts: { email: 'ann@example.com', fax: '123', otherContacts: [{ name: 'n', value: 'v' }] },
  address: { city: 'Rome', geo: { lat: 1, lon: 2 } },
  likes: [{ id: 'l1', name: 'Tea' }],
};

describe('the base properties of customers', () => {
  it('are listed with what they are and whether they are enabled, and set one by one in two ways', async () => {
    const { elements, ...rest } = await client.configure('GET', '/properties/base');
    assert.deepEqual(rest, {});
    assert.equal(elements.length, 41);
    assert.ok(elements.every(({ enabled }: { enabled: boolean }) => enabled));
    const fax = { name: 'contacts.fax', description: 'The fax number of the customer', enabled: true };
    assert.ok(elements.some((one: object) => JSON.stringify(one) === JSON.stringify(fax)));
    const off = { ...fax, enabled: false };
    assert.deepEqual(await client.configure('PUT', '/properties/base/contacts.fax', off), off);
    assert.deepEqual(await client.configure('PUT', '/properties/base/title', { enabled: false }), {
      name: 'title',
      description: 'The professional or academic title of the customer',
      enabled: false,
    });
    const { dialects } = await client.native.read('');
    assert.deepEqual(dialects.contacthub.disabledBaseProperties, ['contacts.fax', 'title']);
    await set('title', true);
    const states = statesOf(await client.configure('GET', '/properties/base'));
    assert.deepEqual(
      Object.keys(states).filter((name) => !states[name]),
      ['contacts.fax'],
    );
  });

  it('that are disabled are refused, neither shown nor searched, and stay as they are stored', async () => {
    const { id } = await client.create('ann@example.com', { base: whole });
    await set('contacts.fax', false);
    await set('address', false);
    await set('likes', false);
    const { body: shown } = await client.call('GET', `/customers/${id}`);
    assert.deepEqual(
      [shown.base.contacts.fax, shown.base.address, shown.base.likes, shown.base.firstName],
      [null, null, [], 'Ann'],
    );
    const write = (base: object) => client.call('PATCH', `/customers/${id}`, { base });
    for (const [base, path] of [
      [{ contacts: { fax: '9' } }, '/base/contacts/fax'],
      [{ address: { city: 'Oslo' } }, '/base/address/city'],
      [{ address: { geo: { lat: 3, lon: 4 } } }, '/base/address/geo'],
      [{ likes: [{ id: 'l2' }] }, '/base/likes'],
    ] as const) {
      const reply = await write(base);
      assert.deepEqual([reply.status, reply.body.errors[0].path], [400, path]);
      assert.equal(reply.body.errors[0].message, 'is disabled in this workspace');
    }
    const post = await client.call('POST', '/customers', { nodeId: client.nodeId, base: whole });
    assert.equal(post.status, 400);
    for (const [method, path, body] of [
      ['POST', '/likes', { id: 'l3' }],
      ['PUT', '/likes/l1', { id: 'l1' }],
      ['DELETE', '/likes/l1'],
    ] as const)
      assert.equal((await client.call(method, `/customers/${id}${path}`, body)).status, 400, method);
    assert.equal((await client.call('GET', `/customers/${id}/likes/l1`)).status, 404);
    for (const [path, value] of [
      ['base.contacts.fax', '123'],
      ['base.address.city', 'Rome'],
      ['base.address.geo.lat', 1],
      ['base.likes.name', 'Tea'],
    ] as const)
      assert.equal((await search(path, value)).status, 400, path);
    const sorted = await client.call('GET', `/customers?nodeId=${client.nodeId}&sort=base.contacts.fax`);
    assert.equal(sorted.status, 400);
    // What was shown is sent back, with null in the place of what is disabled: nothing is lost by it.
    const { body: current } = await client.call('GET', `/customers/${id}`);
    assert.equal((await client.call('PUT', `/customers/${id}`, current)).status, 200);
    assert.equal((await write({ address: null, contacts: { fax: null }, likes: [] })).status, 200);
    const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
    assert.ok(checks.every(({ ok }) => ok));
    for (const name of ['contacts.fax', 'address', 'likes']) await set(name, true);
    const { body: back } = await client.call('GET', `/customers/${id}`);
    assert.deepEqual(
      [back.base.contacts.fax, back.base.address.city, back.base.address.geo, back.base.likes[0].name],
      ['123', 'Rome', { lat: 1, lon: 2 }, 'Tea'],
    );
    const found = await search('base.address.city', 'Rome');
    assert.deepEqual(
      found.body.elements.map((one: { id: string }) => one.id),
      [id],
    );
  });

  it('within one that is disabled are not taken either, and half of a value takes the whole of it', async () => {
    await set('address.geo.lat', false);
    const { id } = await client.create('half@example.com');
    const geo = { address: { geo: { lat: 1, lon: 2 } } };
    assert.equal((await client.call('PATCH', `/customers/${id}`, { base: geo })).status, 400);
    await set('socialProfile', false);
    const profile = { socialProfile: { facebook: 'f' } };
    assert.equal((await client.call('PATCH', `/customers/${id}`, { base: profile })).status, 400);
    assert.ok(statesOf(await client.configure('GET', '/properties/base'))['socialProfile.facebook']);
  });

  it('that a node needs can not be disabled, and a node can not need one that is', async () => {
    const needed = 'contacts.email can not be disabled';
    for (const [path, body, pointer] of [
      ['/properties/base/contacts.email', { enabled: false }, '/enabled'],
      ['/customers/properties/base/contacts.email/enabled', { value: false }, '/value'],
    ] as const) {
      const reply = await client.call('PUT', `/configuration${path}`, body, asAdmin());
      assert.deepEqual([reply.status, reply.body.errors[0].path], [400, pointer]);
      assert.ok(reply.body.errors[0].message.startsWith(needed));
    }
    const native = await client.native.call('PATCH', '', {
      body: { dialects: { contacthub: { disabledBaseProperties: ['contacts'] } } },
    });
    assert.deepEqual(
      [native.status, native.body.error.path],
      [400, 'body/dialects/contacthub/disabledBaseProperties'],
    );
    await set('title', false);
    const path = `/nodes/entries/${client.nodeId}/unique-customer-matching-policy`;
    const reply = await client.call(
      'PUT',
      `/configuration${path}`,
      { properties: ['base.title'] },
      asAdmin(),
    );
    assert.deepEqual([reply.status, reply.body.errors[0].path], [400, '/properties']);
    const shop = { name: 'Shop', mandatoryProperties: ['base.title'] };
    const made = await client.call('POST', '/configuration/nodes/entries', shop, asAdmin());
    assert.deepEqual([made.status, made.body.errors[0].path], [400, '/mandatoryProperties']);
  });

  it('that are not there, and other forms, are refused', async () => {
    for (const path of ['/properties/base/shoeSize', '/customers/properties/base/shoeSize/enabled']) {
      const body = path.startsWith('/properties') ? { enabled: true } : { value: true };
      assert.equal((await client.call('PUT', `/configuration${path}`, body, asAdmin())).status, 404);
    }
    for (const [path, body, pointer] of [
      ['/properties/base/title', {}, '/enabled'],
      ['/properties/base/title', { enabled: 'no' }, '/enabled'],
      ['/properties/base/title', { enabled: true, name: 'dob' }, '/name'],
      ['/properties/base/title', { enabled: true, description: 'mine' }, '/description'],
      ['/customers/properties/base/title/enabled', { value: null }, '/value'],
      ['/customers/properties/base/title/enabled', { value: true, more: 1 }, '/more'],
    ] as const) {
      const reply = await client.call('PUT', `/configuration${path}`, body, asAdmin());
      assert.deepEqual([reply.status, reply.body.errors[0].path], [400, pointer], JSON.stringify(body));
    }
  });
});

describe('the extended properties of customers', () => {
  const card = { type: 'string', enabled: true, indexed: false, maxLength: 255 };
  const names = { type: 'array', items: { type: 'string' }, enabled: true, indexed: false, maxLength: 1000 };

  it('are the setting that the native API has, and hold from the answer on', async () => {
    assert.deepEqual(await client.configure('GET', '/properties/extended'), {});
    const wanted = { card: { type: 'string' }, names: { type: 'array', items: { type: 'string' } } };
    const shown = await client.configure('PUT', '/properties/extended', wanted);
    assert.deepEqual([shown.card, { ...shown.names, items: names.items }], [card, names]);
    const { dialects } = await client.native.read('');
    assert.deepEqual(dialects.contacthub.extendedProperties, wanted);
    const { id } = await client.create('card@example.com', { extended: { card: 'A' } });
    const refused = await client.call('PATCH', `/customers/${id}`, { extended: { size: 1 } });
    assert.deepEqual([refused.status, refused.body.errors[0].path], [400, '/extended/size']);
    await client.configure('PUT', '/properties/extended', { card: { type: 'string', enabled: false } });
    await test.app.services.jobs.settle();
    assert.equal((await client.call('GET', `/customers/${id}`)).body.extended, null);
    assert.equal((await search('extended.card', 'A')).status, 400);
    assert.deepEqual(await client.configure('PUT', '/properties/extended', {}), {});
    assert.equal((await client.call('PATCH', `/customers/${id}`, { extended: { size: 1 } })).status, 200);
    const { body: back } = await client.call('GET', `/customers/${id}`);
    assert.deepEqual(back.extended, { card: 'A', size: 1 });
  });

  it('are marked as indexed by CLAB_OPERATOR alone, and refused by the pointer of what is wrong', async () => {
    const marked = { card: { type: 'string', indexed: true } };
    const put = (body: unknown, token = client.credentials.contacthub.adminToken) =>
      client.call('PUT', '/configuration/properties/extended', body, { token });
    const refused = await put(marked);
    assert.deepEqual([refused.status, refused.body.errors[0].path], [403, '/card/indexed']);
    assert.equal((await put(marked, client.credentials.contacthub.operatorToken)).status, 200);
    assert.equal((await put({ card: { ...marked.card, label: 'Card' } })).status, 200, 'left as it is');
    assert.equal((await put({ card: { type: 'string' } })).status, 403);
    for (const [body, path] of [
      [{ 'my.card': { type: 'string' } }, '/my.card'],
      [{ card: { type: 'text' } }, '/card/type'],
      [{ card: { type: 'string', maxLength: 6001 } }, '/card/maxLength'],
      [{ card: { type: 'number', mergePolicy: 'ARRAY_UNION' } }, '/card/mergePolicy'],
      [[], ''],
    ] as const) {
      const reply = await put(body);
      assert.deepEqual([reply.status, reply.body.errors[0].path], [400, path], JSON.stringify(body));
    }
  });
});

describe('the schema of customers', () => {
  it('refers to others, or has them in it, with the own extended properties and without what is disabled', async () => {
    const read = (resolved: boolean) =>
      client.configure('GET', `/customers/properties?resolveReferences=${resolved}`);
    const plain = await read(false);
    assert.match(
      plain.properties.base.oneOf[0].$ref,
      /^http.*\/docs\/schema\/base-property\/base-properties\.json$/,
    );
    assert.equal((await read(true)).properties.base.properties.contacts.properties.email.format, 'email');
    const extendedProperties = { card: { type: 'string' }, gone: { type: 'string', enabled: false } };
    await client.native.call('PATCH', '', { body: { dialects: { contacthub: { extendedProperties } } } });
    await set('contacts.fax', false);
    await set('jobs', false);
    for (const schema of [await read(false), await read(true)]) {
      const { base, extended } = schema.properties;
      assert.deepEqual(Object.keys(extended.properties), ['card']);
      assert.ok(!Object.hasOwn(base.properties, 'jobs'));
      assert.ok(Object.hasOwn(base.properties, 'likes'));
      assert.ok(!Object.hasOwn(base.properties.contacts.properties, 'fax'));
    }
    const { likes } = (await read(false)).properties.base.properties;
    assert.match(likes.items.$ref, /like\.json$/);
  });
});
