import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { readQuarantined } from '../../../src/core/quarantine/quarantine-store.ts';
import { webmarketer } from '../../../src/dialects/webmarketer/index.ts';
import { useApp } from '../../helpers/app.ts';
import { Store } from '../../helpers/store.ts';
import { sendWebengage } from '../../native/helpers.ts';
import { field, WebmarketerClient } from './client.ts';

const test = await useApp();
const client = new WebmarketerClient(test);

before(async () => {
  await client.defineType('purchase', [
    field('user', 'string', 'first_name'),
    field('user', 'string', 'last_name', { optional: true }),
    field('user', 'email', 'email', { discriminant: true }),
    field('event', 'number', 'amount'),
    field('event', 'string', 'currency', { optional: true }),
  ]);
  await client.defineType('call-me-back', [
    field('user', 'phone', 'phone', { discriminant: true, isPii: true }),
    field('user', 'location', 'location', { optional: true, isMostProbableLocation: true }),
    field('statistic', 'currency', 'quoted', { optional: true }),
  ]);
  await client.defineType('visit', [field('user', 'email', 'email', { optional: true })]);
});

/** The vendor's sample of a call. */
const purchase = {
  eventType: 'purchase',
  eventDate: '1955-11-12T22:00:00Z',
  trackerId: '23jkfs1ufeuih1fh',
  nonce: 123456789,
  data: {
    first_name: 'John',
    last_name: 'Locke',
    email: 'john.locke@webmarketer.io',
    amount: 100,
    currency: 'EUR',
  },
};

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

async function computed(id: string) {
  const reply = await client.get(`/events/${id}`);
  assert.equal(reply.status, 200, reply.text);
  return reply.body;
}

async function userOf(id: string): Promise<string> {
  return (await computed(id)).userId;
}

for (const mode of ['async', 'sync'] as const) {
  describe(`POST /events${mode === 'sync' ? '/sync' : ''}`, () => {
    it('stores the documented sample and answers 200 with the id as JSON string', async () => {
      const reply = await client.send({ ...purchase, nonce: `sample ${mode}` }, mode);
      assert.equal(reply.status, 200, reply.text);
      assert.match(String(reply.headers['content-type']), /^application\/json/);
      const id = JSON.parse(reply.text);
      assert.match(id, uuidPattern);
      const event = await computed(id);
      assert.equal(event.eventDate, '1955-11-12T22:00:00.000Z');
      assert.equal(event.event.amount.current, 100);
      assert.equal(event.user.first_name.current, 'John');
    });

    it('answers a repeat with the first id, whatever else it holds', async () => {
      const nonce = randomUUID();
      const id = await client.sendFine({ ...purchase, nonce }, mode);
      const before = await test.store.count('event');
      assert.equal(await client.sendFine({ ...purchase, nonce }, mode), id);
      const other = { ...purchase, nonce, data: { ...purchase.data, amount: 5 } };
      assert.equal(await client.sendFine(other, mode), id);
      assert.equal(await client.sendFine(other, mode === 'sync' ? 'async' : 'sync'), id);
      assert.equal(await test.store.count('event'), before);
    });

    const wrong: [why: string, change: object][] = [
      ['no projectId', { projectId: undefined }],
      ['a project id that can be none', { projectId: 'No Project' }],
      ['no eventType', { eventType: undefined }],
      ['an empty eventType', { eventType: '' }],
      ['an eventType that is no text', { eventType: 7 }],
      ['no nonce', { nonce: null }],
      ['a nonce that is no whole number', { nonce: 1.5 }],
      ['a nonce that cannot be kept', { nonce: 'a\u0000b' }],
      ['a nonce without end', { nonce: 'x'.repeat(257) }],
      ['no data', { data: undefined }],
      ['data that is a list', { data: [1] }],
      ['data that is a text', { data: 'text' }],
      ['a trackerId that is an object', { trackerId: {} }],
      ['a date that is none', { eventDate: 'yesterday' }],
    ];
    for (const [why, change] of wrong) {
      it(`refuses ${why} with 400 and keeps nothing`, async () => {
        const before = await test.store.count('quarantine');
        const reply = await client.send({ ...purchase, nonce: randomUUID(), ...change }, mode);
        assert.equal(reply.status, 400, reply.text);
        const { message, ...rest } = reply.body;
        assert.deepEqual(rest, { statusCode: 400, error: 'Bad Request' });
        assert.equal(typeof message, 'string');
        assert.equal(await test.store.count('quarantine'), before);
      });
    }

    it('answers in its own envelope to hostile and malformed bodies', async () => {
      const path = mode === 'sync' ? '/events/sync' : '/events';
      const bodies = ['{', '', 'null', '[]', '"text"', `${'['.repeat(10_000)}`, '{"__proto__":{}}'];
      for (const body of bodies) {
        const reply = await client.request('POST', path, body);
        assert.equal(reply.status, 400, body.slice(0, 20));
        assert.equal(reply.body.statusCode, 400);
        assert.equal(reply.body.error, 'Bad Request');
      }
    });

    it('is closed to no key, a wrong one and another dialect’s', async () => {
      const path = mode === 'sync' ? '/events/sync' : '/events';
      for (const token of ['', 'wrong', test.workspace.credentials.octeth.apiKey]) {
        const reply = await client.request('POST', path, purchase, token);
        assert.equal(reply.status, 401);
        assert.deepEqual(reply.body, { statusCode: 401, message: 'Unauthorized' });
      }
    });

    it('answers 403 for another workspace’s project and 404 for an unknown one', async () => {
      const stranger = new WebmarketerClient(test, await test.addWorkspace());
      const before = await test.store.count('event');
      const foreign = await stranger.send({ ...purchase, projectId: client.projectId }, mode);
      assert.equal(foreign.status, 403);
      const unknown = await client.send({ ...purchase, projectId: 'no-such-project' }, mode);
      assert.equal(unknown.status, 404);
      assert.equal(await test.store.count('event'), before);
    });
  });
}

