import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EVENT_TYPE_NAMES } from '../../../src/dialects/contacthub/documents/enums.ts';
import { useApp } from '../../helpers/app.ts';
import { BulkClient, outcomesOf } from './bulk-client.ts';
import { ConfigurationClient, faultOf } from './configuration-client.ts';

const test = await useApp();
const client = new ConfigurationClient(test);
const { operatorToken } = client.credentials.contacthub;
const { id: customerId } = await client.create('configured@example.com');

describe('the configurations of event types', () => {
  it('are 48, in pages of 20, each as the vendor shows it', async () => {
    const { body } = await client.read('/events');
    assert.deepEqual(body.page, {
      size: 20,
      totalElements: 48,
      totalUnfilteredElements: 48,
      totalPages: 3,
      number: 0,
    });
    const pages = await Promise.all([0, 1, 2, 3].map((page) => client.read(`/events?page=${page}&size=20`)));
    const all = pages.flatMap((page) => page.body.elements);
    assert.deepEqual(
      all.map(({ id }: { id: string }) => id),
      [...EVENT_TYPE_NAMES],
    );
    assert.deepEqual(pages[3]?.body.elements, []);
    const ticket = all.find(({ id }: { id: string }) => id === 'openedTicket');
    assert.deepEqual(Object.keys(ticket), [
      ...['id', 'type', 'mode', 'label', 'description', 'propertiesSchema', 'enabled'],
    ]);
    assert.deepEqual(
      [ticket.type, ticket.mode, ticket.label, ticket.enabled],
      [...['openedTicket', 'ACTIVE', 'Opened ticket'], true],
    );
    assert.deepEqual((await client.read('/events/openedTicket')).body, ticket);
    assert.deepEqual((await client.read('/events/openedTicket/properties')).body, ticket.propertiesSchema);
  });

  it('are at most 50 a page', async () => {
    assert.equal((await client.read('/events?size=50')).body.elements.length, 48);
    for (const [query, path] of [
      ['size=51', '/size'],
      ['size=-1', '/size'],
      ['page=51', '/page'],
      ['page=x', '/page'],
    ] as const)
      assert.deepEqual(faultOf(await client.read(`/events?${query}`)).slice(0, 2), [400, path], query);
  });

  it('have their references resolved where that is asked for', async () => {
    for (const path of ['/events/completedOrder', '/events/completedOrder/properties', '/events?size=50']) {
      assert.match(
        (await client.read(path)).text,
        /"\$ref":"http:\/\/[^"]+\/hub\/v1\/docs\/schema\/enums/,
        path,
      );
      const separator = path.includes('?') ? '&' : '?';
      const resolved = await client.read(`${path}${separator}resolveReferences=true`);
      assert.equal(resolved.status, 200);
      assert.doesNotMatch(resolved.text, /\$ref/, path);
    }
  });

  it('are 404 of a type that there is not, which is named', async () => {
    for (const path of ['', '/properties', '/properties/extended'])
      assert.equal(
        (await client.read(`/events/boughtTheMoon${path}`)).body.message,
        'event not found boughtTheMoon',
      );
    for (const path of ['', '/enabled', '/properties/extended'])
      assert.equal((await client.write(`/events/boughtTheMoon${path}`, {})).status, 404, path);
  });

  it('list the types with their states', async () => {
    const { body } = await client.read('/event-types');
    assert.equal(body.elements.length, 48);
    assert.deepEqual(body.elements[0], { id: 'abandonedCart', mode: 'ACTIVE', enabled: true });
  });
});

