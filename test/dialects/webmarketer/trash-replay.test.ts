import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import { field, WebmarketerClient } from './client.ts';

const receivedAt = '2026-03-29T00:59:30.000Z';
const replayedAt = '2026-05-01T10:00:00.000Z';

const test = await useApp({ slug: 'shop' });
const client = new WebmarketerClient(test);
/** Of the event in the trash, as its sender was answered. */
let trashedId: string;

const lead = {
  eventType: 'lead',
  nonce: 'lead-1',
  trackerId: 'browser-1',
  data: { email: 'ada@example.com', phone: '0613', turnover: 12 },
};
const phone = (more: object) => field('user', 'phone', 'phone', more);
const fields = [
  field('user', 'email', 'email', { discriminant: true }),
  field('statistic', 'number', 'turnover', { optional: true }),
  field('state', 'state', 'qualified', { ingestionKey: null }),
];

before(async () => {
  test.time.now = Date.parse(receivedAt);
  await client.defineType('lead', [...fields, phone({ optional: false })]);
  trashedId = await client.sendFine(lead, 'async');
  test.time.now = Date.parse(replayedAt);
});

const replay = () => test.native.call('POST', `/quarantine/${trashedId}/replay`);

async function trash(): Promise<{ _id: string; rawEventDate: string }[]> {
  return (await client.get('/trashed-events')).body.data;
}

async function countsByHour(): Promise<Record<string, number[]>> {
  const range = 'since=2026-04-15T00:00:00Z&until=2026-05-02T00:00:00Z';
  const march = 'since=2026-03-28T00:00:00Z&until=2026-03-30T00:00:00Z';
  const hours = [];
  for (const query of [march, range])
    hours.push(...(await test.native.call('GET', `/accounting?${query}`)).body.hours);
  return Object.fromEntries(
    hours.map((one: Record<string, number> & { hour: string }) => [
      one.hour,
      [one.received!, one.stored!, one.duplicate!, one.quarantined!],
    ]),
  );
}

async function assertVerified(): Promise<void> {
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  assert.deepEqual(
    checks.filter((check) => !check.ok),
    [],
  );
}

describe('an event in the trash', () => {
  it('stays there while its type is not fixed, and nothing changes', async () => {
    const [row] = await trash();
    assert.deepEqual([row!._id, row!.rawEventDate], [trashedId, receivedAt]);
    const before = await countsByHour();
    const { status, body } = await replay();
    assert.equal(status, 422);
    assert.equal(body.error.violation.rule, 'invalid-field');
    assert.equal((await trash()).length, 1);
    assert.equal((await client.get(`/events/${trashedId}`)).status, 404);
    assert.deepEqual(await countsByHour(), before);
    assert.deepEqual(before, { '2026-03-29T00:00:00.000Z': [1, 0, 0, 1] });
  });

  it('is replayed once its type is fixed, under the id that its sender knows, as of its receipt', async () => {
    const path = `/projects/${client.projectId}/event-types/lead`;
    const fixed = { fields: [...fields, phone({ optional: true })] };
    assert.equal((await client.request('PATCH', path, fixed)).status, 200);
    const { status, body } = await replay();
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual([body.outcome, body.eventId], ['stored', trashedId]);
    assert.deepEqual(await trash(), []);

    const event = (await client.get(`/events/${trashedId}`)).body;
    assert.deepEqual([event.createdAt, event.updatedAt, event.eventDate], Array(3).fill(receivedAt));
    assert.deepEqual([event.user.email.current, event.user.phone.invalid], ['ada@example.com', true]);
    const raw = (await client.get(`/raw-events/${trashedId}`)).body;
    assert.deepEqual([raw.createdAt, raw.data], [receivedAt, lead.data]);
    assert.deepEqual(await countsByHour(), { '2026-03-29T00:00:00.000Z': [1, 1, 0, 0] });
    const insights = await client.request('POST', `/projects/${client.projectId}/events/insights`, {
      since: '2026-01-01T00:00:00Z',
      until: '2026-12-31T00:00:00Z',
      metrics: ['event-count', 'turnover'],
      groupBy: 'project',
      interval: 'hour',
    });
    assert.deepEqual(insights.body, [
      { identifier: 'shop', interval: '2026-03-29T01', values: { 'event-count': 1, turnover: 12 } },
    ]);
    await assertVerified();
  });

  it('is replayed no second time, and its nonce is spent', async () => {
    assert.equal((await replay()).status, 409);
    for (const mode of ['async', 'sync'] as const)
      assert.equal(await client.sendFine({ ...lead, data: { email: 'other@example.com' } }, mode), trashedId);
    const counts = await countsByHour();
    assert.deepEqual(counts['2026-05-01T10:00:00.000Z'], [2, 0, 2, 0]);
    assert.deepEqual(counts['2026-03-29T00:00:00.000Z'], [1, 1, 0, 0]);
    const set = `/projects/${client.projectId}/events/${trashedId}/states/qualified`;
    assert.equal((await client.request('PATCH', set, { value: 1 })).status, 200);
    await assertVerified();
  });
});