describe('an event that does not fit its type', () => {
  const invalid = { eventType: 'call-me-back', data: { phone: '0613' } };

  it('goes to the trash, asynchronously with 200 and an id that the raw event is found by', async () => {
    const data = { ...invalid.data, extra: { kept: true } };
    const id = await client.sendFine({ ...invalid, nonce: 'trash-1', trackerId: 'browser', data }, 'async');
    assert.match(id, uuidPattern);
    const raw = (await client.get(`/raw-events/${id}`)).body;
    const { createdAt, ...rest } = raw;
    assert.equal(new Date(createdAt).toISOString(), createdAt);
    assert.deepEqual(rest, {
      _id: id,
      projectId: client.projectId,
      nonce: 'trash-1',
      eventType: 'call-me-back',
      trackerId: 'browser',
      data,
    });
    assert.equal((await client.get(`/events/${id}`)).status, 404);
  });

  it('is shown as the vendor’s sample of the trash', async () => {
    const page = (await client.get('/trashed-events?limit=1&')).body;
    assert.deepEqual(Object.keys(page).sort(), ['count', 'data', 'limit', 'offset', 'total']);
    const [{ _id, eventTypeId, processingDate, rawEventDate, ...row }] = page.data;
    assert.match(_id, uuidPattern);
    const type = (await client.get('/event-types/call-me-back')).body;
    assert.equal(eventTypeId, type._id);
    assert.ok(rawEventDate <= processingDate);
    assert.deepEqual(row, {
      projectId: client.projectId,
      errors: [
        {
          type: 'invalid-field',
          field: {
            discriminant: true,
            entity: 'user',
            storageKey: 'phone',
            isPii: true,
            isMostProbableLocation: false,
            type: 'phone',
            ingestionKey: 'phone',
            optional: false,
          },
          value: '0613',
        },
      ],
      eventTypeRef: 'call-me-back',
    });
  });

  it('spends the nonce of an asynchronous call', async () => {
    const id = await client.sendFine({ ...invalid, nonce: 'trash-2' }, 'async');
    const before = await test.store.count('quarantine');
    const corrected = { ...invalid, nonce: 'trash-2', data: { phone: '+33612345678' } };
    assert.equal(await client.sendFine(corrected, 'async'), id);
    assert.equal(await client.sendFine(corrected, 'sync'), id);
    assert.equal(await test.store.count('quarantine'), before);
  });

  it('is told synchronously with 400, again for the same body without a second row, and may be corrected', async () => {
    const before = await test.store.count('quarantine');
    const event = { ...invalid, nonce: 'trash-3' };
    const first = await client.send(event, 'sync');
    assert.equal(first.status, 400);
    assert.deepEqual(first.body, {
      statusCode: 400,
      message:
        'phone is not a valid phone: it must be a phone number with its country code, as +33612345678, or as it is dialled in a country of phoneParsingConfig',
      error: 'Bad Request',
    });
    const reordered = { data: event.data, nonce: event.nonce, eventType: event.eventType };
    for (const same of [event, reordered]) {
      const repeat = await client.send(same, 'sync');
      assert.deepEqual(repeat.body, first.body);
    }
    assert.equal(await test.store.count('quarantine'), before + 1);
    const corrected = { ...event, data: { phone: '06 12 34 56 78' } };
    const id = await client.sendFine(corrected, 'sync');
    assert.equal((await computed(id)).user.phone.current, '+33 6 12 34 56 78');
    assert.equal(await client.sendFine(event, 'sync'), id);
  });

  it('is told with 400 of each refused body again, in whatever order they come', async () => {
    const before = await test.store.count('quarantine');
    const attempt = async (phone: string) => {
      const event = { eventType: 'call-me-back', nonce: 'trash-6', data: { phone } };
      return (await client.send(event, 'sync')).status;
    };
    for (const phone of ['0613', '0614', '0613', '0614']) assert.equal(await attempt(phone), 400);
    const both = Array.from({ length: 6 }, (_, index) => attempt(index % 2 ? '0613' : '0614'));
    assert.deepEqual(new Set(await Promise.all(both)), new Set([400]));
    assert.equal(await test.store.count('quarantine'), before + 2);
    assert.equal(await attempt('+33612345678'), 200);
    assert.equal(await attempt('0613'), 200);
    assert.equal(await test.store.count('quarantine'), before + 2);
  });

  it('leaves the nonce of a refused call to the asynchronous call, which spends it', async () => {
    const event = { ...invalid, nonce: 'trash-7' };
    assert.equal((await client.send(event, 'sync')).status, 400);
    const id = await client.sendFine({ ...event, data: { phone: '+33612345678' } }, 'async');
    assert.equal((await client.get(`/events/${id}`)).status, 200);
    assert.equal(await client.sendFine(event, 'async'), id);
  });

  it('names missing fields without a value, and unknown types without a type', async () => {
    await client.send({ eventType: 'call-me-back', nonce: 'trash-4', data: { phone: '' } });
    await client.send({ eventType: 'never-declared', nonce: 'trash-5', data: {} });
    const [unknown, missing] = (await client.get('/trash?limit=2')).body.data;
    assert.deepEqual(unknown.errors, [{ type: 'unknown-event-type' }]);
    assert.equal(unknown.eventTypeId, null);
    assert.equal(unknown.eventTypeRef, 'never-declared');
    assert.equal(missing.errors[0].type, 'missing-field');
    assert.equal(missing.errors[0].field.storageKey, 'phone');
    assert.equal('value' in missing.errors[0], false);
  });

  it('is stored all the same when only an optional field is invalid, which is marked', async () => {
    const data = { phone: '+33612345679', location: { zipcode: 'wd', country: 'wd' }, quoted: 'much' };
    const id = await client.sendFine({ eventType: 'call-me-back', nonce: 'optional', data });
    const event = await computed(id);
    const { location } = event.user;
    assert.deepEqual([location.raw, location.current, location.invalid], [data.location, null, true]);
    const [quoted] = event.metrics;
    assert.deepEqual(
      [quoted.key, quoted.data.raw, quoted.data.current, quoted.data.invalid],
      ['quoted', 'much', null, true],
    );
  });

  it('can be replayed once its type is there', async () => {
    const event = { eventType: 'late-type', nonce: 'replayed', data: { email: 'late@example.com' } };
    const trashId = await client.sendFine(event, 'async');
    await client.defineType('late-type', [field('user', 'email', 'email')]);
    const { id: workspaceId } = test.workspace.created;
    const trashed = await readQuarantined(test.database, workspaceId, trashId);
    const replay = { ...webmarketer.replay(trashed!), replayOf: { id: trashId } };
    const submitted = await test.app.services.ingest.submit(workspaceId, replay);
    assert.ok(submitted.kind === 'committed' && submitted.outcomes[0]?.kind === 'stored');
    const stored = await computed(submitted.outcomes[0].eventId);
    assert.equal(stored.user.email.current, 'late@example.com');
    const raw = (await client.get(`/raw-events/${trashId}`)).body;
    assert.equal(stored.createdAt, raw.createdAt);
    const before = await test.store.count('event');
    await client.sendFine(event, 'sync');
    assert.equal(await test.store.count('event'), before);
  });

  it('may hold what the database cannot keep', async () => {
    for (const data of [
      { phone: 'a\u0000b' },
      { phone: '+33612345678', '\ud800': '\udfff' },
      { phone: '+33612345678', note: '\u0000' },
    ]) {
      const id = await client.sendFine({ eventType: 'call-me-back', nonce: randomUUID(), data }, 'async');
      assert.deepEqual((await client.get(`/events/${id}/raw`)).body.data, data);
    }
    const page = await client.get('/events/trash?limit=3');
    assert.deepEqual(
      page.body.data.map((row: { errors: { type: string }[] }) => row.errors[0]!.type),
      ['text-not-storable', 'text-not-storable', 'invalid-field'],
    );
    const sync = await client.send(
      { eventType: 'call-me-back', nonce: randomUUID(), data: { phone: '+33612345678', note: '\u0000' } },
      'sync',
    );
    assert.match(
      sync.body.message,
      /^The event was not accepted\. At \/data\/note: a text holds U\+0000 .*: take it out/,
    );
  });
});

