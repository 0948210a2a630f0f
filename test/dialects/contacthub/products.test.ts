import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { ask, at } from '../../helpers/native-client.ts';
import { BulkClient } from './bulk-client.ts';
import { ConfigurationClient, faultOf } from './configuration-client.ts';

const test = await useApp({ freshWorkspace: true });
const policyPath = '/products/update-policy';
const extendedPath = '/products/properties/extended';
let client: ConfigurationClient;
let customerId: string;

beforeEach(async () => {
  client = new ConfigurationClient(test);
  customerId = (await client.create('buyer@example.com')).id;
});

const productsOf = async (query = '') => (await client.native.read(`/contacthub/products${query}`)).products;
const productOf = (id: string) => client.native.call('GET', `/contacthub/products/${encodeURIComponent(id)}`);

async function take(type: string, properties: object): Promise<string> {
  const reply = await client.send(customerId, type, properties);
  assert.equal(reply.status, 202, reply.text);
  return reply.body.id;
}

describe('the product update policy', () => {
  it('is empty until it is set, in the order of the page, and empty again by null', async () => {
    assert.deepEqual((await client.read(policyPath)).body, { eventTypes: [] });
    const set = await client.set(policyPath, {
      eventTypes: ['viewedProduct', 'completedOrder', 'viewedProduct'],
    });
    assert.deepEqual(set, { eventTypes: ['completedOrder', 'viewedProduct'] });
    assert.deepEqual((await client.read(policyPath)).body, set);
    for (const none of [{ eventTypes: null }, { eventTypes: [] }, {}]) {
      await client.set(policyPath, set);
      assert.deepEqual(await client.set(policyPath, none), { eventTypes: [] });
    }
  });

  it('is refused of a type that names no products', async () => {
    for (const [body, where] of [
      [{ eventTypes: ['completedOrder', 'loggedIn'] }, '/eventTypes/1'],
      [{ eventTypes: 'completedOrder' }, '/eventTypes'],
      [{ types: [] }, '/types'],
    ] as const)
      assert.deepEqual(faultOf(await client.write(policyPath, body)).slice(0, 2), [400, where]);
  });
});

