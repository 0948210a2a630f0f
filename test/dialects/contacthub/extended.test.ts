import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { ContacthubClient } from './client.ts';

const test = await useApp();
const client = new ContacthubClient(test);

const policies = {
  priority: { type: 'string', mergePolicy: 'OBJ_PRIORITY' },
  concatenated: { type: 'string', mergePolicy: 'OBJ_CONCATENATE', maxLength: 8 },
  union: { type: 'array', items: { type: 'string' }, mergePolicy: 'ARRAY_UNION' },
  intersection: { type: 'array', items: { type: 'string' }, mergePolicy: 'ARRAY_INTERSECTION' },
  sum: { type: 'number', mergePolicy: 'MATH_SUM' },
  average: { type: 'integer', mergePolicy: 'MATH_AVG' },
  difference: { type: 'number', mergePolicy: 'MATH_DIFF' },
  least: { type: 'number', mergePolicy: 'MATH_MIN' },
  most: { type: 'number', mergePolicy: 'MATH_MAX' },
};

const plain = {
  deepest: nested(3),
  card: { type: 'string', label: 'Card', indexed: true },
  short: { type: 'string', maxLength: 3 },
  list: { type: 'array', items: { type: 'string' }, maxLength: 5 },
  texts: { type: 'array', items: { type: 'string' } },
  count: { type: 'integer' },
  flag: { type: 'boolean' },
  size: { type: 'object', properties: { height: { type: 'number' } } },
  gone: { type: 'string', enabled: false },
};

/** A text within so many objects; four deep is the most. */
function nested(objects: number): object {
  return objects === 0 ? { type: 'string' } : { type: 'object', properties: { inner: nested(objects - 1) } };
}

function set(extendedProperties: object, other = client) {
  return other.native.call('PATCH', '', { body: { dialects: { contacthub: { extendedProperties } } } });
}

before(async () => {
  const reply = await set({ ...policies, ...plain });
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
});

let customers = 0;
const newAddress = () => `extended-${++customers}@example.com`;

const first = {
  priority: 'a',
  concatenated: 'ab',
  union: ['a', 'b'],
  intersection: ['a', 'b', 'c'],
  sum: 10,
  average: 3,
  difference: 10,
  least: 5,
  most: 5,
};
const second = {
  priority: 'b',
  concatenated: 'cd',
  union: ['b', 'c'],
  intersection: ['c', 'b'],
  sum: 2.5,
  average: 6,
  difference: 4,
  least: 7,
  most: 7,
};
const both = {
  priority: 'b',
  concatenated: 'abcd',
  union: ['a', 'b', 'c'],
  intersection: ['b', 'c'],
  sum: 12.5,
  average: 5,
  difference: 6,
  least: 5,
  most: 7,
};

describe('the merge policies of extended properties', () => {
  it('hold where POST meets a customer who is there', async () => {
    const email = newAddress();
    assert.deepEqual((await client.create(email, { extended: first })).extended, first);
    assert.deepEqual((await client.create(email, { extended: second })).extended, both);
  });

  it('hold where customers are merged, and not after they are parted', async () => {
    const one = await client.create(newAddress(), { extended: first });
    const other = await client.create(newAddress(), { extended: second });
    const { body: joined } = await client.native.call('POST', '/links', {
      body: { first: one.id, second: other.id },
    });
    for (const id of [one.id, other.id])
      assert.deepEqual((await client.call('GET', `/customers/${id}`)).body.extended, both);
    assert.ok(joined.link.id);
    await client.native.call('POST', `/links/${joined.link.id}/undo`, { body: {} });
    assert.deepEqual((await client.call('GET', `/customers/${one.id}`)).body.extended, first);
  });

  it('do not hold for PATCH and PUT, which set a value, nor for null, which clears it', async () => {
    const customer = await client.create(newAddress(), { extended: first });
    const { body } = await client.call('PATCH', `/customers/${customer.id}`, { extended: second });
    assert.deepEqual(body.extended, second);
    const cleared = await client.create(customer.base.contacts.email, { extended: { sum: null } });
    assert.equal(cleared.extended.sum, null);
  });

  it('never make a value that is beyond its limit', async () => {
    const email = newAddress();
    await client.create(email, { extended: { concatenated: '12345' } });
    const reply = await client.call('POST', '/customers', {
      nodeId: client.nodeId,
      base: { contacts: { email } },
      extended: { concatenated: '6789' },
    });
    assert.deepEqual([reply.status, reply.body.errors[0].path], [400, '/extended/concatenated']);
    assert.equal((await client.create(email)).extended.concatenated, '12345');
  });
});

