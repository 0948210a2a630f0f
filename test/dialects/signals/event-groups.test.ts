import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { readLastJob } from '../../../src/core/job/job-store.ts';
import { eventTypeId } from '../../../src/dialects/signals/conversation/event-type-id.ts';
import { maximumActiveGroups } from '../../../src/dialects/signals/conversion/event-group.ts';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import { delivery, referralTo, SignalsClient, textMessage } from './client.ts';
import { knowAds, trackApp } from './setup.ts';
import { SignalsStore } from './store.ts';

const noon = Date.parse('2025-03-04T12:00:00Z') / 1000;
const campaign = '23851172049950328';
const ad = '23852030589290425';
const otherAd = '23852030589290426';

const test = await useApp({ freshWorkspace: true });
const client = new SignalsClient(test);
/** Another number of the client. */
let second: string;
let places = 0;

beforeEach(async () => {
  await knowAds(test, test.workspace, { [ad]: campaign, [otherAd]: '23851172049950329' });
  second = String(770_000_000 + ++places);
  const settings = { clientId: client.keys.clientId };
  const body = { dialect: 'signals', name: 'Second number', externalId: second, settings };
  assert.equal((await test.native.call('POST', '/sources', { body })).status, 201);
});

interface Group {
  id: string;
  app_id: string;
  ad_id: string | null;
  type_id: string;
  [name: string]: unknown;
}

async function create(body: object, status = 201): Promise<Group> {
  const reply = await client.send('POST', '/event_groups', body);
  assert.equal(reply.status, status, reply.text);
  return reply.body;
}

async function list(query: Record<string, string> = {}, appId = client.keys.appId) {
  const reply = await client.get('/event_groups', query, client.authorized, { ...client.keys, appId });
  assert.equal(reply.status, 200, reply.text);
  return reply.body as { data: Group[]; total_count: number; offset: number; limit: number };
}

async function change(id: string, body: object, status = 200): Promise<void> {
  const reply = await client.send('PATCH', `/event_groups/${id}`, body);
  assert.equal(reply.status, status, reply.text);
  if (status === 200) assert.deepEqual(reply.body, { success: true });
}

let messages = 0;

/** A message of a lead, so many seconds after noon. */
function says(lead: number, after: number, body: string, adId?: string) {
  const referral = adId === undefined ? {} : { referral: { ...referralTo(adId), ctwa_clid: `c${messages}` } };
  return textMessage(`wamid.${++messages}`, `3360000000${lead}`, noon + after, {
    text: { body },
    ...referral,
  });
}

async function deliver(sent: object[], appId = client.keys.appId): Promise<void> {
  assert.equal((await client.deliver(delivery(...sent), client.authorized, appId)).status, 200);
}

const figures = ({ app_id, ad_id, events_count, unique_users, cvr }: Group) => [
  app_id,
  ad_id,
  events_count,
  unique_users,
  cvr,
];