describe('GET …/trashed-events', () => {
  it('filters by the time of processing, pages, and answers under each of its paths', async () => {
    const stranger = new WebmarketerClient(test, await test.addWorkspace());
    for (const [nonce, hour] of [
      ['a', '10'],
      ['b', '11'],
      ['c', '12'],
    ] as const) {
      test.time.now = Date.parse(`2031-05-01T${hour}:00:00Z`);
      await stranger.send({ eventType: nonce, nonce, data: {} });
    }
    test.time.now = 0;
    const list = async (path: string) => {
      const reply = await stranger.get(path);
      assert.equal(reply.status, 200, reply.text);
      const { data, ...page } = reply.body;
      return { ...page, types: data.map((row: { eventTypeRef: string }) => row.eventTypeRef) };
    };
    for (const path of ['/trashed-events?', '/events/trash', '/trash']) {
      const page = { count: 3, total: 3, offset: 0, limit: 10, types: ['c', 'b', 'a'] };
      assert.deepEqual(await list(path), page);
    }
    const window = 'since=2031-05-01T11:00:00Z&until=2031-05-01T13:30:00%2B02:00';
    assert.deepEqual((await list(`/trashed-events?${window}`)).types, ['b']);
    const unescaped = 'since=2031-05-01T13:00:00+02:00&until=2031-05-01T13:30:00+02:00';
    assert.deepEqual((await list(`/trashed-events?${unescaped}`)).types, ['b']);
    assert.deepEqual((await list('/trashed-events?offset=1&limit=1')).types, ['b']);
    for (const offset of ['3', '9007199254740991'])
      assert.deepEqual((await list(`/trashed-events?offset=${offset}`)).types, []);
    assert.equal((await stranger.get('/trashed-events?since=once')).status, 400);
  });

  it('shows fields and values in the order of their keys as they were sent', async () => {
    const stranger = new WebmarketerClient(test, await test.addWorkspace());
    await stranger.defineType('call', [field('user', 'location', 'place', { isMostProbableLocation: true })]);
    const place = { zipcode: 'wd', country: 'wd', b: [], a: { z: 1, y: null } };
    await stranger.send({ eventType: 'call', nonce: '1', data: { place } });
    const reply = await stranger.get('/trashed-events');
    const sent = JSON.stringify(place);
    assert.ok(
      reply.text.includes(
        `"errors":[{"type":"invalid-field","field":{"discriminant":false,"entity":"user","storageKey":"place","isPii":false,"isMostProbableLocation":true,"type":"location","ingestionKey":"place","optional":false},"value":${sent}}]`,
      ),
      reply.text,
    );
  });
});