describe('a disabled event type', () => {
  it('takes no events: they are refused by its name, kept in quarantine, and taken once it is enabled', async () => {
    assert.deepEqual(await client.set('/events/loggedOut/enabled', { value: false }), { value: false });
    assert.equal((await client.read('/events/loggedOut')).body.enabled, false);
    const types = (await client.read('/event-types')).body.elements;
    const disabled = types.filter(({ enabled }: { enabled: boolean }) => !enabled);
    assert.deepEqual(disabled, [{ id: 'loggedOut', mode: 'ACTIVE', enabled: false }]);

    const before = await test.store.accounting('contacthub');
    assert.deepEqual(faultOf(await client.send(customerId, 'loggedOut')), [
      ...[400, '/type', 'loggedOut is disabled'],
    ]);
    const kept = (await test.store.quarantined()).at(-1);
    assert.ok(kept);
    assert.deepEqual([kept.rule, kept.type, kept.path], ['disabled-event-type', 'loggedOut', '/type']);
    const after = await test.store.accounting('contacthub');
    assert.equal((after.quarantined ?? 0) - (before.quarantined ?? 0), 1);
    assert.equal((await client.send(customerId, 'loggedIn')).status, 202);

    const replay = () => client.native.call('POST', `/quarantine/${kept.id}/replay`, { body: {} });
    assert.equal((await replay()).status, 422);
    const { remedy } = await client.native.read(`/quarantine/${kept.id}`);
    assert.deepEqual(
      [remedy.change, remedy.setting],
      ['setting', 'dialects.contacthub.events.loggedOut.enabled'],
    );
    const contacthub = { events: { loggedOut: { enabled: true } } };
    assert.equal((await client.native.call('PATCH', '', { body: { dialects: { contacthub } } })).status, 200);
    assert.equal((await client.read('/events/loggedOut')).body.enabled, true);
    assert.equal((await replay()).status, 200);
    assert.equal((await client.call('GET', `/events/${kept.id}`)).body.type, 'loggedOut');
  });

  it('leaves the events that are there as they are: shown, changed and deleted', async () => {
    const { body } = await client.send(customerId, 'searched', { keyword: 'a' });
    await client.set('/events/searched/enabled', { value: false });
    const path = `/events/${body.id}`;
    assert.equal((await client.call('PATCH', path, { properties: { keyword: 'b' } })).status, 202);
    assert.equal((await client.call('GET', path)).body.properties.keyword, 'b');
    assert.equal((await client.call('DELETE', path)).status, 204);
    await client.set('/events/searched/enabled', { value: true });
  });

  it('is disabled by the whole configuration too, as it is shown or with its name alone', async () => {
    const path = '/events/clickedLink';
    for (const query of ['', '?resolveReferences=true']) {
      const shown = (await client.read(`${path}${query}`)).body;
      const reply = await client.write(`${path}${query}`, { ...shown, enabled: false });
      assert.deepEqual([reply.status, reply.body], [200, { ...shown, enabled: false }]);
      assert.equal((await client.set(path, {})).enabled, true, 'enabled is true unless it is said');
    }
    assert.equal((await client.set(path, { id: 'clickedLink', enabled: false })).enabled, false);
    await client.set(path, { id: 'clickedLink', type: 'clickedLink', enabled: true });
  });

  it('is not made of a body that says something else', async () => {
    for (const [path, body, fault] of [
      ['', { id: 'viewedPage' }, [400, '/id', 'is immutable']],
      ['', { label: 'Other' }, [400, '/label', 'is immutable']],
      ['', { propertiesSchema: {} }, [400, '/propertiesSchema', 'is immutable']],
      ['', { enabled: 'no' }, [400, '/enabled', 'must be boolean']],
      ['', { colour: 1 }, [400, '/colour', 'is not a known property']],
      ['/enabled', {}, [400, '/value', 'is required']],
      ['/enabled', { value: 1 }, [400, '/value', 'must be boolean']],
      ['/enabled', { value: true, more: 1 }, [400, '/more', 'is not a known property']],
      ['/enabled', [], [400, '', 'must be object']],
      ['/enabled', undefined, [400, '', 'must be object']],
    ] as const)
      assert.deepEqual(
        faultOf(await client.write(`/events/clickedLink${path}`, body)),
        fault,
        JSON.stringify(body),
      );
    assert.equal((await client.read('/events/clickedLink')).body.enabled, true);
  });

  it('is one of that workspace alone', async () => {
    const other = new ConfigurationClient(test, await test.addWorkspace());
    await other.set('/events/viewedPage/enabled', { value: false });
    assert.equal((await client.read('/events/viewedPage')).body.enabled, true);
    const foreign = await client.call('GET', '/configuration/events', undefined, {
      workspaceId: other.credentials.contacthub.workspaceId,
    });
    assert.equal(foreign.status, 403);
  });
});

/** Of each kind. */
const definitions = {
  shop: { type: 'string', maxLength: 5, label: 'The shop' },
  note: { type: 'string' },
  score: { type: 'number' },
  count: { type: 'integer', mergePolicy: 'MATH_SUM' },
  known: { type: 'boolean' },
  words: { type: 'array', items: { type: 'string' }, maxLength: 6 },
  size: { type: 'object', properties: { height: { type: 'number' } } },
  gone: { type: 'string', enabled: false },
};

