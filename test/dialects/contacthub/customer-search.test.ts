import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { ContacthubClient } from './client.ts';

const test = await useApp();
const client = new ContacthubClient(test);

before(async () => {
  await client.create('ann@example.com', {
    externalId: 'e1',
    base: { firstName: 'Ann', lastName: 'Zed', jobs: [{ id: '1', companyName: 'Acme' }], dob: '1980-01-01' },
    extended: { points: 10, vip: true },
    tags: { manual: ['gold', 'web'] },
  });
  await client.create('bob@example.com', {
    externalId: 'e2',
    base: { firstName: 'Bob', lastName: 'Young' },
    extended: { points: 20 },
    tags: { manual: ['web'] },
  });
  await client.create('cid@other.org', { externalId: 'e2', base: { firstName: 'Cid', dob: '1990-01-01' } });
});

async function search(parameters: Record<string, string> = {}) {
  const query = new URLSearchParams({ nodeId: client.nodeId, ...parameters });
  return client.call('GET', `/customers?${query}`);
}

/** First names of those found, in order of the name. */
async function names(condition: object): Promise<string> {
  const query = JSON.stringify({ name: '', query: { type: 'simple', are: { condition } } });
  return namesOf(query);
}

async function namesOf(query: string): Promise<string> {
  const reply = await search({ query, sort: 'base.firstName' });
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
  return reply.body.elements.map((found: { base: { firstName: string } }) => found.base.firstName).join(' ');
}

const atomic = (attribute: string, operator: string, value?: unknown) => ({
  type: 'atomic',
  attribute,
  operator,
  ...(value === undefined ? {} : { value }),
});

describe('GET /customers', () => {
  it('shows the last updated first, ten of them, with the totals that clients read', async () => {
    const reply = await search();
    assert.deepEqual(reply.body.page, {
      size: 10,
      totalElements: 3,
      totalUnfilteredElements: 3,
      totalPages: 1,
      number: 0,
    });
    assert.deepEqual(
      reply.body.elements.map((customer: { base: { firstName: string } }) => customer.base.firstName),
      ['Cid', 'Bob', 'Ann'],
    );
  });

  it('pages, also beyond the end', async () => {
    const second = await search({ size: '2', page: '1' });
    assert.equal(second.body.elements.length, 1);
    assert.equal(second.body.page.totalPages, 2);
    const beyond = await search({ size: '2', page: '2' });
    assert.equal(beyond.status, 200);
    assert.deepEqual(beyond.body.elements, []);
    assert.deepEqual(beyond.body.page, {
      size: 2,
      totalElements: 3,
      totalUnfilteredElements: 3,
      totalPages: 2,
      number: 2,
    });
  });

  it('refuses sizes, pages and orders that are none', async () => {
    for (const bad of [{ size: '0' }, { size: 'x' }, { size: '100000' }, { page: '-1' }, { sort: 'a,b,c' }]) {
      const reply = await search(bad);
      assert.equal(reply.status, 400, JSON.stringify(bad));
      assert.ok(reply.body.logref);
    }
    const reply = await client.call('GET', '/customers');
    assert.equal(reply.status, 400, 'nodeId is required');
  });

  it('answers 404 for a node that is not there', async () => {
    const reply = await client.call('GET', '/customers?nodeId=nowhere');
    assert.equal(reply.status, 404);
    assert.equal(reply.body.message, 'node not found nowhere');
  });

  it('finds by the own id, which several may have', async () => {
    assert.equal((await search({ externalId: 'e2' })).body.page.totalElements, 2);
    assert.equal((await search({ externalId: 'nobody' })).body.page.totalElements, 0);
  });

  it('sorts by any property, those without a value last either way', async () => {
    const sorted = async (sort: string) => {
      const reply = await search({ sort });
      return reply.body.elements
        .map((found: { base: { firstName: string } }) => found.base.firstName)
        .join(' ');
    };
    assert.equal(await sorted('base.lastName'), 'Bob Ann Cid');
    assert.equal(await sorted('base.lastName,desc'), 'Ann Bob Cid');
    assert.equal(await sorted('base.contacts.email,asc'), 'Ann Bob Cid');
    assert.equal(await sorted('registeredAt,asc'), 'Ann Bob Cid');
    assert.equal(await sorted('extended.points,desc'), 'Bob Ann Cid');
    assert.equal(await sorted('updatedAt,desc'), 'Cid Bob Ann');
    assert.equal(await sorted('updatedAt'), 'Ann Bob Cid');
  });

  it('sorts by several properties', async () => {
    const query = new URLSearchParams({ nodeId: client.nodeId });
    query.append('sort', 'externalId,desc');
    query.append('sort', 'base.firstName,desc');
    const reply = await client.call('GET', `/customers?${query}`);
    const found = reply.body.elements.map((one: { base: { firstName: string } }) => one.base.firstName);
    assert.deepEqual(found, ['Cid', 'Bob', 'Ann']);
  });

  it('shows only the fields that are asked for', async () => {
    const reply = await search({ fields: 'base.firstName,extended', externalId: 'e1' });
    const [found] = reply.body.elements;
    assert.deepEqual(Object.keys(found).sort(), ['base', 'extended', 'id']);
    assert.deepEqual(found.extended, { points: 10, vip: true });
    const { firstName, ...others } = found.base;
    assert.equal(firstName, 'Ann');
    assert.equal(others.lastName, null, 'a client reads what it has not asked for');
    assert.deepEqual([...new Set(Object.values(others))], [null], 'another drops nulls, and only those');
  });
});