describe('what is accepted', () => {
  it('takes dates with offsets, without, as PHP sends them, and empty ones as absent', async () => {
    test.time.now = Date.parse('2032-01-01T00:00:00Z');
    const php = { date: '2024-01-01 00:00:00.000000', timezone_type: 2, timezone: 'Z' };
    const cases: [unknown, string][] = [
      ['2022-04-01T06:00:00+01:00', '2022-04-01T05:00:00.000Z'],
      ['2022-04-01T05:00:00', '2022-04-01T05:00:00.000Z'],
      [php, '2024-01-01T00:00:00.000Z'],
      ['', '2032-01-01T00:00:00.000Z'],
      [null, '2032-01-01T00:00:00.000Z'],
    ];
    for (const [eventDate, expected] of cases) {
      const id = await client.sendFine({ eventType: 'visit', nonce: randomUUID(), eventDate, data: {} });
      assert.equal((await computed(id)).eventDate, expected);
    }
    test.time.now = 0;
  });

  it('takes PHP’s empty list for an empty object, and keeps unknown keys in the raw event only', async () => {
    await client.sendFine({ eventType: 'visit', nonce: randomUUID(), data: [] });
    const data = { email: 'x@example.com', unknown: 1 };
    const id = await client.sendFine({ eventType: 'visit', nonce: 7, data });
    assert.deepEqual((await client.get(`/raw-events/${id}`)).body.data, data);
    assert.equal((await client.get(`/raw-events/${id}`)).body.nonce, '7');
    assert.deepEqual(Object.keys((await computed(id)).user), ['email']);
    assert.equal(await client.sendFine({ eventType: 'visit', nonce: '7', data: {} }), id);
  });

  it('keeps one project’s nonces apart from another’s', async () => {
    const stranger = new WebmarketerClient(test, await test.addWorkspace());
    await stranger.defineType('visit', []);
    const event = { eventType: 'visit', nonce: 'shared', data: {} };
    assert.notEqual(await client.sendFine(event), await stranger.sendFine(event));
  });

  it('counts what came in', async () => {
    const stranger = await test.addWorkspace();
    const other = new WebmarketerClient(test, stranger);
    await other.defineType('visit', []);
    const event = { eventType: 'visit', nonce: 'counted', data: {} };
    await other.sendFine(event);
    await other.sendFine(event);
    await other.send({ eventType: 'unknown', nonce: 'trash', data: {} });
    assert.deepEqual(await new Store(test, stranger).accounting('webmarketer'), {
      duplicate: 1,
      quarantined: 1,
      received: 3,
      stored: 1,
    });
  });
});