/** What they refuse, and where below `extended`. */
const refused: [object, string][] = [
  [{ shop: 'Milano' }, '/shop'],
  [{ note: 'x'.repeat(256) }, '/note'],
  [{ score: '1' }, '/score'],
  [{ count: 1.5 }, '/count'],
  [{ known: 'yes' }, '/known'],
  [{ words: ['abc', 'def'] }, '/words'],
  [{ size: { height: 'tall' } }, '/size/height'],
  [{ size: { width: 1 } }, '/size/width'],
  [{ gone: 'x' }, '/gone'],
  [{ other: 1 }, '/other'],
  [{ constructor: 1 }, '/constructor'],
];
const taken = {
  shop: 'Turin',
  note: null,
  score: 1.5,
  count: 3,
  known: true,
  words: ['abc', 'de'],
  size: { height: 2 },
};

describe('extended properties of an event type', () => {
  const path = '/events/viewedPage/properties/extended';

  it('are any object until there is a schema, and none once it is taken away', async () => {
    assert.deepEqual((await client.read(path)).body, {});
    assert.equal((await client.send(customerId, 'viewedPage', { extended: { anything: 1 } })).status, 202);
    await client.set(path, { shop: { type: 'string' } });
    assert.equal((await client.send(customerId, 'viewedPage', { extended: { anything: 1 } })).status, 400);
    assert.deepEqual(await client.set(path, {}), {});
    assert.equal((await client.send(customerId, 'viewedPage', { extended: { anything: 1 } })).status, 202);
  });

  it('are what events of the type, and no others, are checked by', async () => {
    const shown = await client.set(path, definitions);
    assert.deepEqual((await client.read(path)).body, shown);
    assert.deepEqual(shown.shop, { enabled: true, indexed: false, ...definitions.shop });
    assert.equal(shown.note.maxLength, 255);
    for (const [extended, where] of refused) {
      const reply = await client.send(customerId, 'viewedPage', { extended });
      assert.deepEqual(
        faultOf(reply).slice(0, 2),
        [400, `/properties/extended${where}`],
        JSON.stringify(extended),
      );
      assert.equal((await client.send(customerId, 'clickedLink', { extended })).status, 202);
    }
    for (const extended of [taken, {}, null, []])
      assert.equal(
        (await client.send(customerId, 'viewedPage', { extended })).status,
        202,
        JSON.stringify(extended),
      );
    const long = await client.send(customerId, 'viewedPage', { extended: { note: 'x'.repeat(255) } });
    assert.equal(long.status, 202);
  });

  it('keep the digits of numbers, and are a map where PHP writes an empty one as a list', async () => {
    await client.set(path, definitions);
    const raw = (extended: string) =>
      `{"customerId":"${customerId}","type":"viewedPage","context":"WEB","properties":{"extended":${extended}}}`;
    const { status, body } = await client.call(
      'POST',
      '/events',
      raw('{"score":9007199254740993,"size":[]}'),
    );
    assert.equal(status, 202);
    const shown = await client.call('GET', `/events/${body.id}`);
    assert.match(shown.text, /"extended":\{"score":9007199254740993,"size":\{\}\}/);
  });

  it('are checked when an event is written anew, of what it comes to', async () => {
    await client.set(path, definitions);
    const { body } = await client.send(customerId, 'viewedPage', { title: 'a', extended: taken });
    const event = `/events/${body.id}`;
    const patched = await client.call('PATCH', event, { properties: { extended: { size: { width: 1 } } } });
    assert.deepEqual(faultOf(patched).slice(0, 2), [400, '/properties/extended/size/width']);
    assert.equal((await client.call('PATCH', event, { properties: { extended: { score: 2 } } })).status, 202);
    const whole = { type: 'viewedPage', context: 'WEB', properties: { extended: { other: 1 } } };
    assert.deepEqual(faultOf(await client.call('PUT', event, whole)).slice(0, 2), [
      400,
      '/properties/extended/other',
    ]);
    assert.deepEqual((await client.call('GET', event)).body.properties.extended, { ...taken, score: 2 });
  });

  it('are shown in the schema of its properties, without those that are disabled', async () => {
    await client.set(path, definitions);
    for (const query of ['', '?resolveReferences=true']) {
      const { extended } = (await client.read(`/events/viewedPage/properties${query}`)).body.properties;
      assert.deepEqual(extended.type, ['object', 'null']);
      assert.equal(extended.additionalProperties, false);
      assert.deepEqual(Object.keys(extended.properties).sort(), Object.keys(definitions).slice(0, -1).sort());
      assert.deepEqual(extended.properties.shop, {
        type: ['string', 'null'],
        maxLength: 5,
        contactlabProperties: { label: 'The shop', enabled: true },
      });
    }
    const other = (await client.read('/events/clickedLink/properties')).body.properties.extended;
    assert.match(other.oneOf[0].$ref, /empty-extended-properties\.json$/);
  });

  it('are asked for by what customers did, and an unknown one is refused by its name', async () => {
    await client.set(path, definitions);
    const { id } = await client.create('asked-for@example.com');
    await client.send(id, 'viewedPage', { extended: { score: 77, size: { height: 3 } } });
    const search = (attribute: string, value: unknown) => {
      const condition = { type: 'atomic', attribute, operator: 'EQUALS', value };
      const query = {
        name: '',
        query: { type: 'simple', did: { event: { name: 'viewedPage' }, condition } },
      };
      return client.call(
        'GET',
        `/customers?nodeId=${client.nodeId}&query=${encodeURIComponent(JSON.stringify(query))}`,
      );
    };
    for (const [attribute, value] of [
      ['properties.extended.score', 77],
      ['properties.extended.score', '77'],
      ['properties.extended.size.height', 3],
    ] as const) {
      const { status, body } = await search(attribute, value);
      assert.deepEqual([status, body.elements?.map((one: { id: string }) => one.id)], [200, [id]], attribute);
    }
    for (const name of ['other', 'gone', 'size.width']) {
      const { status, body } = await search(`properties.extended.${name}`, 1);
      assert.equal(status, 400);
      assert.match(body.message, new RegExp(`properties\\.extended\\.${name}`));
    }
  });

  it('are refused where they are none, each with its pointer, and nothing is changed', async () => {
    const before = await client.set(path, definitions);
    const deep = { type: 'object', properties: { a: { type: 'object', properties: {} } } };
    for (const [body, where] of [
      [{ 'my.shop': { type: 'string' } }, '/my.shop'],
      [{ '': { type: 'string' } }, '/'],
      [{ ['x'.repeat(101)]: { type: 'string' } }, `/${'x'.repeat(100)}`],
      [{ 'a/b~c': { type: 'text' } }, '/a~1b~0c/type'],
      [{ shop: { type: 'date' } }, '/shop/type'],
      [{ shop: { type: ['string'] } }, '/shop/type'],
      [{ shop: {} }, '/shop/type'],
      [{ shop: 'string' }, '/shop'],
      [{ shop: null }, '/shop'],
      [{ shop: { type: 'string', maxLength: 0 } }, '/shop/maxLength'],
      [{ shop: { type: 'string', maxLength: 6001 } }, '/shop/maxLength'],
      [{ shop: { type: 'string', maxLength: '5' } }, '/shop/maxLength'],
      [{ shop: { type: 'number', maxLength: 5 } }, '/shop/maxLength'],
      [{ shop: { type: 'string', mergePolicy: 'MATH_SUM' } }, '/shop/mergePolicy'],
      [{ shop: { type: 'boolean', mergePolicy: 'ARRAY_UNION' } }, '/shop/mergePolicy'],
      [{ shop: { type: 'string', enabled: 'yes' } }, '/shop/enabled'],
      [{ shop: { type: 'string', label: 5 } }, '/shop/label'],
      [{ shop: { type: 'string', format: 'phone' } }, '/shop/format'],
      [{ shop: { type: 'string', pattern: '(a+)+$' } }, '/shop/pattern'],
      [{ words: { type: 'array', items: { type: 'word' } } }, '/words/items/type'],
      [{ words: { type: 'array', items: 'string' } }, '/words/items'],
      [{ size: { type: 'object', properties: { 'a.b': { type: 'number' } } } }, '/size/properties/a.b'],
      [{ size: { type: 'object', properties: { a: { type: 'x' } } } }, '/size/properties/a/type'],
      [
        { size: { type: 'object', properties: { a: { type: 'object', properties: { b: deep } } } } },
        '/size/properties/a/properties/b/properties/a/properties',
      ],
      [Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`p${index}`, { type: 'string' }])), ''],
      [[], ''],
      ['text', ''],
    ] as const) {
      const reply = await client.write(path, typeof body === 'string' ? JSON.stringify(body) : body);
      assert.deepEqual(faultOf(reply).slice(0, 2), [400, where], reply.text);
    }
    assert.equal((await client.write(path, '{"__proto__":{"type":"string"}}')).status, 400);
    assert.deepEqual((await client.read(path)).body, before);
  });

  it('are marked as indexed by a CLAB_OPERATOR alone, and kept so by an ADMIN', async () => {
    const marked = {
      shop: { type: 'string', indexed: true },
      size: { type: 'object', properties: { height: { type: 'number', indexed: true } } },
    };
    const plain = { shop: { type: 'string' } };
    await client.set(path, plain);
    const refusal = await client.write(path, marked);
    assert.deepEqual(faultOf(refusal), [403, '/shop/indexed', 'can only be changed by CLAB_OPERATOR']);
    const inner = await client.write(path, { ...plain, size: marked.size });
    assert.deepEqual(faultOf(inner).slice(0, 2), [403, '/size/properties/height/indexed']);
    assert.equal((await client.set(path, marked, operatorToken)).shop.indexed, true);
    const kept = await client.set(path, { ...marked, shop: { ...marked.shop, label: 'Shop' } });
    assert.deepEqual([kept.shop.indexed, kept.shop.label], [true, 'Shop']);
    assert.deepEqual(faultOf(await client.write(path, plain)).slice(0, 2), [403, '/shop/indexed']);
    await client.set(path, {}, operatorToken);
  });

  it('stand in the settings that the native API shows and writes', async () => {
    await client.set(path, { shop: { type: 'string' } });
    const before = (await client.native.read('')).dialects.contacthub;
    assert.deepEqual(before.events.viewedPage, { extended: { shop: { type: 'string' } } });
    const events = { viewedPage: { enabled: false, extended: null } };
    const reply = await client.native.call('PATCH', '', {
      body: { dialects: { contacthub: { events } } },
    });
    assert.equal(reply.status, 200, reply.text);
    assert.equal((await client.read('/events/viewedPage')).body.enabled, false);
    assert.deepEqual((await client.read(path)).body, {});
    for (const [wrong, where] of [
      [{ boughtTheMoon: {} }, 'boughtTheMoon'],
      [{ viewedPage: { maxBytes: 65_534 } }, 'viewedPage/maxBytes'],
      [{ viewedPage: { consents: ['consents.moon'] } }, 'viewedPage/consents/0'],
      [{ viewedPage: { colour: 1 } }, 'viewedPage/colour'],
    ] as const) {
      const refusal = await client.native.call('PATCH', '', {
        body: { dialects: { contacthub: { events: wrong } } },
      });
      assert.deepEqual(
        [refusal.status, refusal.body.error.path],
        [400, `body/dialects/contacthub/events/${where}`],
      );
    }
    await client.set('/events/viewedPage/enabled', { value: true });
  });

  it('of two who write at once are both kept', async () => {
    const types = ['grantedCoupon', 'eventInvited', 'formCompiled', 'searched'];
    await Promise.all(
      types.map((type) => client.set(`/events/${type}/properties/extended`, { [type]: { type: 'string' } })),
    );
    for (const type of types)
      assert.deepEqual(Object.keys((await client.read(`/events/${type}/properties/extended`)).body), [type]);
  });
});