describe('the registry of products', () => {
  it('is not kept without a policy, nor from events of other types', async () => {
    await take('viewedProduct', { id: 'p1', name: 'Shoe' });
    await client.set(policyPath, { eventTypes: ['addedProduct'] });
    await take('viewedProduct', { id: 'p1', name: 'Shoe' });
    assert.deepEqual(await productsOf(), []);
    assert.equal((await productOf('p1')).status, 404);
  });

  it('has what each member was said to be last, whether an event is a product or lists some', async () => {
    await client.set(policyPath, { eventTypes: ['viewedProduct', 'completedOrder', 'abandonedCart'] });
    await client.set(extendedPath, { colour: { type: 'string' } });
    await client.set('/events/viewedProduct/properties/extended', { season: { type: 'string' } });
    await take('viewedProduct', {
      ...{ id: 'p1', sku: 's1', name: 'Shoe', price: 10.5, vendor: null, category: ['a'] },
      extended: { season: 'winter' },
      extraProperties: { free: 1 },
    });
    const line = { quantity: 2, discount: 1, tax: 1, type: 'sale', orderLineId: 1, coupon: 'mine' };
    await take('completedOrder', {
      orderId: 'o1',
      products: [
        { ...line, id: 'p1', price: 9, unitOfMeasure: 'pair', extended: { colour: 'red' } },
        { ...line, id: 'p/2 ü', name: 'Sock' },
        { ...line, name: 'without an id' },
        { id: '' },
      ],
    });
    const [sock, shoe, ...others] = await productsOf();
    assert.equal(others.length, 0);
    assert.deepEqual(sock.properties, { id: 'p/2 ü', name: 'Sock' });
    assert.deepEqual(shoe.properties, {
      ...{
        id: 'p1',
        sku: 's1',
        name: 'Shoe',
        price: 9,
        vendor: null,
        category: ['a'],
        unitOfMeasure: 'pair',
      },
    });
    assert.deepEqual(shoe.extended, { colour: 'red' });
    assert.ok(Date.parse(shoe.updatedAt) >= Date.parse(shoe.createdAt));
    assert.deepEqual((await productOf('p/2 ü')).body, sock);
    assert.deepEqual((await productOf('p1')).body, shoe);
  });

  it('has no extended properties where products have none: their names would be anybody’s', async () => {
    await client.set(policyPath, { eventTypes: ['completedOrder'] });
    await take('completedOrder', { products: [{ id: 'a', name: 'Shoe', extended: { x: 1 } }] });
    const { properties, extended } = (await productOf('a')).body;
    assert.deepEqual([properties, extended], [{ id: 'a', name: 'Shoe' }, {}]);
  });

  it('keeps digits, and the last word of a batch', async () => {
    await client.set(policyPath, { eventTypes: ['viewedProduct'] });
    const raw = `{"customerId":"${customerId}","type":"viewedProduct","context":"WEB","properties":{"id":"x","price":9007199254740993.10}}`;
    assert.equal((await client.call('POST', '/events', raw)).status, 202);
    assert.match((await productOf('x')).text, /"price": ?9007199254740993\.10/);
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        take('viewedProduct', { id: 'same', name: `n${index}`, price: index }),
      ),
    );
    const events = (await test.store.events()).filter(({ properties }) => properties.id === 'same');
    const { name, price } = (await productOf('same')).body.properties;
    assert.deepEqual(
      { name, price },
      {
        name: events.at(-1)?.properties.name,
        price: events.at(-1)?.properties.price,
      },
    );
  });

  it('takes of a write of an event what it says otherwise, and nothing that it says again', async () => {
    await client.set(policyPath, { eventTypes: ['viewedProduct', 'completedOrder'] });
    await client.set(extendedPath, {
      grams: { type: 'integer', mergePolicy: 'MATH_SUM' },
      colour: { type: 'string' },
    });
    const extended = { grams: 1, colour: 'red' };
    const id = await take('viewedProduct', { id: 'a', name: 'Shoe', price: 1, extended });
    await take('viewedProduct', { id: 'a', name: 'Boot', extended: { grams: 2 } });
    const write = (properties: object) => client.call('PATCH', `/events/${id}`, { properties });
    assert.equal((await write({ price: 3, extended: { colour: 'tan' } })).status, 202);
    const shown = (await productOf('a')).body;
    assert.deepEqual(shown.properties, { id: 'a', name: 'Boot', price: 3 });
    assert.deepEqual(shown.extended, { grams: 3, colour: 'tan' });
    assert.equal((await write({ id: 'b' })).status, 202);
    assert.deepEqual((await productOf('b')).body.extended, { grams: 1, colour: 'tan' });
    const dated = await client.call('PATCH', `/events/${id}`, { date: '2024-01-01T00:00:00Z' });
    assert.equal(dated.status, 202);
    assert.equal((await productOf('b')).body.extended.grams, 1);
  });

  it('follows a write of an event, and outlives the event', async () => {
    await client.set(policyPath, { eventTypes: ['viewedProduct'] });
    const id = await take('viewedProduct', { id: 'p1', name: 'Shoe', price: 1 });
    await client.call('PATCH', `/events/${id}`, { properties: { name: 'Boot' } });
    assert.deepEqual((await productOf('p1')).body.properties, { id: 'p1', name: 'Boot', price: 1 });
    await client.call('DELETE', `/events/${id}`);
    assert.equal((await productOf('p1')).body.properties.name, 'Boot');
  });

  it('takes nothing of an event that was not stored', async () => {
    await client.set(policyPath, { eventTypes: ['viewedProduct', 'addedProduct'] });
    await client.set('/events/viewedProduct/enabled', { value: false });
    await client.set('/events-consent-policy', { addedProduct: ['profiling.online'] });
    assert.equal((await client.send(customerId, 'viewedProduct', { id: 'p1' })).status, 400);
    assert.equal((await client.send(customerId, 'addedProduct', { id: 'p2' })).status, 202);
    assert.deepEqual(await productsOf(), []);
  });

  it('takes in the rows of a file', async () => {
    await client.set(policyPath, { eventTypes: ['viewedProduct'] });
    await client.set(extendedPath, { grams: { type: 'number' } });
    const header = 'customerId,context,properties.id,properties.price,properties.extended.grams';
    const bulk = new BulkClient(test);
    const job = await bulk.run(`${header}\n${customerId},WEB,a,1,5\n${customerId},WEB,b,2,x\n`, {
      eventType: 'viewedProduct',
    });
    const outcomes = (await bulk.resultsOf(job.id)).map(([, outcome, , reason]) => [outcome, reason]);
    assert.deepEqual(outcomes, [
      ['OK', ''],
      ['QUARANTINED', '/properties/extended/grams must be number,null'],
    ]);
    const [product, ...others] = await productsOf();
    assert.deepEqual(
      [product.properties, product.extended, others],
      [{ id: 'a', price: 1 }, { grams: 5 }, []],
    );
  });

  it('is read in pages, by the id', async () => {
    await client.set(policyPath, { eventTypes: ['completedOrder'] });
    const ids = ['B', 'a', 'c', 'é', '10', '9'];
    await take('completedOrder', { products: ids.map((id) => ({ id })) });
    const sorted = ['10', '9', 'B', 'a', 'c', 'é'];
    const found: string[] = [];
    let next: string | null = '';
    for (let pages = 0; next !== null && pages < 10; pages++) {
      const after: string = next === '' ? '' : `&after=${encodeURIComponent(next)}`;
      const page = await client.native.read(`/contacthub/products?limit=4${after}`);
      found.push(...page.products.map(({ id }: { id: string }) => id));
      next = page.next;
    }
    assert.deepEqual(found, sorted);
    for (const query of ['limit=0', 'limit=1001', 'limit=x', `after=${'x'.repeat(256)}`])
      assert.equal((await client.native.call('GET', `/contacthub/products?${query}`)).status, 400, query);
  });

  it('is shown to nobody without a key of the workspace', async () => {
    await client.set(policyPath, { eventTypes: ['viewedProduct'] });
    await take('viewedProduct', { id: 'p1' });
    const other = await test.addWorkspace();
    for (const path of ['/contacthub/products', '/contacthub/products/p1']) {
      const read = (key: string | null) => ask(test, 'GET', at(client.workspace, path), { key });
      assert.equal((await read(null)).status, 401);
      assert.equal((await read(client.credentials.contacthub.adminToken)).status, 401);
      assert.equal((await ask(test, 'GET', at(other, path))).body.products?.length ?? 0, 0);
    }
  });
});