describe('who the user is', () => {
  let nonce = 0;
  const visit = (data: object, trackerId?: string) =>
    client.sendFine({ eventType: 'identified', nonce: `who ${++nonce}`, trackerId, data });
  before(() =>
    client.defineType('identified', [
      field('user', 'email', 'email', { optional: true, discriminant: true }),
      field('user', 'string', 'external-id', { optional: true, discriminant: true }),
      field('user', 'phone', 'mobile', { optional: true }),
    ]),
  );

  it('is one by an equal discriminant value in normal form', async () => {
    const first = await visit({ email: 'Kate.Austen@Example.com' });
    const second = await visit({ email: ' kate.austen@example.COM', 'external-id': 'K8' });
    const third = await visit({ 'external-id': 'K8' });
    const stranger = await visit({ 'external-id': 'k9' });
    assert.equal(await userOf(first), await userOf(second));
    assert.equal(await userOf(first), await userOf(third));
    assert.notEqual(await userOf(first), await userOf(stranger));
  });

  it('becomes one, the oldest, when one event has the discriminants of two', async () => {
    const byEmail = await visit({ email: 'jack@example.com' });
    const byId = await visit({ 'external-id': 'jack' });
    const oldest = await userOf(byEmail);
    assert.notEqual(await userOf(byId), oldest);
    await visit({ 'external-id': 'jack', email: 'jack@example.com' });
    assert.equal(await userOf(byEmail), oldest);
    assert.equal(await userOf(byId), oldest);
  });

  it('is the tracker’s: what a visitor did before belongs to who they turn out to be', async () => {
    const anonymous = await visit({}, 'browser-1');
    const known = await visit({ email: 'sayid@example.com' }, 'browser-1');
    const later = await visit({}, 'browser-1');
    assert.equal(await userOf(anonymous), await userOf(known));
    assert.equal(await userOf(later), await userOf(known));
  });

  it('is not joined by a known tracker and a known user', async () => {
    const first = await visit({ email: 'sun@example.com' }, 'browser-2');
    const second = await visit({ email: 'jin@example.com' });
    await visit({ email: 'jin@example.com' }, 'browser-2');
    assert.notEqual(await userOf(first), await userOf(second));
  });

  it('is somebody new each time without any of these', async () => {
    assert.notEqual(await userOf(await visit({})), await userOf(await visit({})));
  });

  it('is one person, though not one user, by an e-mail or phone that does not discriminate', async () => {
    const first = await visit({ 'external-id': 'hugo-1', mobile: '06 11 22 33 44' });
    const second = await visit({ 'external-id': 'hugo-2', mobile: '+33611223344' });
    assert.notEqual(await userOf(first), await userOf(second));
    const both = (await test.store.events()).filter((event) => event.id === first || event.id === second);
    assert.equal(both.length, 2);
    assert.equal(both[0]!.personId, both[1]!.personId);
  });

  it('keeps the values of the user’s fields', async () => {
    const id = await visit({ email: 'claire@example.com', mobile: '0611223355' });
    const event = (await test.store.events()).find((one) => one.id === id);
    const profile = (await test.store.profiles()).find((one) => one.id === event!.profileId);
    assert.equal(profile!.values['fields.email'], 'claire@example.com');
    assert.equal(profile!.values['fields.mobile'], '+33 6 11 22 33 55');
  });
});