describe("a workspace's schema of extended properties", () => {
  it('is what extended values are checked by, each refusal with its pointer', async () => {
    const customer = await client.create(newAddress(), { extended: { card: 'x'.repeat(255) } });
    const cases: [object, string][] = [
      [{ card: 'x'.repeat(256) }, '/extended/card'],
      [{ card: 1 }, '/extended/card'],
      [{ short: 'four' }, '/extended/short'],
      [{ list: ['ab', 'cde'] }, '/extended/list'],
      [{ list: [1] }, '/extended/list/0'],
      [{ texts: ['x'.repeat(500), 'x'.repeat(500)] }, '/extended/texts'],
      [{ count: 1.5 }, '/extended/count'],
      [{ flag: 'true' }, '/extended/flag'],
      [{ size: { height: 'tall' } }, '/extended/size/height'],
      [{ size: { width: 1 } }, '/extended/size/width'],
      [{ unknown: 1 }, '/extended/unknown'],
      [{ gone: 'x' }, '/extended/gone'],
      [{ constructor: 'x' }, '/extended/constructor'],
    ];
    for (const [extended, path] of cases) {
      for (const reply of [
        await client.call('PATCH', `/customers/${customer.id}`, { extended }),
        await client.call('POST', '/customers', {
          nodeId: client.nodeId,
          base: { contacts: { email: 'never@example.com' } },
          extended,
        }),
      ]) {
        assert.equal(reply.status, 400, JSON.stringify(extended));
        assert.equal(reply.body.message, 'source customer is not valid');
        assert.equal(reply.body.errors[0].path, path);
      }
    }
    assert.deepEqual((await client.call('GET', `/customers/${customer.id}`)).body, customer);
    const fits = { short: 'abc', list: ['ab', 'cd'], texts: ['x'.repeat(499), 'x'.repeat(500)], flag: null };
    const { status } = await client.call('PATCH', `/customers/${customer.id}`, { extended: fits });
    assert.equal(status, 200);
  });

  it('hides what is disabled, and keeps it', async () => {
    const other = new ContacthubClient(test, await test.addWorkspace());
    const customer = await other.create('hidden@example.com', { extended: { a: 1, b: 2 } });
    await set({ a: { type: 'integer', enabled: false }, b: { type: 'integer' } }, other);
    const { body } = await other.call('GET', `/customers/${customer.id}`);
    assert.deepEqual(body.extended, { b: 2 });
    const sources = await other.call('GET', `/customers/${customer.id}/sources`);
    assert.deepEqual(sources.body.elements[0].extended, { b: 2 }, 'of what a source has said, too');
    const back = await other.call('PUT', `/customers/${customer.id}`, body);
    assert.equal(back.status, 200, JSON.stringify(back.body));
    await set({ a: { enabled: null } }, other);
    assert.deepEqual((await other.call('GET', `/customers/${customer.id}`)).body.extended, { a: 1, b: 2 });
  });

  it('is refused where it has another form', async () => {
    const cases: object[] = [
      { 'my.property': { type: 'string' } },
      { a: { type: 'text' } },
      { a: { type: 'string', maxLength: 0 } },
      { a: { type: 'string', maxLength: 6001 } },
      { a: { type: 'string', mergePolicy: 'MATH_SUM' } },
      { a: { type: 'number', mergePolicy: 'ARRAY_UNION' } },
      { a: { type: 'boolean', mergePolicy: 'OBJ_CONCATENATE' } },
      { a: { type: 'string', mergePolicy: 'WHATEVER' } },
      { a: { type: 'string', colour: 'red' } },
      { a: {} },
      {
        a: { type: 'object', properties: { b: { type: 'array', items: { type: 'string', colour: 'red' } } } },
      },
      { a: nested(4) },
    ];
    for (const extendedProperties of cases) {
      const reply = await set(extendedProperties);
      assert.equal(reply.status, 400, JSON.stringify(extendedProperties));
      assert.match(reply.body.error.path, /extendedProperties/);
    }
    const shown = await client.native.read('');
    assert.deepEqual(shown.dialects.contacthub.extendedProperties, { ...policies, ...plain });
  });
});

