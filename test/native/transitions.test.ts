import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { field, WebmarketerClient } from '../dialects/webmarketer/client.ts';
import { useApp } from '../helpers/app.ts';
import type { ask } from '../helpers/native-client.ts';
import { workspaceKey } from './helpers.ts';

const test = await useApp();
const client = new WebmarketerClient(test);

const start = Date.parse('2026-03-01T00:00:00Z');
const hour = 3600;
const trackerId = 'caller';
let nonces = 0;

before(async () => {
  const states = ['qualified', 'converted'].map((key) =>
    field('state', 'state', key, { ingestionKey: null }),
  );
  for (const type of ['lead', 'call']) await client.defineType(type, states);
  // Hours from qualified to converted; the last is of another month.
  for (const hours of [1, 2, 3, 4, 30]) await addLead('lead', 0, hours);
  await addLead('call', 40 * 24, 40 * 24 + 10, { trackerId });
  await addLead('lead', 5, 4);
  await addLead('lead', 5, null);
});

/** An event that was qualified and converted so many hours after the start. */
async function addLead(
  eventType: string,
  qualified: number,
  converted: number | null,
  more: object = {},
): Promise<void> {
  const event = { eventType, nonce: `t-${++nonces}`, eventDate: date(0), data: {}, ...more };
  const id = await client.sendFine(event);
  await setState(id, 'qualified', 1, qualified);
  if (converted === null) {
    // It was converted, and is no more.
    await setState(id, 'converted', 1, 9);
    await setState(id, 'converted', 0, 9);
  } else await setState(id, 'converted', 1, converted);
}

async function setState(id: string, key: string, value: number, hours: number): Promise<void> {
  const path = `/projects/${client.projectId}/events/${id}/states/${key}`;
  const reply = await client.request('PATCH', path, { value, date: date(hours) });
  assert.equal(reply.status, 200, reply.text);
}

function date(hours: number): string {
  return new Date(start + hours * hour * 1000).toISOString();
}

const range = `since=${date(-24)}&until=${date(24 * 60)}`;

function transitions(query: string, options: Parameters<typeof ask>[3] = {}) {
  return test.native.call('GET', `/transitions?from=qualified&to=converted&${query}`, options);
}

describe('GET /workspaces/{workspace}/transitions', () => {
  it('answers count, median, 90th percentile and histogram of the time between two states', async () => {
    const { status, body } = await transitions(range);
    assert.equal(status, 200);
    assert.equal(body.count, 6);
    assert.equal(body.medianSeconds, 3.5 * hour);
    assert.equal(body.p90Seconds, 20 * hour);
    assert.deepEqual(
      body.histogram.filter((bar: { count: number }) => bar.count > 0),
      [
        { fromSeconds: hour, toSeconds: 6 * hour, count: 4 },
        { fromSeconds: 6 * hour, toSeconds: 24 * hour, count: 1 },
        { fromSeconds: 24 * hour, toSeconds: 72 * hour, count: 1 },
      ],
    );
    assert.deepEqual(body.groups, []);
  });

  it('answers them by event type and by interval', async () => {
    const { body } = await transitions(`${range}&groupBy=event-type&interval=month`);
    assert.deepEqual(
      body.groups.map((group: Record<string, unknown>) => [
        group.interval,
        group.eventType,
        group.count,
        group.medianSeconds,
      ]),
      [
        ['2026-03', 'lead', 5, 3 * hour],
        ['2026-04', 'call', 1, 10 * hour],
      ],
    );
  });

  it('answers them by campaign: none where no touchpoint of the person is known', async () => {
    const { status, body } = await transitions(`${range}&groupBy=campaign`);
    assert.equal(status, 200);
    assert.deepEqual(
      body.groups.map((group: Record<string, unknown>) => [group.campaign, group.count]),
      [[null, 6]],
    );
  });

  it('names the campaign that the person came by last before the event', async () => {
    const { wmktId } = test.workspace.credentials.webmarketer;
    const visit = { url: `https://shop.example/?wmktid=${wmktId}&cid=spring`, trackerId, at: date(-24) };
    assert.equal((await test.native.call('POST', '/visits', { body: visit })).status, 201);
    const { body } = await transitions(`${range}&groupBy=campaign`);
    assert.deepEqual(
      body.groups.map((group: { campaign: { slug: string } | null; count: number }) => [
        group.campaign?.slug ?? null,
        group.count,
      ]),
      [
        [null, 5],
        ['spring', 1],
      ],
    );
  });

  it('names the ad instead where the person came by one last', async () => {
    await test.store.addClickBefore('call', '7');
    const { body } = await transitions(`${range}&groupBy=campaign`);
    assert.deepEqual(
      body.groups.map((group: Record<string, unknown>) => [group.campaign, group.adId, group.count]),
      [
        [null, null, 5],
        [null, '7', 1],
      ],
    );
  });

  it('counts within its bounds only, and nothing for states that there are not', async () => {
    const { body } = await transitions(`since=${date(2)}&until=${date(3)}`);
    assert.equal(body.count, 2);
    const none = await test.native.call('GET', `/transitions?from=a&to=b&${range}`);
    assert.deepEqual([none.body.count, none.body.medianSeconds], [0, null]);
  });

  it('refuses what makes no sense', async () => {
    for (const query of [
      'groupBy=weather',
      'interval=minute',
      'since=yesterday',
      `since=${date(1)}&until=${date(0)}`,
      'since=2000-01-01T00:00:00Z&until=2026-01-01T00:00:00Z',
    ])
      assert.equal((await transitions(query)).status, 400, query);
    assert.equal((await test.native.call('GET', '/transitions?from=a')).status, 400);
  });

  it('shows nothing without a key, with a vendor’s, or with another workspace’s', async () => {
    const other = await test.addWorkspace();
    assert.equal((await transitions(range, { key: null })).status, 401);
    const { webmarketer } = test.workspace.credentials;
    assert.equal((await transitions(range, { key: webmarketer.accessToken })).status, 401);
    assert.equal((await transitions(range, { key: await workspaceKey(test, other) })).status, 404);
    const own = await workspaceKey(test, test.workspace);
    assert.equal((await transitions(range, { key: own })).status, 200);
  });
});