describe('POST …/event_groups', () => {
  it('creates a group for all numbers of the client and answers it whole', async () => {
    const { id, ...group } = await create({ type: 'keyword', type_value: '  Product ordered ' });
    assert.match(id, /^[0-9a-f]{24}$/);
    const { appId } = client.keys;
    assert.deepEqual(group, {
      app_id: appId,
      ad_id: null,
      campaign_id: null,
      type: 'keyword',
      type_id: eventTypeId(appId, 'keyword', 'Product ordered'),
      type_value: 'Product ordered',
      status: 'active',
      first_event: null,
      last_event: null,
      events_count: 0,
      unique_users: 0,
      cvr: 0,
      warnings: [],
    });
    await deliver([says(1, 0, 'product ordered', ad)]);
    await deliver([says(2, 60, 'PRODUCT ORDERED')], second);
    const { data, total_count } = await list();
    assert.equal(total_count, 2);
    assert.deepEqual(data.map(figures), [
      [appId, ad, 1, 1, 100],
      [second, null, 1, 1, 100],
    ]);
    assert.deepEqual(
      data.map(({ type_id }) => type_id),
      [appId, second].map((app) => eventTypeId(app, 'keyword', 'Product ordered')),
    );
  });

  it('counts messages that came before, too', async () => {
    await deliver([
      says(1, 0, 'hello', ad),
      says(1, 60, 'deal'),
      says(2, 90, 'hi', ad),
      says(1, 120, 'a deal'),
    ]);
    await create({ type: 'keyword', type_value: 'deal' });
    const [item] = (await list()).data;
    assert.deepEqual(figures(item!), [client.keys.appId, ad, 2, 1, 100]);
    assert.equal(item!.campaign_id, campaign);
    assert.equal(item!.first_event, '2025-03-04T12:01:00+00:00');
    assert.equal(item!.last_event, '2025-03-04T12:02:00+00:00');
  });

  it('answers the active group that there is in place of a second one like it', async () => {
    const first = await create({ type: 'keyword', type_value: 'Deal' });
    const again = await create({ type: 'keyword', type_value: 'DEAL' }, 200);
    assert.equal(again.id, first.id);
    const replies = await Promise.all(
      [1, 2, 3].map(() => client.send('POST', '/event_groups', { type: 'keyword', type_value: 'race' })),
    );
    assert.equal(new Set(replies.map((reply) => reply.body.id)).size, 1);
    assert.equal((await list()).total_count, 2);
    const elsewhere = await create({ type: 'keyword', type_value: 'deal', ad_id: ad });
    assert.notEqual(elsewhere.id, first.id);
  });

  it('looks only in conversations of the ad or the campaign that it is for', async () => {
    await create({ type: 'keyword', type_value: 'red', ad_id: ad });
    await create({ type: 'keyword', type_value: 'blue', campaign_id: campaign });
    const all = 'red and blue';
    await deliver([says(1, 0, all, ad), says(2, 0, all, otherAd), says(3, 0, all)]);
    const { data } = await list();
    assert.deepEqual(
      data.map(({ type_value, ad_id }) => [type_value, ad_id]),
      [
        ['blue', ad],
        ['red', ad],
      ],
    );
    const { data: events } = await client.events({ event_type: 'keyword' });
    assert.equal(events.length, 2);
  });

  it('tells of a text that leads write anyway, in any language', async () => {
    for (const type_value of ['Yes', 'そう', 'Привет!', 'ok']) {
      const { warnings } = await create({ type: 'keyword', type_value });
      assert.equal((warnings as string[]).length, type_value === 'そう' ? 0 : 1, type_value);
    }
  });

  it('finds texts of any script', async () => {
    for (const type_value of ['я готов заказать', '下单', 'أريد الشراء', '👍👍'])
      await create({ type: 'keyword', type_value });
    await deliver([
      says(1, 0, 'Да, Я ГОТОВ  ЗАКАЗАТЬ!'),
      says(1, 1, '我要下单了'),
      says(1, 2, 'أريد الشراء الآن'),
      says(1, 3, 'so 👍👍'),
      says(1, 4, 'я готов заказатьx'),
    ]);
    const { data } = await list();
    assert.deepEqual(
      data.map(({ events_count }) => events_count),
      [1, 1, 1, 1],
    );
  });

  it('counts what is chosen from buttons without a rule of its own', async () => {
    const button = (title: string, after: number) => ({
      ...says(1, after, ''),
      type: 'button',
      button: { text: title, payload: 'p' },
    });
    await deliver([says(1, 0, 'hi', ad), button('Buy', 1), button('Later', 2)]);
    await create({ type: 'button', type_value: 'Buy' });
    await create({ type: 'button' });
    assert.equal(await readLastJob(test.database, test.workspace.created.id, 'recount'), undefined);
    assert.deepEqual(
      (await list()).data.map(({ type_value, events_count }) => [type_value, events_count]),
      [
        [null, 2],
        ['Buy', 1],
      ],
    );
  });
});