describe('a search by extended properties', () => {
  const search = (more: Record<string, string>) =>
    client.call('GET', `/customers?${new URLSearchParams({ nodeId: client.nodeId, ...more })}`);
  const by = (attribute: string, operator = 'IS_NOT_NULL', value: unknown = null) =>
    search({
      query: JSON.stringify({
        query: { type: 'simple', are: { condition: { type: 'atomic', attribute, operator, value } } },
      }),
    });

  it('takes those of the workspace’s schema, and what is in them', async () => {
    const { id } = await client.create(newAddress(), {
      extended: { card: 'C-1', texts: ['x'], size: { height: 3 } },
    });
    const conditions = [
      ['extended.card', 'EQUALS', 'C-1'],
      ['extended.texts', 'EQUALS', 'x'],
      ['extended.texts.*', 'EQUALS', 'x'],
      ['extended.size.height', 'GTE', 3],
    ] as const;
    for (const [attribute, operator, value] of conditions) {
      const { status, body } = await by(attribute, operator, value);
      assert.equal(status, 200, attribute);
      assert.deepEqual(
        body.elements.map((one: { id: string }) => one.id),
        [id],
        attribute,
      );
    }
    assert.equal((await by('extended')).status, 200);
    assert.equal((await search({ sort: 'extended.card,asc' })).status, 200);
  });

  it('names one that the schema does not have, or has disabled, as condition and as order', async () => {
    for (const attribute of ['extended.other', 'extended.gone', 'extended.size.width', 'extended.card.x']) {
      for (const reply of [await by(attribute), await search({ sort: attribute })]) {
        assert.equal(reply.status, 400, attribute);
        assert.ok(JSON.stringify(reply.body).includes(attribute), JSON.stringify(reply.body));
      }
    }
  });
});

describe('the tags of a customer', () => {
  it('have their limit together with those that are there', async () => {
    const email = newAddress();
    await client.create(email, { tags: { manual: ['a'.repeat(600)], auto: ['z', 'b', 'a'] } });
    const grow = (length: number) =>
      client.call('POST', '/customers', {
        nodeId: client.nodeId,
        base: { contacts: { email } },
        tags: { manual: ['b'.repeat(length)], auto: ['0'] },
      });
    const refused = await grow(401);
    assert.deepEqual([refused.status, refused.body.errors[0].path], [400, '/tags/manual']);
    const { status, body } = await grow(400);
    assert.equal(status, 201);
    assert.deepEqual(body.tags.auto, ['z', 'b', 'a', '0']);
  });
});

describe('a customer that is named by no UUID', () => {
  it('is 404, whatever the body says, by every method', async () => {
    for (const id of ['123', 'not-existing'])
      for (const method of ['GET', 'PUT', 'PATCH'] as const)
        for (const body of method === 'GET' ? [undefined] : [{}, { nodeId: 7 }, 'no JSON object'])
          assert.equal(
            (await client.call(method, `/customers/${id}`, body && JSON.stringify(body))).status,
            404,
          );
  });
});
