import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import type { StoredTouchpoint } from '../../helpers/store.ts';
import { field, WebmarketerClient } from './client.ts';
import { expiredToken } from './expired-token.ts';

const test = await useApp();
const client = new WebmarketerClient(test);
let wmktId: string;
let campaignId: string;

before(async () => {
  wmktId = test.workspace.credentials.webmarketer.wmktId;
  await client.defineType('order', [
    field('user', 'email', 'email', { discriminant: true }),
    field('user', 'phone', 'phone', { discriminant: true, optional: true }),
    field('user', 'string', 'firstname', { optional: true }),
  ]);
  await client.defineType('visit-of-shop', [field('user', 'string', 'card', { discriminant: true })]);
  const campaigns = `/projects/${client.projectId}/integrations/${wmktId}/custom-ads/campaigns`;
  const reply = await client.request('POST', campaigns, { campaignSlug: 'fair', name: 'Fair' });
  assert.equal(reply.status, 201, reply.text);
  campaignId = reply.body.id;
});

const send = (body: unknown, token?: string) =>
  client.request('POST', `/projects/${client.projectId}/interactions/offline`, body, token);

async function sendFine(body: object): Promise<void> {
  const reply = await send(body);
  assert.equal(reply.status, 201, reply.text);
  assert.deepEqual(reply.body, {});
}

/** Everything that the store holds of anybody. */
async function stored() {
  const kinds = ['touchpoint', 'profile', 'identity', 'campaign', 'change', 'quarantine'] as const;
  return Promise.all(kinds.map((kind) => test.store.count(kind)));
}

async function touchpointsOf(email: string): Promise<StoredTouchpoint[]> {
  const person = await test.native.read(`/people/lookup?kind=email&value=${encodeURIComponent(email)}`);
  return (await test.store.touchpoints()).filter(({ personId }) => personId === person.id);
}