describe('GET …/event_groups', () => {
  it('shows groups by app and ad, the newest group first, in pages', async () => {
    await create({ type: 'keyword', type_value: 'one' });
    await create({ type: 'keyword', type_value: 'two' });
    await deliver([says(1, 0, 'one two', ad), says(2, 0, 'one', otherAd), says(3, 0, 'two')]);
    const { data, ...page } = await list();
    assert.deepEqual(page, { total_count: 4, offset: 0, limit: 100 });
    const names = data.map(({ type_value, ad_id }) => `${type_value} ${ad_id}`);
    assert.deepEqual(names, [`two null`, `two ${ad}`, `one ${ad}`, `one ${otherAd}`]);
    const part = await list({ offset: '1', limit: '2' });
    assert.deepEqual(part.data, data.slice(1, 3));
    assert.equal(part.total_count, 4);
    assert.deepEqual(await list({ offset: '9' }), { data: [], total_count: 4, offset: 9, limit: 100 });
  });

  it('filters by ad, type, type id and status', async () => {
    const group = await create({ type: 'keyword', type_value: 'one' });
    const other = await create({ type: 'conversation', type_value: 'two', ad_id: ad });
    await deliver([says(1, 0, 'one two', ad), says(2, 0, 'one', otherAd)]);
    const values = async (query: Record<string, string>) =>
      (await list(query)).data.map(({ type_value, ad_id }) => `${type_value} ${ad_id}`);
    assert.deepEqual(await values({ ad_id: otherAd }), [`one ${otherAd}`]);
    assert.deepEqual(await values({ ad_id: '1' }), ['one 1']);
    assert.deepEqual(await values({ event_type: 'conversation' }), [`two ${ad}`]);
    assert.deepEqual(await values({ event_type_id: other.type_id }), [`two ${ad}`]);
    assert.deepEqual(await values({ event_type_id: eventTypeId(second, 'keyword', 'one') }), [
      `one ${ad}`,
      `one ${otherAd}`,
    ]);
    assert.deepEqual(await values({ event_type_id: 'keyword#ONE', ad_id: ad }), [`one ${ad}`]);
    assert.deepEqual(await values({ event_type_id: `conversation#${other.id}` }), [`two ${ad}`]);
    assert.deepEqual(
      await values({ event_type_id: 'keyword#1' }),
      await values({ event_type_id: 'keyword#one' }),
    );
    assert.deepEqual(await values({ event_type_id: 'keyword#9' }), []);
    assert.deepEqual(await values({ event_type: 'button', event_type_id: 'keyword#one' }), []);
    await change(group.id, { status: 'archived' });
    assert.deepEqual(await values({ status: 'active' }), [`two ${ad}`]);
    assert.deepEqual(await values({ status: 'archived', ad_id: ad }), [`one ${ad}`]);
  });

  it('refuses parameters that are out of range or none', async () => {
    for (const [query, name] of [
      [{ limit: '0' }, 'limit'],
      [{ limit: '1001' }, 'limit'],
      [{ limit: 'ten' }, 'limit'],
      [{ offset: '-1' }, 'offset'],
      [{ status: 'deleted' }, 'status'],
      [{ event_type: 'click' }, 'event_type'],
      [{ event_type_id: 'click#1' }, 'event_type_id'],
    ] as const) {
      const reply = await client.get('/event_groups', query);
      assert.equal(reply.status, 422, name);
      assert.deepEqual(reply.body.detail[0].loc, ['query', name]);
    }
  });

  it('is the same through any app of the client, and shows a single one', async () => {
    const { id } = await create({ type: 'keyword', type_value: 'deal' });
    await deliver([says(1, 0, 'deal', ad), says(1, 3600 * 30, 'deal', otherAd), says(2, 1, 'x', ad)]);
    const [here, there] = [await list(), await list({}, second)];
    assert.deepEqual(here.data, there.data);
    const reply = await client.get(`/event_groups/${id.toUpperCase()}`);
    assert.equal(reply.status, 200);
    const group = reply.body;
    assert.deepEqual(figures(group), [client.keys.appId, null, 2, 2, 66.67]);
    assert.equal(group.first_event, '2025-03-04T12:00:00+00:00');
    assert.equal(group.last_event, '2025-03-05T18:00:00+00:00');
    const other = await client.get(`/event_groups/${id}`, {}, client.authorized, {
      ...client.keys,
      appId: second,
    });
    assert.deepEqual(figures(other.body), [second, null, 0, 0, 0]);
  });
});

