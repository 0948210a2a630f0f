import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import type { TrackerIds } from '../../../../src/dialects/octeth/tracker/tracker-script.ts';
import { useApp } from '../../../helpers/app.ts';
import { verifyWorkspace } from '../../../helpers/derived.ts';
import { inject } from '../../../helpers/vendor-client.ts';
import { person, readEvents, trackerIds } from './browser.ts';

const test = await useApp({ freshWorkspace: true });
let ids: TrackerIds;
beforeEach(async () => {
  ids = await trackerIds(test);
});

function pageView(url: string, parts: Record<string, unknown> = {}, referrer = '') {
  return {
    v: 1,
    ...ids,
    id: randomUUID(),
    uuid: randomUUID(),
    event: 'pageView',
    landing: { url, referrer },
    ...parts,
  };
}

function send(message: object, userAgent = person) {
  return inject(test, {
    method: 'POST',
    url: '/hello/message',
    headers: { 'content-type': 'text/plain;charset=UTF-8', 'user-agent': userAgent },
    body: message,
  });
}

async function arrive(...[url, parts, referrer]: Parameters<typeof pageView>): Promise<void> {
  const reply = await send(pageView(url, parts, referrer));
  assert.equal(reply.status, 200, reply.text);
}

/** The touchpoints, with the tracker id of whose they are and the type of the event that told of them. */
async function visits() {
  const [trackers, events] = [await test.store.keys('tracker'), await test.store.events()];
  return (await test.store.touchpoints()).map((touchpoint) => ({
    ...touchpoint,
    slug: touchpoint.campaign?.slug ?? null,
    tracker: trackers.get(touchpoint.profileId),
    eventType: events.find(({ id }) => id === touchpoint.eventId)?.type ?? null,
  }));
}

function webmarketer(method: 'GET' | 'POST', path: string, payload?: object) {
  const { accessToken, projectId } = test.workspace.credentials.webmarketer;
  return inject(test, {
    method,
    url: `/api/v1${path.replace(':project', `projects/${projectId}`)}`,
    headers: { authorization: `Bearer ${accessToken}` },
    body: payload,
  });
}

async function assertVerified(): Promise<void> {
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  const problems = checks.flatMap((check) => (check.ok ? [] : [check]));
  assert.deepEqual(problems, []);
}

describe('a page view that a campaign led to', () => {
  it('is a visit of Webmarketer’s, and makes the campaign that it names', async () => {
    const { wmktId } = test.workspace.credentials.webmarketer;
    const uuid = randomUUID();
    await arrive(`https://shop.example/shoes?wmktid=${wmktId}&cid=fair&utm_source=news`, { uuid });
    const [visit, ...others] = await visits();
    assert.deepEqual(others, []);
    assert.deepEqual(
      [visit!.channel, visit!.dialect, visit!.slug, visit!.tracker, visit!.eventType],
      ['custom-ads', 'octeth', 'fair', uuid, 'pageView'],
    );
    assert.equal(visit!.detail?.page, 'https://shop.example/shoes');
    const campaigns = await webmarketer('GET', `/:project/integrations/${wmktId}/custom-ads/campaigns`);
    assert.match(campaigns.text, /"fair"/);
  });

  it('is the first interaction of the Webmarketer user that the tracker’s id turns out to be', async () => {
    const uuid = randomUUID();
    test.time.now = Date.parse('2026-03-01T10:00:00Z');
    await arrive('https://shop.example/?gclid=1', { uuid });
    test.time.now = Date.parse('2026-03-02T10:00:00Z');
    const { projectId } = test.workspace.credentials.webmarketer;
    const fields = [{ entity: 'user', type: 'email', storageKey: 'email', discriminant: true }];
    const type = { reference: 'order', name: 'Order', fields };
    assert.equal((await webmarketer('POST', '/:project/event-types', type)).status, 201);
    const event = {
      projectId,
      eventType: 'order',
      trackerId: uuid,
      nonce: 'n',
      data: { email: 'ada@example.com' },
    };
    assert.equal((await webmarketer('POST', '/events/sync', event)).status, 200);
    const users = await webmarketer('POST', '/:project/users/search', {});
    assert.match(users.text, /"firstInteractionDate":[^}]*2026-03-01/);
  });

  it('is stored once with its event, however often the message comes', async () => {
    const message = pageView('https://shop.example/?utm_source=news');
    const replies = await Promise.all([send(message), send(message), send(message)]);
    for (const reply of replies) assert.equal(reply.status, 200, reply.text);
    assert.equal((await send(message)).status, 200);
    assert.equal((await visits()).length, 1);
    assert.equal((await readEvents(test)).length, 1);
    await assertVerified();
    const { received, duplicate } = await test.store.accounting('octeth');
    assert.deepEqual([received, duplicate], [4, 3]);
  });

  it('is a visit also when its event goes to quarantine, and no second one when that is replayed', async () => {
    await arrive('https://shop.example/?utm_source=news', { properties: { text: 'a\u0000b' } });
    assert.equal((await visits()).length, 1);
    assert.equal((await readEvents(test)).length, 0);
    await assertVerified();
    const [row] = await test.store.quarantined();
    await test.native.call('POST', `/quarantine/${row!.id}/replay`);
    assert.equal((await visits()).length, 1);
    await assertVerified();
  });

  it('of a program is a visit that is marked', async () => {
    await send(pageView('https://shop.example/?gclid=1'), 'Mozilla/5.0 (compatible; Googlebot/2.1)');
    await send(pageView('https://shop.example/?gclid=1'));
    const found = await visits();
    assert.deepEqual(found.map(({ detail }) => detail?.bot).sort(), [true, undefined]);
  });
});

describe('what counts as an arrival', () => {
  it('a campaign, a click, or another site that led here', async () => {
    await arrive('https://shop.example/?utm_content=x');
    await arrive('https://shop.example/?fbclid=1');
    await arrive('https://shop.example/?cid=c');
    await arrive('https://shop.example/', {}, 'https://www.google.com/');
    await arrive('https://shop.example/', {}, 'https://news.example/today');
    const channels = (await visits()).map(({ channel }) => channel).sort();
    assert.deepEqual(channels, ['direct', 'direct', 'organic-search', 'referral', 'social']);
  });

  it('and neither the next page of a visit, nor what is no page view, nor a test', async () => {
    await arrive('https://shop.example/two', {}, 'https://www.shop.example/');
    await arrive('https://shop.example/two');
    await arrive('https://shop.example/?gclid=1', { event: 'signup' });
    await arrive('https://shop.example/?gclid=1', { properties: { isTest: true } });
    assert.deepEqual(await visits(), []);
    await assertVerified();
  });
});
