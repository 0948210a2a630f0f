import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { inject } from '../helpers/vendor-client.ts';
import { workspaceKey } from './helpers.ts';

const test = await useApp();
const { wmktId } = test.workspace.credentials.webmarketer;

const visit = (body: object, key?: string | null) =>
  test.native.call('POST', '/visits', { body, ...(key === undefined ? {} : { key }) });

async function read(id: string) {
  return (await test.store.touchpoints()).find((touchpoint) => touchpoint.id === id);
}

async function campaignSlugs(): Promise<string[]> {
  const { campaigns } = await test.native.read('/campaigns');
  return campaigns.map(({ slug }: { slug: string }) => slug).sort();
}

describe('POST /workspaces/{workspace}/visits', () => {
  it('keeps where the visitor came from', async () => {
    const { status, body } = await visit({
      url: 'https://shop.example/?utm_source=news&utm_medium=email&name=Ada',
      referrer: 'https://mail.example/',
      trackerId: 'browser-1',
      at: '2026-01-01T10:00:00+01:00',
    });
    assert.equal(status, 201);
    const { id, profileId, ...rest } = body;
    assert.deepEqual(rest, {
      at: '2026-01-01T09:00:00.000Z',
      channel: 'email',
      integration: null,
      campaignId: null,
    });
    const { detail, eventId } = (await read(id))!;
    assert.equal(eventId, null);
    assert.deepEqual(detail, {
      page: 'https://shop.example/',
      referrerHost: 'mail.example',
      utm: { source: 'news', medium: 'email' },
      clickIds: {},
      wmktId: null,
      cid: null,
    });
    const again = await visit({ url: 'https://shop.example/', trackerId: 'browser-1' });
    assert.equal(again.body.profileId, profileId);
    assert.equal(again.body.channel, 'direct');
  });

  it('makes an implicit campaign of traffic, once', async () => {
    const url = `https://shop.example/?WmktId=${wmktId}&cid=fair`;
    const first = await visit({ url, trackerId: 'browser-2' });
    const [second, third] = await Promise.all([
      visit({ url, trackerId: 'browser-3' }),
      visit({ url, trackerId: 'browser-4' }),
    ]);
    assert.deepEqual([first.body.channel, first.body.integration], ['custom-ads', wmktId]);
    assert.ok(first.body.campaignId);
    assert.equal(second.body.campaignId, first.body.campaignId);
    assert.equal(third.body.campaignId, first.body.campaignId);
    assert.deepEqual(await campaignSlugs(), ['fair']);
  });

  it('makes one even where the traffic names no campaign', async () => {
    await visit({ url: `https://shop.example/?wmktid=${wmktId}&utm_campaign=autumn`, trackerId: 'b' });
    await visit({ url: `https://shop.example/?wmktid=${wmktId}`, trackerId: 'b' });
    assert.deepEqual(await campaignSlugs(), ['autumn', 'default', 'fair']);
  });

  it('makes no more campaigns than an integration can have', async () => {
    const removeThem = await test.store.addCampaignsLike('fair', 9997);
    const more = await visit({ url: `https://shop.example/?wmktid=${wmktId}&cid=one-more`, trackerId: 'b' });
    assert.equal(more.status, 201);
    assert.deepEqual([more.body.integration, more.body.campaignId], [wmktId, null]);
    const known = await visit({ url: `https://shop.example/?wmktid=${wmktId}&cid=fair`, trackerId: 'b' });
    assert.ok(known.body.campaignId);
    await removeThem();
  });

  it('counts traffic of an unknown integration by what else it says', async () => {
    const { body } = await visit({ url: 'https://shop.example/?wmktid=other&cid=x', trackerId: 'b' });
    assert.deepEqual([body.channel, body.integration, body.campaignId], ['direct', null, null]);
    assert.equal((await read(body.id))?.detail?.wmktId, 'other');
  });

  it('stores a repeat of a message once, and answers it as the first', async () => {
    const message = { url: 'https://shop.example/?gclid=1', trackerId: 'browser-5', messageId: 'm-1' };
    const first = await visit(message);
    assert.deepEqual([first.status, first.body.channel], [201, 'paid-search']);
    const before = await test.store.count('touchpoint');
    const repeats = await Promise.all([visit(message), visit({ ...message, url: 'https://a.example/' })]);
    for (const repeat of repeats) assert.deepEqual([repeat.status, repeat.body], [200, first.body]);
    assert.equal(await test.store.count('touchpoint'), before);
    const other = await test.addWorkspace();
    const there = await ask(test, 'POST', at(other, '/visits'), { body: message });
    assert.equal(there.status, 201);
  });

  it('gives a user who is known by the tracker what the browser did before', async () => {
    const { body } = await visit({ url: 'https://shop.example/', trackerId: 'browser-6' });
    const { accessToken, projectId } = test.workspace.credentials.webmarketer;
    const post = (path: string, payload: object) =>
      inject(test, {
        method: 'POST',
        url: `/api/v1${path}`,
        headers: { authorization: `Bearer ${accessToken}` },
        body: payload,
      });
    const fields = [{ entity: 'user', type: 'email', storageKey: 'email', discriminant: true }];
    const type = { reference: 'order', name: 'Order', fields };
    assert.equal((await post(`/projects/${projectId}/event-types`, type)).status, 201);
    const event = {
      projectId,
      eventType: 'order',
      nonce: 'n-1',
      trackerId: 'browser-6',
      data: { email: 'ada@example.com' },
    };
    assert.equal((await post('/events/sync', event)).status, 200);
    const person = await test.native.call('GET', '/people/lookup?kind=email&value=ada@example.com');
    const profileIds = person.body.profiles.map((profile: { id: string }) => profile.id);
    const touchpoints = await test.store.touchpoints();
    assert.deepEqual(
      touchpoints.filter(({ profileId }) => profileIds.includes(profileId)).map(({ id }) => id),
      [body.id],
    );
  });

  it('is no event: neither stored nor accounted as one', async () => {
    const before = [await test.store.count('event'), await test.store.count('accounting')];
    await visit({ url: 'https://shop.example/', trackerId: 'browser-7' });
    assert.deepEqual([await test.store.count('event'), await test.store.count('accounting')], before);
  });

  it('refuses what is no visit, and stores nothing', async () => {
    const before = [await test.store.count('touchpoint'), await test.store.count('profile')];
    const good = { url: 'https://shop.example/', trackerId: 'browser-8' };
    const wrong: object[] = [
      { trackerId: 'x' },
      { url: good.url },
      { ...good, url: 'shop.example' },
      { ...good, url: 'javascript:alert(1)' },
      { ...good, url: `https://a.example/${'x'.repeat(9000)}` },
      { ...good, trackerId: '' },
      { ...good, trackerId: 'x'.repeat(257) },
      { ...good, trackerId: 'x\u0000' },
      { ...good, trackerId: 7 },
      { ...good, at: 'yesterday' },
      { ...good, messageId: '' },
      { ...good, surprise: true },
      [],
    ];
    for (const body of wrong) {
      const reply = await visit(body);
      assert.equal(reply.status, 400, JSON.stringify(body).slice(0, 100));
      assert.equal(reply.body.error.code, 'invalid-request');
    }
    assert.deepEqual([await test.store.count('touchpoint'), await test.store.count('profile')], before);
  });

  it('opens to the workspace’s own key alone', async () => {
    const good = { url: 'https://shop.example/', trackerId: 'browser-9' };
    assert.equal((await visit(good, await workspaceKey(test, test.workspace))).status, 201);
    const before = await test.store.count('touchpoint');
    for (const key of [null, 'wrong', test.workspace.credentials.webmarketer.accessToken])
      assert.equal((await visit(good, key)).status, 401);
    const stranger = await workspaceKey(test, await test.addWorkspace());
    assert.equal((await visit(good, stranger)).status, 404);
    assert.equal((await ask(test, 'POST', '/workspaces/nowhere/visits', { body: good })).status, 404);
    assert.equal(await test.store.count('touchpoint'), before);
  });
});