describe('PATCH …/event_groups/{groupId}', () => {
  it('archives a group, which keeps what it counted and counts no more, and brings it back', async () => {
    const { id } = await create({ type: 'keyword', type_value: 'deal' });
    await deliver([says(1, 0, 'deal', ad)]);
    await change(id, { status: 'archived' });
    const late = Math.ceil(Date.now() / 1000) - noon + 60;
    await deliver([says(1, late, 'deal', ad), says(2, 1, 'deal', ad)]);
    const [archived] = (await list()).data;
    assert.deepEqual([archived!.status, archived!.events_count], ['archived', 2]);
    const { total_count } = await client.events({ event_type: 'keyword' });
    assert.equal(total_count, 2);
    await change(id, { status: 'active' });
    const [active] = (await list()).data;
    assert.deepEqual([active!.status, active!.events_count], ['active', 3]);
    const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
    assert.deepEqual(
      checks.filter(({ ok }) => !ok),
      [],
    );
  });

  it('changes the text and counts anew by it', async () => {
    const { id } = await create({ type: 'keyword', type_value: 'red' });
    await deliver([says(1, 0, 'red', ad), says(1, 1, 'blue'), says(1, 2, 'blue')]);
    await change(id, { type_value: 'blue' });
    const [item] = (await list()).data;
    assert.deepEqual([item!.type_value, item!.events_count], ['blue', 2]);
    const { data } = await client.events({ event_type: 'keyword' });
    assert.deepEqual(
      data.map(({ type_value }) => type_value),
      ['blue', 'blue'],
    );
  });

  it('takes the same change again, and refuses one that makes two active groups the same', async () => {
    const { id } = await create({ type: 'keyword', type_value: 'red' });
    await change(id, { status: 'archived' });
    await change(id, { status: 'archived' });
    await create({ type: 'keyword', type_value: 'Red' });
    await change(id, { status: 'active' }, 409);
  });

  it('refuses what is no change', async () => {
    const { id } = await create({ type: 'keyword', type_value: 'red' });
    for (const body of [
      {},
      { status: 'deleted' },
      { type_value: '' },
      { type_value: 'x'.repeat(201) },
      { status: 1 },
    ])
      await change(id, body, 422);
    const { id: converted } = await create({ type: 'converted' });
    await change(converted, { type_value: 'red' }, 422);
  });

  it('does not know a group that is not there, or is another client’s', async () => {
    const stranger = new SignalsClient(test, await test.addWorkspace());
    const theirs = await stranger.send('POST', '/event_groups', { type: 'keyword', type_value: 'secret' });
    for (const id of [theirs.body.id, '0'.repeat(24), 'abc', '%00']) {
      assert.equal((await client.get(`/event_groups/${id}`)).status, 404);
      await change(id, { status: 'archived' }, 404);
    }
    assert.equal((await list()).total_count, 0);
    assert.equal((await stranger.get('/event_groups')).body.data[0].status, 'active');
  });
});

describe('who may set up event groups', () => {
  it('is refused without a key, with a wrong one, and on another client’s or unknown app', async () => {
    const body = { type: 'keyword', type_value: 'red' };
    const { id } = await create(body);
    const stranger = new SignalsClient(test, await test.addWorkspace());
    for (const headers of [
      {},
      { authorization: 'Bearer x' },
      { 'x-api-key': test.workspace.credentials.webengage.apiKey },
    ]) {
      const none = headers as Record<string, string>;
      const replies = await Promise.all([
        client.get('/event_groups', {}, none),
        client.get(`/event_groups/${id}`, {}, none),
        client.send('POST', '/event_groups', body, none),
        client.send('PATCH', `/event_groups/${id}`, { status: 'archived' }, none),
      ]);
      for (const reply of replies) assert.equal(reply.status, 401);
    }
    for (const place of [stranger.keys, { ...client.keys, appId: '1' }]) {
      assert.equal((await client.get('/event_groups', {}, client.authorized, place)).status, 404);
      assert.equal((await client.send('POST', '/event_groups', body, client.authorized, place)).status, 404);
    }
    assert.equal((await list()).data[0]!.status, 'active');
  });

  it('can read and archive, but set up nothing while tracking is off for the app', async () => {
    const { id } = await create({ type: 'keyword', type_value: 'red' });
    await trackApp(test, false);
    const reply = await client.send('POST', '/event_groups', { type: 'keyword', type_value: 'blue' });
    assert.equal(reply.status, 403);
    await change(id, { type_value: 'blue' }, 403);
    assert.equal((await list()).total_count, 1);
    await change(id, { status: 'archived' });
    await change(id, { status: 'active' }, 403);
  });

  it('names everything that is wrong with the body', async () => {
    for (const [body, names] of [
      [{}, ['body/type']],
      [{ type: 'click' }, ['body/type']],
      [{ type: 'keyword' }, ['body/type_value']],
      [{ type: 'conversation', type_value: '  ' }, ['body/type_value']],
      [{ type: 'keyword', type_value: 'x'.repeat(201) }, ['body/type_value']],
      [{ type: 'keyword', type_value: '\ud800', ad_id: 7 }, ['body/type_value', 'body/ad_id']],
      [{ type: 'button', campaign_id: {} }, ['body/campaign_id']],
      ['[]', ['body']],
    ] as const) {
      const reply = await client.send('POST', '/event_groups', body);
      assert.equal(reply.status, 422, reply.text);
      assert.deepEqual(
        reply.body.detail.map(({ loc }: { loc: string[] }) => loc.join('/')),
        names,
      );
    }
  });

  it('has a bounded number of active groups', async () => {
    await create({ type: 'keyword', type_value: 'first' });
    await new SignalsStore(test).addEventGroups(maximumActiveGroups - 1);
    const reply = await client.send('POST', '/event_groups', { type: 'keyword', type_value: 'one more' });
    assert.equal(reply.status, 409);
    assert.match(reply.body.detail, /archive some/);
  });
});