describe('extended properties of products', () => {
  const definitions = {
    grams: { type: 'integer', mergePolicy: 'MATH_SUM' },
    tags: { type: 'array', items: { type: 'string' }, mergePolicy: 'ARRAY_UNION' },
    colour: { type: 'string', maxLength: 3 },
    gone: { type: 'string', enabled: false },
  };

  it('are what each product of an event is checked by, and an event that is one product', async () => {
    assert.deepEqual((await client.read(extendedPath)).body, {});
    await client.set(extendedPath, definitions);
    await client.set('/events/viewedProduct/properties/extended', { page: { type: 'integer' } });
    await client.set('/events/completedOrder/properties/extended', { till: { type: 'integer' } });
    const listed = (extended: unknown) => ({
      products: [
        { id: 'a', extended: { grams: 1 } },
        { id: 'b', extended },
      ],
    });
    for (const [type, properties, where] of [
      ['completedOrder', listed({ colour: 'blue' }), '/products/1/extended/colour'],
      ['completedOrder', listed({ till: 1 }), '/products/1/extended/till'],
      ['completedOrder', { ...listed(null), extended: { grams: 1 } }, '/extended/grams'],
      ['abandonedCart', listed({ gone: 'x' }), '/products/1/extended/gone'],
      ['viewedProduct', { extended: { colour: 'blue' } }, '/extended/colour'],
      ['viewedProduct', { extended: { page: 'x' } }, '/extended/page'],
      ['addedProduct', { extended: { page: 1 } }, '/extended/page'],
    ] as const)
      assert.deepEqual(
        faultOf(await client.send(customerId, type, properties)).slice(0, 2),
        [400, `/properties${where}`],
        type,
      );
    await take('completedOrder', { ...listed({ colour: 'red', grams: null }), extended: { till: 1 } });
    await take('viewedProduct', { id: 'a', extended: { page: 1, colour: 'red' } });
    await take('loggedIn', { extended: { grams: 'any' } });
  });

  it('are shown in the schemas of the events that name products', async () => {
    await client.set(extendedPath, definitions);
    const properties = async (type: string) =>
      (await client.read(`/events/${type}/properties`)).body.properties;
    const names = ['colour', 'grams', 'tags'];
    const line = (await properties('completedOrder')).products.items.properties.extended;
    assert.deepEqual(Object.keys(line.properties).sort(), names);
    assert.deepEqual(Object.keys((await properties('addedWishlist')).extended.properties).sort(), names);
    assert.ok((await properties('completedOrder')).extended.oneOf, 'the order itself is no product');
  });

  it('are merged in the registry by their policies, in the order in which they were said', async () => {
    await client.set(policyPath, { eventTypes: ['completedOrder', 'viewedProduct'] });
    await client.set(extendedPath, definitions);
    await client.set('/events/viewedProduct/properties/extended', { page: { type: 'integer' } });
    await take('viewedProduct', { id: 'a', extended: { page: 1, grams: 1, tags: ['x'], colour: 'red' } });
    await take('completedOrder', {
      products: [
        { id: 'a', extended: { grams: 2, tags: ['y'], colour: 'tan' } },
        { id: 'a', extended: { grams: 4, tags: ['x', 'z'] } },
        { id: 'b', extended: { grams: 1 } },
      ],
    });
    assert.deepEqual((await productOf('a')).body.extended, {
      grams: 7,
      tags: ['x', 'y', 'z'],
      colour: 'tan',
    });
    assert.deepEqual((await productOf('b')).body.extended, { grams: 1 });
    await take('viewedProduct', { id: 'a', extended: { grams: null } });
    await take('viewedProduct', { id: 'a', extended: { grams: 3 } });
    assert.equal((await productOf('a')).body.extended.grams, 3);
  });

  it('are left as they were where a policy would make of them what they can not be', async () => {
    await client.set(policyPath, { eventTypes: ['completedOrder'] });
    await client.set(extendedPath, {
      text: { type: 'string', maxLength: 4, mergePolicy: 'OBJ_CONCATENATE' },
      words: { type: 'array', items: { type: 'string' }, maxLength: 4, mergePolicy: 'ARRAY_UNION' },
      sum: { type: 'number', mergePolicy: 'MATH_SUM' },
      any: { type: 'array', items: { type: 'object' }, mergePolicy: 'ARRAY_UNION' },
    });
    const say = (extended: object) => take('completedOrder', { products: [{ id: 'a', extended }] });
    const large = (name: string) => [{ [name]: 'x'.repeat(40_000) }];
    await say({ text: 'ab', words: ['a'], sum: 1e308, any: large('one') });
    await say({ text: 'cd', words: ['b'], sum: 1e308, any: large('two') });
    await say({ text: 'e', words: ['cd'], sum: -1e307 });
    const { extended } = (await productOf('a')).body;
    assert.deepEqual([extended.text, extended.words, extended.any], ['abcd', ['a', 'b'], large('one')]);
    assert.equal(extended.sum, 9e307);
  });

  it('are written as those of events are', async () => {
    const wrong = await client.write(extendedPath, { 'my.shop': { type: 'string' } });
    assert.deepEqual(faultOf(wrong).slice(0, 2), [400, '/my.shop']);
    const marked = { shop: { type: 'string', indexed: true } };
    assert.deepEqual(faultOf(await client.write(extendedPath, marked)).slice(0, 2), [403, '/shop/indexed']);
    const { operatorToken } = client.credentials.contacthub;
    assert.equal((await client.set(extendedPath, marked, operatorToken)).shop.maxLength, 255);
    assert.deepEqual(await client.set(extendedPath, {}), {});
    await client.set(policyPath, { eventTypes: ['viewedProduct'] });
    const { products } = (await client.native.read('')).dialects.contacthub;
    assert.deepEqual(products, { updatedBy: ['viewedProduct'] });
  });
});

