import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { Store } from '../../helpers/store.ts';
import { WebengageClient } from './client.ts';

const test = await useApp({ freshWorkspace: true });
const webengage = new WebengageClient(test);

/** Sends events of one name, one after the other, and answers what was stored of their attributes. */
async function store(...eventData: object[]) {
  for (const data of eventData) {
    const body = { userId: 'u', eventName: 'Paid', eventData: data };
    assert.equal((await webengage.call('/events', body)).status, 201);
  }
  return (await test.store.events()).map(({ properties }) => properties);
}

/** `count` attributes, named by the prefix and their number. */
function many(prefix: string, count: number, value: unknown): Record<string, unknown> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, value]));
}

describe('attributes of events', () => {
  it('have names of less than 50 characters that are not reserved; the others are dropped, counted, and cost the rest nothing', async () => {
    const kept = { ['n'.repeat(49)]: 1, we: 2, WE_a: 3, 'we-a': 4, 'a.b': 5, constructor: 6 };
    const [stored] = await store({ ...kept, ['n'.repeat(50)]: 1, we_: 2, we_a: 3 });
    assert.deepEqual(stored, kept);
    assert.deepEqual(await test.store.accounting('webengage'), {
      received: 1,
      stored: 1,
      'attribute-dropped name-too-long': 1,
      'attribute-dropped reserved-name': 2,
    });
  });

  it('leave out members that are no field of the API, which are counted by name and shown with the event', async () => {
    const event = { userId: 'ada', eventName: 'Paid', plan: 'pro', eventdata: { a: 1 }, __proto__x: 1 };
    assert.equal((await webengage.call('/events', event)).status, 201);
    assert.equal((await webengage.call('/users', { userId: 'ada', plan: 'pro' })).status, 201);
    assert.deepEqual(await test.store.accounting('webengage'), {
      received: 1,
      stored: 1,
      'attribute-dropped no-such-field: plan': 2,
      'attribute-dropped no-such-field: eventdata': 1,
      'attribute-dropped no-such-field: __proto__x': 1,
    });
    const { body } = await test.native.call('GET', '/events');
    assert.deepEqual(body.events[0].dropped, ['plan', 'eventdata', '__proto__x']);
  });

  it('are counted by a hundred names at most: a client that makes names up fills nothing', async () => {
    for (let index = 0; index < 8; index++) {
      const made = many(`made-up-${index}-\u0000`, 10, 1);
      const body = { userId: 'ada', eventName: 'Paid', ...many(`name-${index}-`, 15, 1), ...made };
      assert.equal((await webengage.call('/events', body)).status, 201);
    }
    const counts = await test.store.accounting('webengage');
    const names = Object.keys(counts).filter((key) => key.startsWith('attribute-dropped'));
    assert.equal(counts.stored, 8);
    assert.equal(names.length, 101);
    assert.equal(
      names.reduce((sum, name) => sum + counts[name]!, 0),
      8 * 20,
    );
  });

  it('are cut from 1,000 characters on, and that is counted', async () => {
    const [stored] = await store({
      whole: 'a'.repeat(999),
      cut: 'b'.repeat(1000),
      long: 'c'.repeat(5000),
    });
    assert.deepEqual(stored, { whole: 'a'.repeat(999), cut: 'b'.repeat(999), long: 'c'.repeat(999) });
    assert.equal((await test.store.accounting('webengage'))['attribute-dropped string-cut'], 2);
  });

  it('are cut where no character is left halved', async () => {
    const [stored] = await store({ text: `${'a'.repeat(998)}😀😀` });
    assert.equal(stored!.text, 'a'.repeat(998));
  });

  it('have the type of their first value; others are dropped and counted, and a null says nothing', async () => {
    const date = '2018-09-15T18:29:00-0800';
    const first = { text: 'a', number: 1, yes: true, date, list: [1], map: { a: 1 } };
    const fitting = { text: '', number: 0.5, yes: false, date: '2019-01-01T00:00:00Z', list: [], map: {} };
    const stored = await store(
      { late: null },
      first,
      fitting,
      { text: 1, number: '1', yes: 'true', date: 'soon', list: {}, map: [], other: 1 },
      { text: date, late: 5, Text: 1 },
      { text: null, late: 'x' },
    );
    assert.deepEqual(stored, [{}, first, fitting, { other: 1 }, { late: 5, Text: 1 }, {}]);
    assert.deepEqual(await test.store.accounting('webengage'), {
      received: 6,
      stored: 6,
      'attribute-dropped other-type': 8,
    });
  });

  it('are locked by event name and workspace, also within one call', async () => {
    const other = await test.addWorkspace();
    const event = (eventName: string, size: unknown) => ({ userId: 'u', eventName, eventData: { size } });
    const events = [event('Paid', 1), event('Paid', 'large'), event('Seen', 'large')];
    await webengage.call('/bulk-events', { events });
    await new WebengageClient(test, other).call('/bulk-events', { events: events.slice(1) });
    assert.deepEqual(
      (await test.store.events()).map(({ properties }) => properties),
      [{ size: 1 }, {}, { size: 'large' }],
    );
    assert.deepEqual((await new Store(test, other).events())[0]!.properties, { size: 'large' });
  });

  it('are at most 25 of each type for an event name, over all events', async () => {
    const [first, second, third] = await store(
      { ...many('s', 20, 'a'), ...many('n', 25, 1) },
      { ...many('t', 6, 'b'), s0: 'known', n25: 1, yes: true, day: '2018-09-15T18:29:00Z' },
      { t5: 'x', s0: 5, yes2: true },
    );
    assert.equal(Object.keys(first!).length, 45);
    assert.deepEqual(second, {
      ...many('t', 5, 'b'),
      s0: 'known',
      yes: true,
      day: '2018-09-15T18:29:00Z',
    });
    assert.deepEqual(third, { yes2: true });
    assert.deepEqual(await test.store.accounting('webengage'), {
      received: 3,
      stored: 3,
      'attribute-dropped too-many': 3,
      'attribute-dropped other-type': 1,
    });
    await webengage.call('/events', { userId: 'u', eventName: 'Seen', eventData: many('s', 25, 'a') });
    assert.equal(Object.keys((await test.store.events()).at(-1)!.properties).length, 25);
  });

  it('of another type than their own take no place of the 25', async () => {
    const [, , last] = await store({ a: 1 }, { a: 'text' }, many('s', 25, 'x'));
    assert.equal(Object.keys(last!).length, 25);
  });

  it('are neither counted nor locked by an event that was a repeat', async () => {
    const send = (eventData: object) =>
      webengage.call(
        '/events',
        { userId: 'u', eventName: 'Paid', eventData },
        { headers: { 'x-request-id': 'aa' } },
      );
    await send({ a: 1 });
    await send({ b: 'x', we_c: 1 });
    assert.deepEqual(await test.store.accounting('webengage'), { received: 2, stored: 1, duplicate: 1 });
    assert.deepEqual((await store({ b: 5 })).at(-1), { b: 5 });
  });
});

describe('custom attributes of users', () => {
  it('follow the same rules, apart from the events’', async () => {
    await store({ age: 'old' });
    const upsert = async (attributes: unknown) => {
      const reply = await webengage.call('/users', { userId: 'u', attributes });
      assert.equal(reply.status, 201, reply.text);
    };
    await upsert({ age: 30, long: 'x'.repeat(1001), we_x: 1, ['n'.repeat(50)]: 1, none: null });
    await upsert({ age: 'thirty', ...many('n', 25, 1) });
    const { values } = (await test.store.profiles())[0]!;
    assert.equal(values['attributes.age'], 30);
    assert.equal(values['attributes.long'], 'x'.repeat(999));
    assert.equal(Object.keys(values).length, 26, '25 numbers, one of them the age, and a text');
    assert.deepEqual(await test.store.accounting('webengage'), {
      received: 1,
      stored: 1,
      'attribute-dropped name-too-long': 1,
      'attribute-dropped reserved-name': 1,
      'attribute-dropped string-cut': 1,
      'attribute-dropped other-type': 1,
      'attribute-dropped too-many': 1,
    });
  });
});