describe('POST …/interactions/offline', () => {
  it('keeps the contact of a person, by the campaign’s id', async () => {
    const date = '2023-08-01T22:00:00.000Z';
    await sendFine({ date, userData: { email: 'Ada@Example.com' }, nodeData: { wmktId, cid: campaignId } });
    const [touchpoint, ...more] = await touchpointsOf('ada@example.com');
    assert.deepEqual(more, []);
    assert.equal(touchpoint?.at, date);
    assert.deepEqual([touchpoint?.channel, touchpoint?.dialect], ['offline', 'webmarketer']);
    assert.deepEqual(touchpoint?.detail, { nodeData: { wmktId, cid: campaignId } });
    assert.ok(touchpoint?.campaign);
  });

  it('takes the campaign’s slug where no campaign has it for an id', async () => {
    await sendFine({ userData: { email: 'slug@example.com' }, nodeData: { wmktId, cid: 'fair' } });
    const [bySlug] = await touchpointsOf('slug@example.com');
    const [byId] = await touchpointsOf('ada@example.com');
    assert.equal(bySlug?.campaign?.id, byId?.campaign?.id);
  });

  it('takes the vendor client’s dates, and the time of receipt without one', async () => {
    const userData = { email: 'dates@example.com' };
    const date = { date: '2024-01-01 01:00:00.000000', timezone_type: 1, timezone: '+01:00' };
    await sendFine({ date, userData, nodeData: { wmktId } });
    const before = Date.now();
    await sendFine({ date: '', userData, nodeData: { wmktId } });
    const [first, second] = await touchpointsOf('dates@example.com');
    assert.equal(first?.at, '2024-01-01T00:00:00.000Z');
    assert.ok(Date.parse(second!.at) >= before);
    assert.equal(second?.campaign, null);
  });

  it('meets the user whom events know by the same field, before or after', async () => {
    await client.sendFine({ eventType: 'order', nonce: 'o-1', data: { email: 'grace@example.com' } });
    await sendFine({ userData: { email: ' GRACE@example.com' }, nodeData: { wmktId } });
    await sendFine({ userData: { phone: '0612345678' }, nodeData: { wmktId } });
    const before = await test.store.count('profile');
    const data = { email: 'hedy@example.com', phone: '+33612345678' };
    await client.sendFine({ eventType: 'order', nonce: 'o-2', data });
    assert.equal(await test.store.count('profile'), before);
    assert.equal((await touchpointsOf('grace@example.com')).length, 1);
    assert.equal((await touchpointsOf('hedy@example.com')).length, 1);
  });

  it('finds people by a discriminant field that no event type declares', async () => {
    const path = `/projects/${client.projectId}/fields`;
    const created = { entity: 'user', type: 'string', key: 'member', label: 'Member', discriminant: true };
    const reply = await client.request('POST', path, created);
    assert.equal(reply.status, 201, reply.text);
    await sendFine({ userData: { member: 'M-1', email: 'member@example.com' }, nodeData: { wmktId } });
    await sendFine({ userData: { member: 'M-1' }, nodeData: { wmktId } });
    assert.equal((await touchpointsOf('member@example.com')).length, 2);
  });

  it('makes one user of several fields, of whichever event types', async () => {
    await sendFine({ userData: { email: 'joan@example.com', card: 'C-7' }, nodeData: { wmktId } });
    await sendFine({ userData: { card: 'C-7' }, nodeData: { wmktId } });
    assert.equal((await touchpointsOf('joan@example.com')).length, 2);
  });

  it('shows in the user’s dates, with what the browser did before it was known', async () => {
    const trackerId = 'browser-of-mary';
    const url = 'https://shop.example/';
    const body = { url, trackerId, at: '2025-01-01T00:00:00Z' };
    assert.equal((await test.native.call('POST', '/visits', { body })).status, 201);
    const data = { email: 'mary@example.com' };
    await client.sendFine({ eventType: 'order', nonce: 'o-3', trackerId, data });
    await sendFine({ date: '2026-01-01T00:00:00Z', userData: data, nodeData: { wmktId } });
    const search = { fields: ['email'], filters: data, sort: 'email', order: 'ASC', limit: 10, offset: 0 };
    const reply = await client.request('POST', `/projects/${client.projectId}/users/search`, search);
    const [user, ...others] = reply.body.data;
    assert.deepEqual(others, []);
    assert.equal(user.firstInteractionDate, '2025-01-01T00:00:00.000Z');
    assert.equal(user.lastInteractionDate, '2026-01-01T00:00:00.000Z');
    const unmet = { ...search, filters: { email: 'nobody@example.com' } };
    const none = await client.request('POST', `/projects/${client.projectId}/users/search`, unmet);
    assert.equal(none.body.total, 0);
  });

  const good = () => ({ userData: { email: 'nobody@example.com' }, nodeData: { wmktId } });
  const wrong: [why: string, body: () => unknown, message: RegExp][] = [
    ['no wmktId', () => ({ ...good(), nodeData: {} }), /^wmktId must be present in nodeData$/],
    ['no nodeData', () => ({ ...good(), nodeData: undefined }), /^wmktId must be present in nodeData$/],
    ['nodeData that is a text', () => ({ ...good(), nodeData: 'x' }), /nodeData must be an object/],
    ['an unknown integration', () => ({ ...good(), nodeData: { wmktId: '1234' } }), /wmktId/],
    ['an unknown campaign', () => ({ ...good(), nodeData: { wmktId, cid: 'nothing' } }), /cid/],
    ['an id of no campaign', () => ({ ...good(), nodeData: { wmktId, cid: 'f'.repeat(24) } }), /cid/],
    ['nodeData that is not storable', () => ({ ...good(), nodeData: { wmktId, x: '\u0000' } }), /nodeData/],
    ['too much nodeData', () => ({ ...good(), nodeData: { wmktId, x: 'x'.repeat(10_000) } }), /nodeData/],
    ['no userData', () => ({ ...good(), userData: undefined }), /userData must be an object/],
    ['empty userData', () => ({ ...good(), userData: {} }), /at least one identity field/],
    ['userData without a value', () => ({ ...good(), userData: { email: '' } }), /at least one identity/],
    [
      'fields that identify nobody',
      () => ({ ...good(), userData: { email: 'a@example.com', firstname: 'A', shoe: 42 } }),
      /^firstname, shoe must not be present in userData/,
    ],
    ['a bad e-mail', () => ({ ...good(), userData: { email: 'nobody' } }), /^email in userData/],
    [
      'one bad value among good ones',
      () => ({ ...good(), userData: { email: 'a@example.com', phone: '1' } }),
      /^phone in userData is not a valid phone: it must be a phone number/,
    ],
    ['userData that is not storable', () => ({ ...good(), userData: { card: '\ud800' } }), /userData/],
    ['a date that is none', () => ({ ...good(), date: 'yesterday' }), /date must be a RFC 3339 date-time/],
    ['a body that is no object', () => [1], /body must be an object/],
  ];
  for (const [why, body, message] of wrong) {
    it(`refuses ${why}, and stores nothing`, async () => {
      const before = await stored();
      const reply = await send(body());
      const { message: said, ...envelope } = reply.body;
      assert.deepEqual(envelope, { statusCode: 400, error: 'Bad Request' });
      assert.match(said, message);
      assert.deepEqual(await stored(), before);
    });
  }

  it('refuses malformed JSON in the envelope', async () => {
    const reply = await send('{"userData":');
    assert.deepEqual([reply.status, reply.body.error], [400, 'Bad Request']);
  });

  it('answers 401 without a good token, 403 for a foreign project and 404 for an unknown one', async () => {
    const before = await stored();
    const expired = await expiredToken(test);
    for (const token of ['', 'wrong', expired, test.workspace.credentials.webengage.apiKey])
      assert.deepEqual((await send(good(), token)).body, { statusCode: 401, message: 'Unauthorized' });
    const other = await test.addWorkspace();
    const stranger = new WebmarketerClient(test, other);
    const token = other.credentials.webmarketer.accessToken;
    assert.equal((await send(good(), token)).status, 403);
    assert.equal(
      (await client.request('POST', '/projects/nowhere/interactions/offline', good())).status,
      404,
    );
    // Another workspace's integration is unknown to one's own project.
    await stranger.defineType('order', [field('user', 'email', 'email', { discriminant: true })]);
    const own = `/projects/${stranger.projectId}/interactions/offline`;
    assert.match((await stranger.request('POST', own, good())).body.message, /wmktId/);
    assert.deepEqual(await stored(), before);
  });
});