describe('a plan model', () => {
  const models = [
    'ABANDONED_CART',
    'ATTENDANCE_EVENT',
    'COUPON',
    'ORDER',
    'ORDER_LINE',
    'PRODUCT_INTERACTION',
  ];
  models.push('SERVICE_SUBSCRIBED', 'SERVICE_UNSUBSCRIBED', 'WEB_BROWSING_EVENT');

  it('has its columns with the values that they hold, free ones, and the properties that can fill these', async () => {
    for (const model of models) {
      const { status, body } = await client.read(`/plan-models/${model}`);
      assert.equal(status, 200);
      assert.deepEqual(Object.keys(body), ['plan', 'hub']);
      assert.deepEqual(body.hub, {});
      const free = body.plan.filter(({ path }: { path: string | null }) => path === null);
      assert.equal(free.length, 15, model);
      assert.ok(body.plan.length > free.length, model);
      const names = body.plan.map(({ name }: { name: string }) => name);
      assert.equal(new Set(names).size, names.length, model);
    }
    const { plan } = (await client.read('/plan-models/ORDER')).body;
    const column = (name: string) => plan.find((one: { name: string }) => one.name === name);
    assert.deepEqual(column('amount.total'), {
      ...{ name: 'amount.total', type: 'number', path: 'properties.amount.total' },
    });
    const lines = (await client.read('/plan-models/ORDER_LINE')).body.plan;
    assert.deepEqual(lines[0], { name: 'id', type: 'string', path: 'properties.products.id' });
  });

  it('shows the extended properties of its events, or of their products, that are enabled', async () => {
    await client.set(extendedPath, { colour: { type: 'string' }, gone: { type: 'string', enabled: false } });
    await client.set('/events/completedOrder/properties/extended', { till: { type: 'integer' } });
    await client.set('/events/searched/properties/extended', { hits: { type: 'integer' } });
    const namesOf = async (model: string) =>
      Object.keys((await client.read(`/plan-models/${model}`)).body.hub);
    assert.deepEqual(await namesOf('ORDER'), ['till']);
    assert.deepEqual(await namesOf('ORDER_LINE'), ['colour']);
    assert.deepEqual(await namesOf('PRODUCT_INTERACTION'), ['colour']);
    assert.deepEqual(await namesOf('WEB_BROWSING_EVENT'), ['hits']);
    assert.deepEqual(await namesOf('COUPON'), []);
  });

  it('is 404 where there is none', async () => {
    const { status, body } = await client.read('/plan-models/MOON');
    assert.deepEqual([status, body.message], [404, 'plan model not found MOON']);
  });
});