describe('reading an event', () => {
  let id: string;
  before(async () => {
    id = await client.sendFine({ eventType: 'visit', nonce: 'reading', data: {} });
  });
  const paths = () => [`/events/${id}`, `/raw-events/${id}`, `/events/${id}/raw`, '/trashed-events'];

  it('shows defaults for metrics that were never set', async () => {
    await client.defineType('lead', [
      field('state', 'state', 'won', { ingestionKey: null }),
      field('state', 'state', 'qualified'),
      field('statistic', 'currency', 'turnover', { ingestionKey: null }),
    ]);
    const eventDate = '2024-01-01T00:00:00.000Z';
    const event = { eventType: 'lead', nonce: 'lead', eventDate, data: { qualified: true } };
    const { metrics } = await computed(await client.sendFine(event));
    assert.deepEqual(
      metrics.map(
        ({ key, data }: { key: string; data: { raw: unknown; current: unknown; date: string } }) => [
          key,
          data.raw,
          data.current,
          data.date,
        ],
      ),
      [
        ['won', 0, 0, eventDate],
        ['qualified', true, 1, eventDate],
        ['turnover', null, null, eventDate],
        ['event-count', 1, 1, eventDate],
        ['state-delay-won', null, null, eventDate],
        ['state-delay-qualified', 0, 0, eventDate],
      ],
    );
  });

  it('answers 404 for ids that nothing has', async () => {
    for (const path of ['/events/', '/raw-events/']) {
      for (const unknown of [randomUUID(), 'no-uuid']) {
        const reply = await client.get(path + unknown);
        assert.deepEqual(reply.body, { statusCode: 404, message: 'Event not found', error: 'Not Found' });
      }
    }
  });

  it('is closed to no key, a wrong one and another dialect’s', async () => {
    for (const path of paths()) {
      for (const token of ['', 'wrong', test.workspace.credentials.contacthub.adminToken]) {
        const reply = await client.request('GET', `/projects/${client.projectId}${path}`, undefined, token);
        assert.deepEqual(reply.body, { statusCode: 401, message: 'Unauthorized' });
      }
    }
  });

  it('shows another workspace nothing, neither under its own project nor under ours', async () => {
    const stranger = new WebmarketerClient(test, await test.addWorkspace());
    for (const path of paths()) {
      const reply = await stranger.request('GET', `/projects/${client.projectId}${path}`);
      assert.equal(reply.status, 403);
    }
    const trashed = await client.sendFine({ eventType: 'unknown', nonce: 'secret', data: {} }, 'async');
    for (const path of [`/events/${id}`, `/raw-events/${id}`, `/raw-events/${trashed}`]) {
      assert.equal((await stranger.get(path)).status, 404);
    }
    assert.equal((await stranger.get('/trashed-events')).body.total, 0);
  });

  it('shows no event of another dialect', async () => {
    await sendWebengage(test, test.workspace, { userId: 'x', eventName: 'Elsewhere' });
    const elsewhere = (await test.store.events()).find(({ type }) => type === 'Elsewhere');
    assert.equal((await client.get(`/events/${elsewhere!.id}`)).status, 404);
    assert.equal((await client.get(`/raw-events/${elsewhere!.id}`)).status, 404);
  });

  it('answers unknown routes in its envelope', async () => {
    const reply = await client.request('GET', '/nothing/here');
    assert.equal(reply.status, 404);
    assert.deepEqual(Object.keys(reply.body), ['statusCode', 'message', 'error']);
  });
});
