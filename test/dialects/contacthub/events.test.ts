import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { readQuarantined } from '../../../src/core/quarantine/quarantine-store.ts';
import { contacthub } from '../../../src/dialects/contacthub/index.ts';
import { useApp } from '../../helpers/app.ts';
import { ContacthubClient } from './client.ts';

const test = await useApp();
const client = new ContacthubClient(test);

const quarantined = () => test.store.quarantined();
const accounting = () => test.store.accounting('contacthub');

describe('POST /events', () => {
  it('answers 202 with the id, and the event is there with all that was sent', async () => {
    const customer = await client.create('event@example.com');
    const sent = {
      customerId: customer.id,
      type: 'viewedProduct',
      context: 'MOBILE',
      date: '2024-03-10T08:30:00.250+0100',
      properties: { id: 'p1', name: 'Shoe', price: 10.5, extraProperties: { free: ['x'] } },
      contextInfo: { client: { ip: '10.0.0.1' }, device: { model: 'M' } },
      tracking: { ga: { utm_source: 'mail' } },
    };
    const reply = await client.call('POST', '/events', sent);
    assert.equal(reply.status, 202);
    assert.deepEqual(Object.keys(reply.body), ['id']);
    const event = (await client.call('GET', `/events/${reply.body.id}`)).body;
    assert.deepEqual(event, {
      id: reply.body.id,
      customerId: customer.id,
      bringBackProperties: null,
      type: 'viewedProduct',
      context: 'MOBILE',
      contextInfo: { client: { userAgent: 'test-client/1', ip: '10.0.0.1' }, device: { model: 'M' } },
      properties: sent.properties,
      tracking: sent.tracking,
      date: '2024-03-10T07:30:00.250+0000',
      origin: 'NATIVE',
      registeredAt: event.registeredAt,
      updatedAt: event.registeredAt,
      version: 1,
    });
    assert.match(event.registeredAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
  });

  it('takes the empty lists that PHP writes for empty maps', async () => {
    const { id: customerId } = await client.create('php@example.com');
    const properties = { id: 'p1', name: 'Shoe', extraProperties: [] };
    const sent = {
      customerId,
      type: 'viewedProduct',
      context: 'OTHER',
      properties,
      contextInfo: [],
      tracking: [],
    };
    const reply = await client.call('POST', '/events', sent);
    assert.equal(reply.status, 202, JSON.stringify(reply.body));
    const event = (await client.call('GET', `/events/${reply.body.id}`)).body;
    assert.deepEqual(event.properties, { ...properties, extraProperties: {} });
    assert.deepEqual(event.tracking, {});
  });

  it('answers 404 for an unknown customer, whatever the id looks like, and stores nothing', async () => {
    for (const customerId of ['123', 'not-existing', '0191c2a0-0000-7000-8000-000000000000']) {
      const reply = await client.call('POST', '/events', {
        customerId,
        type: 'loggedIn',
        context: 'WEB',
        properties: {},
      });
      assert.equal(reply.status, 404, customerId);
      assert.deepEqual(Object.keys(reply.body).sort(), ['data', 'errors', 'logref', 'message']);
    }
  });

  it('refuses what is no event yet, and keeps none of it', async () => {
    const whole = { customerId: 'c', type: 'loggedIn', context: 'WEB', properties: {} };
    const { nodeId } = client;
    const bringBackProperties = { type: 'SESSION_ID', value: 's', nodeId };
    const before = (await quarantined()).length;
    const bodies = [
      undefined,
      [],
      { ...whole, type: undefined },
      { ...whole, context: undefined },
      { ...whole, properties: undefined },
      { ...whole, customerId: undefined },
      { ...whole, bringBackProperties },
      { ...whole, customerId: undefined, bringBackProperties: { type: 'SESSION_ID', value: 's' } },
    ];
    for (const body of bodies) {
      const reply = await client.call('POST', '/events', body);
      assert.equal(reply.status, 400, JSON.stringify(body));
      assert.equal(reply.body.errors.length, 1);
      assert.equal(reply.body.errors[0].code, null);
    }
    assert.equal((await quarantined()).length, before);
  });

  it('answers 404 for a node that is not there', async () => {
    const nodeId = '0191c2a0-0000-7000-8000-000000000000';
    const reply = await client.call('POST', '/events', {
      bringBackProperties: { type: 'SESSION_ID', value: 's', nodeId },
      type: 'loggedIn',
      context: 'WEB',
      properties: {},
    });
    assert.equal(reply.status, 404);
    assert.equal(reply.body.message, `node not found ${nodeId}`);
  });

  it('takes 65,535 bytes and refuses one more', async () => {
    const body = (length: number) => {
      const event = (text: string) =>
        JSON.stringify({
          bringBackProperties: { type: 'SESSION_ID', value: 'big', nodeId: client.nodeId },
          type: 'loggedIn',
          context: 'WEB',
          properties: { extraProperties: { text } },
        });
      return event('x'.repeat(length - event('').length));
    };
    assert.equal((await client.call('POST', '/events', body(65_535))).status, 202);
    const reply = await client.call('POST', '/events', body(65_536));
    assert.equal(reply.status, 413);
    assert.deepEqual(Object.keys(reply.body).sort(), ['data', 'errors', 'logref', 'message']);
  });

  it('keeps a bad event whole, tells what is wrong with it, and takes it again', async () => {
    const customer = await client.create('bad-event@example.com');
    const before = await accounting();
    const raw = `{"customerId":"${customer.id}",  "type":"viewedPage","context":"WEB","properties":{"nonsense":1}}`;
    const reply = await client.call('POST', '/events', raw);
    assert.equal(reply.status, 400);
    assert.equal(reply.body.message, 'source event is not valid');
    assert.deepEqual(reply.body.errors, [
      { path: '/properties/nonsense', message: 'is not a known property', code: null, data: null },
    ]);
    assert.deepEqual(await client.eventsOf(customer.id), []);
    const [row] = (await quarantined()).slice(-1);
    assert.equal(row!.rule, 'invalid-field');
    assert.equal(row!.path, '/properties/nonsense');
    assert.equal(row!.type, 'viewedPage');
    const after = await accounting();
    assert.equal(after.received! - (before.received ?? 0), 1);
    assert.equal(after.quarantined! - (before.quarantined ?? 0), 1);

    assert.equal(row!.raw, raw);
    const { id } = test.workspace.created;
    const kept = await readQuarantined(test.database, id, row!.id);
    // As an operator who has mended it would: the same event, its unknown property taken out.
    const mended = { ...kept!, raw: Buffer.from(raw.replace('nonsense":1', 'title":"T"')) };
    const again = { ...contacthub.replay(mended), replayOf: { id: kept!.id } };
    await test.app.services.ingest.submit(id, again);
    const [eventId] = await client.eventsOf(customer.id);
    const event = (await client.call('GET', `/events/${eventId}`)).body;
    assert.equal(event.properties.title, 'T');
    assert.equal(event.contextInfo.client.userAgent, 'test-client/1');
  });

  it('keeps an event that breaks any other part of the schema, or that can not be stored', async () => {
    const whole = {
      bringBackProperties: { type: 'SESSION_ID', value: 's', nodeId: client.nodeId },
      type: 'viewedPage',
      context: 'WEB',
      properties: {},
    };
    const bad: [object, string][] = [
      [{ ...whole, contextInfo: { device: {} } }, '/contextInfo/device'],
      [{ ...whole, tracking: { ga: { other: 'x' } } }, '/tracking/ga/other'],
      [{ ...whole, date: 'yesterday' }, '/date'],
      [{ ...whole, type: 'noSuchType' }, '/type'],
      [{ ...whole, properties: { title: 'a\u0000b' } }, '/properties/title'],
      [{ ...whole, properties: { 'a\u0000': 1 } }, '/properties/a\ufffd'],
      [{ ...whole, type: 'a\u0000' }, '/type'],
      [
        { ...whole, bringBackProperties: { ...whole.bringBackProperties, value: 'a\ud800' } },
        '/bringBackProperties/value',
      ],
    ];
    for (const [body, path] of bad) {
      const before = (await quarantined()).length;
      const reply = await client.call('POST', '/events', body);
      assert.equal(reply.status, 400, path);
      assert.equal(reply.body.errors[0].path, path);
      assert.equal((await quarantined()).length, before + 1, path);
    }
  });
});

describe('GET /events/{id}', () => {
  it('answers 404 for an id that is not there, and for one of another form', async () => {
    for (const id of ['0191c2a0-0000-7000-8000-000000000000', 'nonsense']) {
      assert.equal((await client.call('GET', `/events/${id}`)).status, 404);
    }
  });

  it('names the neighbours by date when it is asked to', async () => {
    const customer = await client.create('neighbours@example.com');
    const at = (day: number) => ({ date: `2024-01-0${day}T00:00:00Z` });
    const third = await client.view({ customerId: customer.id }, at(3));
    const first = await client.view({ session: 'neighbour' }, at(1));
    const second = await client.view({ customerId: customer.id }, at(2));
    await client.call('POST', `/customers/${customer.id}/sessions`, { value: 'neighbour' });
    const neighbours = async (id: string) => {
      const { prev, next } = (await client.call('GET', `/events/${id}?nav=CUSTOMER`)).body;
      return [prev, next];
    };
    assert.deepEqual(await neighbours(second), [first, third]);
    assert.deepEqual(await neighbours(first), [null, second]);
    assert.deepEqual(await neighbours(third), [second, null]);
    assert.equal('prev' in (await client.call('GET', `/events/${second}`)).body, false);
    assert.equal((await client.call('GET', `/events/${second}?nav=OTHER`)).status, 400);
  });
});

describe('GET /events', () => {
  let customerId: string;
  const ids: string[] = [];

  before(async () => {
    customerId = (await client.create('search@example.com')).id;
    for (let day = 1; day <= 4; day++)
      ids.push(await client.view({ customerId }, { date: `2020-05-0${day}T12:00:00.000Z` }));
    const reply = await client.call('POST', '/events', {
      customerId,
      type: 'campaignSent',
      context: 'DIGITAL_CAMPAIGN',
      date: '2020-05-05T12:00:00Z',
      properties: {},
    });
    ids.push(reply.body.id);
  });

  async function found(query: string): Promise<string[]> {
    const reply = await client.call('GET', `/events?${query}`);
    assert.equal(reply.status, 200, JSON.stringify(reply.body));
    return reply.body.elements.map((event: { id: string }) => event.id);
  }

  it('shows the newest first, ten of them, in the vendor page', async () => {
    const reply = await client.call('GET', `/events?customerId=${customerId}`);
    assert.deepEqual(reply.body.page, {
      size: 10,
      totalElements: 5,
      totalUnfilteredElements: 5,
      totalPages: 1,
      number: 0,
    });
    assert.deepEqual(
      reply.body.elements.map((event: { id: string }) => event.id),
      ids.toReversed(),
    );
  });

  it('pages, also beyond the end', async () => {
    assert.deepEqual(await found(`customerId=${customerId}&size=2&page=1`), [ids[2], ids[1]]);
    const beyond = (await client.call('GET', `/events?customerId=${customerId}&size=2&page=3`)).body;
    assert.deepEqual(beyond.elements, []);
    assert.equal(beyond.page.number, 3);
    assert.equal(beyond.page.totalElements, 5);
    for (const bad of [
      'size=0',
      'size=x',
      'page=-1',
      'sort=type',
      'sort=date,up',
      'mode=BOTH',
      'dateFrom=x',
    ]) {
      const reply = await client.call('GET', `/events?customerId=${customerId}&${bad}`);
      assert.equal(reply.status, 400, bad);
    }
  });

  it('filters by both bounds inclusive, type, context and mode', async () => {
    const of = `customerId=${customerId}`;
    const range = 'dateFrom=2020-05-02T12:00:00.000Z&dateTo=2020-05-03T12:00:00.000Z';
    assert.deepEqual(await found(`${of}&${range}`), [ids[2], ids[1]]);
    assert.deepEqual(await found(`${of}&${range}&sort=date,asc`), [ids[1], ids[2]]);
    assert.deepEqual(await found(`${of}&type=campaignSent`), [ids[4]]);
    assert.equal((await found(`${of}&type=campaignSent,viewedPage`)).length, 5);
    assert.deepEqual(await found(`${of}&context=DIGITAL_CAMPAIGN`), [ids[4]]);
    assert.equal((await found(`${of}&context=DIGITAL_CAMPAIGN,WEB`)).length, 5);
    assert.deepEqual(await found(`${of}&mode=PASSIVE`), [ids[4]]);
    assert.equal((await found(`${of}&mode=ACTIVE`)).length, 4);
    assert.deepEqual(await found(`${of}&type=loggedOut`), []);
  });

  it('searches a whole node, and refuses one that is not there', async () => {
    const day = 'dateFrom=2020-05-05T00:00:00Z&dateTo=2020-05-06T00:00:00Z';
    assert.deepEqual(await found(`nodeId=${client.nodeId}&${day}`), [ids[4]]);
    assert.deepEqual(await found(day), [ids[4]]);
    const reply = await client.call('GET', '/events?nodeId=nowhere');
    assert.equal(reply.status, 404);
    assert.equal(reply.body.message, 'node not found nowhere');
  });

  it('finds nothing for a customer that is not there', async () => {
    assert.deepEqual(await found('customerId=nobody'), []);
  });
});