describe('the size that events of a type may have', () => {
  const path = '/events-payload-size';
  const sized = (length: number, type: string, more: object = {}) => {
    const event = (text: string) =>
      JSON.stringify({
        customerId,
        type,
        context: 'WEB',
        properties: { extraProperties: { text } },
        ...more,
      });
    return event('x'.repeat(length - event('').length));
  };
  const post = (length: number, type: string) => client.call('POST', '/events', sized(length, type));

  it('is 65,535 bytes until it is set, for every type', async () => {
    const { body } = await client.read(path);
    assert.deepEqual(Object.keys(body), [...EVENT_TYPE_NAMES]);
    for (const type of EVENT_TYPE_NAMES) assert.deepEqual(body[type], { maxBytes: 65_535 });
  });

  it('holds to the byte for POST, PUT and PATCH, and for no other type', async () => {
    await client.set(path, { openedTicket: { maxBytes: 100_000 }, closedTicket: { maxBytes: 380_928 } });
    for (const [type, maximum] of [
      ['openedTicket', 100_000],
      ['closedTicket', 380_928],
      ['repliedTicket', 65_535],
    ] as const) {
      const { status, body } = await post(maximum, type);
      assert.equal(status, 202, type);
      const larger = await post(maximum + 1, type);
      assert.equal(larger.status, 413, type);
      assert.deepEqual(Object.keys(larger.body).sort(), ['data', 'errors', 'logref', 'message']);
      for (const method of ['PUT', 'PATCH'] as const) {
        const event = `/events/${body.id}`;
        assert.equal(
          (await client.call(method, event, sized(maximum, type))).status,
          202,
          `${method} ${type}`,
        );
        assert.equal(
          (await client.call(method, event, sized(maximum + 1, type))).status,
          413,
          `${method} ${type}`,
        );
      }
    }
    assert.equal((await client.call('POST', '/events', sized(65_536, 'boughtTheMoon'))).status, 413);
  });

  it('holds for what a PATCH makes an event grow to', async () => {
    await client.set(path, { openedTicket: { maxBytes: 70_000 } });
    const { body } = await client.send(customerId, 'openedTicket', { text: 'x'.repeat(60_000) });
    const grow = (subject: string) => client.call('PATCH', `/events/${body.id}`, { properties: { subject } });
    assert.equal((await grow('y'.repeat(9_000))).status, 202);
    assert.equal((await grow('y'.repeat(11_000))).status, 413);
  });

  it('holds for the rows of files, as the bodies that they stand for, and the usual one for those of customers', async () => {
    const bulk = new BulkClient(test);
    const header = 'customerId,context,properties.text';
    const run = async (eventType: string, lengths: readonly number[]) => {
      const empty = { type: eventType, customerId, context: 'WEB', properties: { text: '' } };
      const rows = lengths.map((length) => {
        const text = 'x'.repeat(length - JSON.stringify(empty).length);
        return `${customerId},WEB,${text}\n`;
      });
      const job = await bulk.run(`${header}\n${rows.join('')}`, { eventType });
      return (await bulk.resultsOf(job.id)).map(([, outcome]) => outcome);
    };
    await client.set(path, { openedTicket: { maxBytes: 100_000 } });
    const around = (maximum: number) => [maximum, maximum + 1, maximum + 1000, 500];
    const outcomes = ['OK', 'FAILED', 'FAILED', 'OK'];
    assert.deepEqual(await run('openedTicket', around(100_000)), outcomes);
    assert.deepEqual(await run('repliedTicket', around(65_535)), outcomes);
    const extra = 'x'.repeat(65_450);
    const job = await bulk.run(`base.contacts.email,extra\nsize@example.com,${extra}\n`);
    assert.deepEqual(outcomesOf(await bulk.resultsOf(job.id)), [
      ['FAILED', 'the customer is larger than 65535 bytes'],
    ]);
  });

  it('is written as a whole: what is left out is as usual again', async () => {
    await client.set(path, { openedTicket: { maxBytes: 70_000 } });
    const shown = await client.set(path, { closedTicket: { maxBytes: 80_000 } });
    assert.deepEqual([shown.openedTicket, shown.closedTicket], [{ maxBytes: 65_535 }, { maxBytes: 80_000 }]);
    assert.equal((await post(70_000, 'openedTicket')).status, 413);
    assert.deepEqual(await client.set(path, shown), shown);
  });

  it('is refused out of its range', async () => {
    for (const [body, where] of [
      [{ openedTicket: { maxBytes: 65_534 } }, '/openedTicket/maxBytes'],
      [{ openedTicket: { maxBytes: 380_929 } }, '/openedTicket/maxBytes'],
      [{ openedTicket: { maxBytes: 70_000.5 } }, '/openedTicket/maxBytes'],
      [{ openedTicket: { maxBytes: '70000' } }, '/openedTicket/maxBytes'],
      [{ openedTicket: { minBytes: 70_000 } }, '/openedTicket/minBytes'],
      [{ openedTicket: 70_000 }, '/openedTicket'],
      [{ boughtTheMoon: { maxBytes: 70_000 } }, '/boughtTheMoon'],
    ] as const)
      assert.deepEqual(faultOf(await client.write(path, body)).slice(0, 2), [400, where]);
  });
});
