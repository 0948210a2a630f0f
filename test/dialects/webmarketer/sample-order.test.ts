import assert from 'node:assert/strict';
import { it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { field, WebmarketerClient } from './client.ts';

const test = await useApp({ slug: 'demo-ecommerce' });
const client = new WebmarketerClient(test);

const eventDate = '2024-04-16T20:37:02.000Z';
const createdAt = '2024-07-11T13:36:53.922Z';

const address = { country: 'France', zipcode: '10928' };
const sent = {
  firstname: 'Felicita',
  lastname: 'Tillman',
  email: 'lenora.greenfelder@stoltenberg.com',
  phone: '+13072805881',
  address,
  'external-id': '02c5fa45-be95-304b-90ed-2fb213594279',
  turnover: { amount: 70.23, currency: 'EUR' },
  'product-count': 3,
};

function value(type: string, raw: unknown, current: unknown = raw, date = eventDate) {
  return { raw, current, type, date, anonymized: false, invalid: false };
}

it('shows the computed event as the vendor documents its sample order', async () => {
  await client.defineType('order', [
    field('user', 'string', 'firstname', { isPii: true }),
    field('user', 'string', 'lastname', { isPii: true }),
    field('user', 'email', 'email', { isPii: true, discriminant: true }),
    field('user', 'phone', 'phone', { isPii: true }),
    field('user', 'location', 'address', { isMostProbableLocation: true }),
    field('user', 'string', 'external-id', { discriminant: true }),
    field('statistic', 'currency', 'turnover'),
    field('statistic', 'number', 'product-count'),
    field('state', 'state', 'paid', { ingestionKey: null }),
    field('state', 'state', 'refund', { ingestionKey: null }),
  ]);
  test.time.now = Date.parse(createdAt);
  const id = await client.sendFine({ eventType: 'order', nonce: 'order-1', eventDate, data: sent });
  await setStates(id);

  const reply = await client.get(`/events/${id}`);
  assert.equal(reply.status, 200);
  const event = reply.body;
  assert.match(event.userId, /^[0-9a-f]{24}$/);
  const { googlePlaceId, ...extra } = event.user.address.current.extra;
  assert.equal(googlePlaceId, null);
  assert.deepEqual(extra, {
    confidence: 0.5,
    premise: null,
    subpremise: null,
    neighborhood: extra.neighborhood,
    establishment: null,
  });
  const [longitude, latitude] = event.user.address.current.location.coordinates;
  assert.ok(Math.abs(longitude - 2.213749) < 1 && Math.abs(latitude - 46.227638) < 1);
  const location = { type: 'Point', coordinates: [longitude, latitude] };
  assert.deepEqual(event, {
    _id: id,
    projectId: client.projectId,
    userId: event.userId,
    eventDate,
    eventType: 'order',
    attributable: true,
    expirationPolicy: null,
    event: {},
    user: {
      firstname: value('string', sent.firstname),
      lastname: value('string', sent.lastname),
      email: value('email', sent.email),
      phone: value('phone', sent.phone, '+1 307 280 5881'),
      address: value('location', address, {
        formattedAddress: 'France',
        location,
        extra: event.user.address.current.extra,
        administrativeLevels: {},
        city: null,
        zipcode: null,
        streetName: null,
        streetNumber: null,
        country: 'France',
        countryCode: 'FR',
      }),
      'external-id': value('string', sent['external-id']),
    },
    metrics: event.metrics,
    createdAt,
    updatedAt: createdAt,
  });
  checkMetrics(id, event.metrics);
});

async function setStates(eventId: string): Promise<void> {
  const set = async (key: string, date: string, now: string) => {
    test.time.now = Date.parse(now);
    const path = `/projects/${client.projectId}/events/${eventId}/states/${key}`;
    const reply = await client.request('PATCH', path, { value: 1, date });
    assert.equal(reply.status, 200, reply.text);
  };
  await set('paid', '2024-04-16T20:37:17.000Z', '2024-07-11T13:36:54.802Z');
  await set('refund', '2024-04-19T20:50:17.000Z', '2024-07-11T13:51:44.487Z');
}

function checkMetrics(eventId: string, metrics: Record<string, unknown>[]): void {
  const paidAt = '2024-04-16T20:37:17.000Z';
  const refundAt = '2024-04-19T20:50:17.000Z';
  const expected: [key: string, type: string, data: object, updatedAt: string][] = [
    ['turnover', 'statistic', value('currency', sent.turnover), createdAt],
    ['product-count', 'statistic', value('number', 3), createdAt],
    ['paid', 'state', value('state', 1, 1, paidAt), '2024-07-11T13:36:54.802Z'],
    ['refund', 'state', value('state', 1, 1, refundAt), '2024-07-11T13:51:44.487Z'],
    ['event-count', 'statistic', value('number', 1), createdAt],
    ['state-delay-paid', 'statistic', value('number', 15, 15, paidAt), '2024-07-11T13:36:54.802Z'],
    [
      'state-delay-refund',
      'statistic',
      value('number', 259995, 259995, refundAt),
      '2024-07-11T13:51:44.487Z',
    ],
  ];
  const ids = new Set(metrics.map((metric) => metric._id));
  assert.equal(ids.size, expected.length);
  assert.deepEqual(
    metrics.map(({ _id, ...metric }) => {
      assert.match(String(_id), /^[0-9a-f]{24}$/);
      return metric;
    }),
    expected.map(([key, type, data, updatedAt]) => ({
      projectId: client.projectId,
      eventId,
      key,
      type,
      data,
      createdAt,
      updatedAt,
      deletedAt: null,
    })),
  );
}