describe('the query of a search', () => {
  it('knows every operator', async () => {
    assert.equal(await names(atomic('base.firstName', 'EQUALS', 'Ann')), 'Ann');
    assert.equal(await names(atomic('base.firstName', 'NOT_EQUALS', 'Ann')), 'Bob Cid');
    assert.equal(await names(atomic('base.contacts.email', 'EQUALS', 'bob@example.com')), 'Bob');
    assert.equal(await names(atomic('extended.points', 'EQUALS', 10)), 'Ann');
    assert.equal(await names(atomic('extended.vip', 'EQUALS', true)), 'Ann');
    assert.equal(await names(atomic('extended.points', 'GT', 10)), 'Bob');
    assert.equal(await names(atomic('extended.points', 'GTE', 10)), 'Ann Bob');
    assert.equal(await names(atomic('extended.points', 'LT', 20)), 'Ann');
    assert.equal(await names(atomic('extended.points', 'LTE', 20)), 'Ann Bob');
    assert.equal(await names(atomic('extended.points', 'BETWEEN', [10, 15])), 'Ann');
    assert.equal(await names(atomic('base.dob', 'BETWEEN', ['1979-12-31', '1980-01-01'])), 'Ann');
    assert.equal(await names(atomic('registeredAt', 'GTE', '2001-01-01T00:00:00.000Z')), 'Ann Bob Cid');
    assert.equal(await names(atomic('registeredAt', 'LT', '2001-01-01T00:00:00.000Z')), '');
    assert.equal(await names(atomic('base.lastName', 'IS_NULL')), 'Cid');
    assert.equal(await names(atomic('base.lastName', 'IS_NOT_NULL')), 'Ann Bob');
    assert.equal(await names(atomic('extended', 'IS_NULL')), 'Cid');
    assert.equal(await names(atomic('base.jobs', 'IS_NOT_NULL')), 'Ann');
    assert.equal(await names(atomic('base.firstName', 'IN', ['Ann', 'Cid'])), 'Ann Cid');
    assert.equal(await names(atomic('base.firstName', 'NOT_IN', ['Ann', 'Cid'])), 'Bob');
    assert.equal(await names(atomic('base.firstName', 'LIKE', 'AN%')), 'Ann');
    assert.equal(await names(atomic('base.contacts.email', 'LIKE', 'example')), 'Ann Bob');
  });

  it('finds by what every customer is shown with, written or not', async () => {
    const { id } = (await search({ externalId: 'e1' })).body.elements[0];
    await client.call('PATCH', `/customers/${id}`, { enabled: false });
    assert.equal(await names(atomic('enabled', 'EQUALS', true)), 'Bob Cid');
    assert.equal(await names(atomic('enabled', 'NOT_EQUALS', true)), 'Ann');
    assert.equal(await names(atomic('enabled', 'IS_NULL')), '');
    assert.equal(await names(atomic('deleted', 'EQUALS', 0)), 'Ann Bob Cid');
    await client.call('PATCH', `/customers/${id}`, { enabled: true });
    assert.equal(await names(atomic('enabled', 'EQUALS', false)), '');
  });

  it('compares a day with date-times', async () => {
    const day = '1980-01-01T00:00:00.000Z';
    assert.equal(await names(atomic('base.dob', 'EQUALS', day)), 'Ann');
    assert.equal(await names(atomic('base.dob', 'GTE', day)), 'Ann Cid');
    assert.equal(await names(atomic('base.dob', 'GT', day)), 'Cid');
    assert.equal(await names(atomic('base.dob', 'BETWEEN', [day, '1985-01-01T00:00:00Z'])), 'Ann');
  });

  it('takes the text of a number, or of true and false, for what it says where nothing else can be', async () => {
    const { id } = (await search({ externalId: 'e1' })).body.elements[0];
    await client.call('PATCH', `/customers/${id}`, { base: { educations: [{ id: '1', startYear: 2000 }] } });
    assert.equal(await names(atomic('base.educations.startYear', 'EQUALS', '2000')), 'Ann');
    assert.equal(await names(atomic('base.educations.startYear', 'BETWEEN', ['1999', '2001'])), 'Ann');
    assert.equal(await names(atomic('base.educations.startYear', 'IN', ['1999', '2000'])), 'Ann');
    assert.equal(await names(atomic('base.educations.startYear', 'GT', 'x')), '');
    assert.equal(await names(atomic('enabled', 'EQUALS', '1')), 'Ann Bob Cid');
    assert.equal(await names(atomic('enabled', 'EQUALS', 'false')), '');
    assert.equal(await names(atomic('extended.points', 'EQUALS', '10')), '', 'which may be anything here');
    await client.view({ customerId: id }, { type: 'searched', properties: { resultCount: 3 } });
    const condition = atomic('properties.resultCount', 'GTE', '3');
    const did = { event: { name: 'searched' }, condition };
    assert.equal(await namesOf(JSON.stringify({ query: { type: 'simple', did } })), 'Ann');
  });

  it('takes a plain text for IN, and looks for it inside', async () => {
    assert.equal(await names(atomic('base.contacts.email', 'IN', '@example.com')), 'Ann Bob');
    assert.equal(await names(atomic('base.contacts.email', 'NOT_IN', '@example.com')), 'Cid');
  });

  it('finds nobody by a list of no values, and everybody by not being in it', async () => {
    for (const attribute of ['base.firstName', 'extended.points', 'tags.manual', 'registeredAt', 'id']) {
      assert.equal(await names(atomic(attribute, 'IN', [])), '', attribute);
      assert.equal(await names(atomic(attribute, 'NOT_IN', [])), 'Ann Bob Cid', attribute);
    }
  });

  it('takes the first and the last day of the calendar for when something was done', async () => {
    const { id } = (await search({ externalId: 'e1' })).body.elements[0];
    await client.view(
      { customerId: id },
      { type: 'loggedIn', properties: {}, date: '9999-12-31T23:59:59.999Z' },
    );
    const done = (operator: string, value: unknown) => {
      const did = { event: { name: 'loggedIn' }, timeframe: atomic('date', operator, value) };
      return namesOf(JSON.stringify({ query: { type: 'simple', did } }));
    };
    for (const operator of ['EQUALS', 'LTE', 'GTE']) assert.equal(await done(operator, '9999-12-31'), 'Ann');
    for (const operator of ['GT', 'LT']) assert.equal(await done(operator, '9999-12-31'), '');
    assert.equal(await done('BETWEEN', ['0001-01-01', '9999-12-31']), 'Ann');
    assert.equal(await done('LTE', '0001-01-01'), '');
  });

  it('looks into lists and their items', async () => {
    assert.equal(await names(atomic('tags.manual', 'EQUALS', 'gold')), 'Ann');
    assert.equal(await names(atomic('tags.manual', 'IN', ['web'])), 'Ann Bob');
    assert.equal(await names(atomic('base.jobs.companyName', 'EQUALS', 'Acme')), 'Ann');
  });

  it('joins conditions by and and or, also in capitals', async () => {
    const conditions = [atomic('tags.manual', 'EQUALS', 'web'), atomic('base.firstName', 'EQUALS', 'Bob')];
    assert.equal(await names({ type: 'composite', conjunction: 'and', conditions }), 'Bob');
    assert.equal(await names({ type: 'composite', conjunction: 'OR', conditions }), 'Ann Bob');
    const nested = { type: 'composite', conjunction: 'or', conditions };
    const outer = [nested, atomic('extended.points', 'LT', 15)];
    assert.equal(await names({ type: 'composite', conjunction: 'and', conditions: outer }), 'Ann');
  });

  it('intersects, unites and takes away results, with names that clients add', async () => {
    const simple = (condition: object) => ({ name: 'query', type: 'simple', are: { condition } });
    const web = simple(atomic('tags.manual', 'EQUALS', 'web'));
    const bob = simple(atomic('base.firstName', 'EQUALS', 'Bob'));
    const cid = simple(atomic('base.firstName', 'EQUALS', 'Cid'));
    const combined = (conjunction: string, queries: object[]) =>
      namesOf(JSON.stringify({ query: { type: 'combined', name: 'q', conjunction, queries } }));
    assert.equal(await combined('INTERSECT', [web, bob]), 'Bob');
    assert.equal(await combined('UNION', [bob, cid]), 'Bob Cid');
    assert.equal(await combined('EXCEPT', [web, bob]), 'Ann');
    assert.equal(await combined('INTERSECT', [web]), 'Ann Bob');
    const inner = { type: 'combined', conjunction: 'UNION', queries: [bob, cid] };
    assert.equal(await combined('EXCEPT', [inner, cid]), 'Bob');
  });

  it('takes nothing of a query for SQL, for a path or for a pattern', async () => {
    const hostile = [`'; drop table profile; --`, `" || true || "`, '$v0', '.*', '(', '\\', `x") ? (@ == "`];
    for (const text of hostile) {
      for (const operator of ['EQUALS', 'IN', 'LIKE'])
        assert.equal(await names(atomic('base.firstName', operator, text)), '', `${operator} ${text}`);
      const path = `extended.${text.replaceAll('.', '')}`;
      assert.equal(await names(atomic(path, 'EQUALS', 'Ann')), '', path);
    }
    assert.equal(await names(atomic('base.firstName', 'IS_NOT_NULL')), 'Ann Bob Cid');
  });

  it('names what it does not know', async () => {
    const refused = async (query: object, ...words: RegExp[]) => {
      const reply = await search({ query: JSON.stringify({ query }) });
      assert.equal(reply.status, 400, JSON.stringify(query));
      for (const word of words) assert.match(reply.body.message, word);
      assert.equal(reply.body.errors[0].path, '/query');
    };
    const are = (condition: object) => ({ type: 'simple', are: { condition } });
    const done = (did: object) => ({ type: 'simple', did: { event: { name: 'viewedPage' }, ...did } });
    await refused(are(atomic('base.shoeSize', 'EQUALS', 1)), /base\.shoeSize/);
    await refused(are(atomic('base.jobs.salary', 'EQUALS', 1)), /base\.jobs\.salary/);
    await refused(
      are(atomic('base.firstName', 'NEAR', 'x')),
      /NEAR/,
      /base\.firstName/,
      /EQUALS, NOT_EQUALS/,
    );
    await refused({ type: 'simple', did: { event: { name: 'flew' } } }, /flew/);
    await refused(
      done({ condition: atomic('properties.orderId', 'EQUALS', 'x') }),
      /properties\.orderId/,
      /viewedPage/,
    );
    await refused(done({ condition: atomic('base.firstName', 'EQUALS', 'x') }), /base\.firstName/);
    await refused(done({ timeframe: atomic('registeredAt', 'GT', '2026-01-01') }), /registeredAt/);
    await refused(done({ timeframe: atomic('date', 'LIKE', '2026') }), /LIKE/);
    await refused(done({ timeframe: atomic('date', 'GT', 'yesterday') }), /date/);
    for (const impossible of ['\\u0000', '\\ud800']) {
      for (const query of [
        are(atomic('base.firstName', 'EQUALS', 'Q')),
        are(atomic('base.firstName', 'LIKE', 'Q')),
        are(atomic('base.firstName', 'IN', ['Q'])),
        are(atomic('extended.Q', 'EQUALS', 1)),
        done({ condition: atomic('properties.title', 'EQUALS', 'Q') }),
      ]) {
        const text = JSON.stringify({ query }).replace('Q', impossible);
        const reply = await search({ query: text });
        assert.deepEqual([reply.status, reply.body.errors[0]?.path], [400, '/query'], text);
      }
    }
    const sorted = await search({ sort: 'base.shoeSize' });
    assert.equal(sorted.status, 400);
    assert.match(sorted.body.message, /base\.shoeSize/);
  });

  it('refuses what it does not know, and what is too much', async () => {
    const deep = (depth: number): object =>
      depth === 0
        ? atomic('extra', 'IS_NULL')
        : { type: 'composite', conjunction: 'and', conditions: [deep(depth - 1)] };
    const many = Array.from({ length: 101 }, () => atomic('extra', 'IS_NULL'));
    const conditions = [
      atomic('extra', 'NEAR', 'x'),
      atomic('extra', 'BETWEEN', [1]),
      atomic('extra', 'EQUALS', { a: 1 }),
      atomic('extra', 'LIKE', '%a'.repeat(20)),
      atomic('', 'IS_NULL'),
      { type: 'other' },
      { type: 'composite', conjunction: 'xor', conditions: [] },
      { type: 'composite', conjunction: 'and', conditions: many },
      deep(20),
    ];
    for (const condition of conditions) {
      const query = JSON.stringify({ query: { type: 'simple', are: { condition } } });
      const reply = await search({ query });
      assert.equal(reply.status, 400, query.slice(0, 100));
      assert.ok(reply.body.logref);
    }
    const rest = [
      '{',
      '[]',
      '{"query":{"type":"simple","are":{},"did":{}}}',
      '{"query":"\\u0000"}',
      '"\\ud800"',
    ];
    for (const query of rest) assert.equal((await search({ query })).status, 400, query);
  });
});
