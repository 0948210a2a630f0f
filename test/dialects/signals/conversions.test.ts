import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { eventTypeId } from '../../../src/dialects/signals/conversation/event-type-id.ts';
import { useApp } from '../../helpers/app.ts';
import { ask, at, NativeClient } from '../../helpers/native-client.ts';
import { workspaceKey } from '../../native/helpers.ts';
import { delivery, referralTo, SignalsClient, textMessage } from './client.ts';
import { knowAds, trackApp } from './setup.ts';

const noon = Date.parse('2025-03-04T12:00:00Z') / 1000;
const campaign = '23851172049950328';
const ad = '23852030589290425';
const otherAd = '23852030589290426';
const lead = '33600000001';

const test = await useApp({ freshWorkspace: true });
const client = new SignalsClient(test);
let messages = 0;

beforeEach(async () => {
  await knowAds(test, test.workspace, { [ad]: campaign, [otherAd]: '23851172049950329' });
});

const text = (body: string, more: object = {}) => {
  const id = `wamid.${++messages}`;
  return textMessage(id, lead, noon + messages, { text: { body }, ...more });
};

async function deliver(...sent: object[]): Promise<void> {
  assert.equal((await client.deliver(delivery(...sent))).status, 200);
}

async function set(body: object): Promise<Record<string, unknown>> {
  const reply = await client.send('POST', '/converted_events', { campaign_id: campaign, ...body });
  assert.equal(reply.status, 200, reply.text);
  assert.deepEqual(reply.body, { success: true });
  return reply.headers;
}

/** What leads did beside writing for the first and second time, oldest first. */
async function raised(): Promise<(string | null)[][]> {
  const { data } = await client.events();
  return data
    .filter(
      ({ type, type_value: value }) => !['conversation', 'engagement'].includes(type!) || value !== null,
    )
    .map(({ ad_id, campaign_id, type, type_value }) => [ad_id!, campaign_id!, type!, type_value!])
    .reverse();
}

const byAd = { referral: referralTo(ad) };

describe('POST …/converted_events', () => {
  for (const type of ['keyword', 'conversation'] as const) {
    it(`looks for the text of type ${type} in the messages of the campaign’s leads`, async () => {
      await set({ type, type_value: "I'm ready to order!" });
      await deliver(text('Hi', byAd), text('Well, I’M READY to\norder! Thanks'), text('ready to order'));
      const wanted = "I'm ready to order!";
      const expected = [type, 'converted'].map((name) => [ad, campaign, name, wanted]);
      assert.deepEqual((await raised()).sort(), expected.sort());
    });
  }

  it('raises the events beside the automatic ones of the same message, each with its type id', async () => {
    await set({ type: 'keyword', type_value: 'deal' });
    await deliver(text('Deal?', byAd));
    const { data } = await client.events();
    const { appId } = client.keys;
    assert.deepEqual(
      new Map(data.map(({ type, type_id }) => [type, type_id])),
      new Map([
        ['converted', eventTypeId(appId, 'converted', 'deal')],
        ['keyword', eventTypeId(appId, 'keyword', 'deal')],
        ['conversation', eventTypeId(appId, 'conversation', null)],
      ]),
    );
    assert.equal(new Set(data.map(({ id }) => id)).size, 1);
  });

  it('looks only in conversations of the campaign', async () => {
    await set({ type: 'keyword', type_value: 'deal' });
    await deliver(text('deal'), text('deal', { referral: referralTo(otherAd) }));
    assert.deepEqual(await raised(), []);
  });

  it('takes a button, with its title or any, for the conversion', async () => {
    const button = (title: string) => text('', { type: 'button', button: { text: title, payload: 'p' } });
    await set({ type: 'button', type_value: 'Buy 🛒' });
    await deliver(text('Hi', byAd), button('Buy 🛒'), button('Later'));
    const converted = async () => (await raised()).filter(([, , type]) => type === 'converted').length;
    assert.equal(await converted(), 1);
    await set({ type: 'button' });
    assert.equal(await converted(), 2);
  });

  it('goes by the type id where there is no value', async () => {
    const { appId } = client.keys;
    await set({ type: 'button', type_id: eventTypeId(appId, 'button', 'Buy').toUpperCase() });
    const button = (title: string) => text('', { type: 'button', button: { text: title, payload: 'p' } });
    await deliver(text('Hi', byAd), button('Later'), button('Buy'));
    const converted = (await raised()).filter(([, , type]) => type === 'converted');
    assert.deepEqual(converted, [[ad, campaign, 'converted', 'Buy']]);
  });

  it('takes engagement for the conversion', async () => {
    await set({ type: 'engagement' });
    await deliver(text('Hi', byAd), text('again'), text('and again'));
    assert.deepEqual(await raised(), [[ad, campaign, 'converted', null]]);
  });

  it('takes “converted” for any of the texts that are set up for the campaign', async () => {
    const group = { type: 'keyword', type_value: 'deal', campaign_id: campaign };
    assert.equal((await client.send('POST', '/event_groups', group)).status, 201);
    await set({ type: 'converted' });
    await deliver(text('Hi', byAd), text('It is a deal'));
    assert.deepEqual((await raised()).sort(), [
      [ad, campaign, 'converted', 'deal'],
      [ad, campaign, 'keyword', 'deal'],
    ]);
  });

  it('replaces the campaign’s conversion and counts what was sent before anew', async () => {
    await deliver(text('red', byAd), text('blue'));
    await set({ type: 'keyword', type_value: 'red' });
    assert.deepEqual(
      (await raised()).map((event) => event[3]),
      ['red', 'red'],
    );
    await set({ type: 'keyword', type_value: 'blue' });
    assert.deepEqual(
      (await raised()).map((event) => event[3]),
      ['blue', 'blue'],
    );
    assert.equal((await test.native.read('/signals/conversions')).conversions.length, 1);
  });

  it('does not count anew when nothing is different', async () => {
    const setAt = async (now: number) => {
      test.time.now = now;
      await set({ type: 'keyword', type_value: 'red' });
      test.time.now = 0;
      return (await test.native.read('/recount')).recount.requestedAt;
    };
    const now = Date.now();
    assert.equal(await setAt(now), new Date(now).toISOString());
    assert.equal(await setAt(now + 1000), new Date(now).toISOString());
  });

  it('warns, in a header, of a text that leads write anyway, and sets it all the same', async () => {
    const headers = await set({ type: 'keyword', type_value: 'Oui' });
    assert.match(String(headers['x-throughline-warning']), /common/);
    const unique = await set({ type: 'keyword', type_value: 'Commander la robe bleue' });
    assert.equal(unique['x-throughline-warning'], undefined);
  });

  it('is shown, with its warning, by the native API in pages', async () => {
    await set({ type: 'keyword', type_value: 'Oui' });
    await set({ type: 'button', campaign_id: '9' });
    const path = at(test.workspace, '/signals/conversions');
    const first = await ask(test, 'GET', `${path}?limit=1`);
    assert.equal(first.status, 200);
    const [{ createdAt, warnings, ...conversion }] = first.body.conversions;
    assert.equal(new Date(createdAt).toISOString(), createdAt);
    assert.equal(warnings.length, 1);
    assert.deepEqual(conversion, { campaignId: campaign, type: 'keyword', typeValue: 'Oui', typeId: null });
    const rest = await ask(test, 'GET', `${path}?limit=1&after=${first.body.next}`);
    assert.deepEqual(
      [rest.body.conversions[0].campaignId, rest.body.conversions[0].warnings, rest.body.next],
      ['9', [], null],
    );
    const other = await test.addWorkspace();
    assert.equal((await ask(test, 'GET', at(other, '/signals/conversions'))).body.conversions.length, 0);
    assert.equal((await ask(test, 'GET', path, { key: null })).status, 401);
    const key = await workspaceKey(test, other);
    assert.ok([403, 404].includes((await ask(test, 'GET', path, { key })).status));
    assert.equal((await ask(test, 'GET', `${path}?limit=0`)).status, 400);
  });

  it('holds for every app of the client', async () => {
    const second = await addApp();
    await set({ type: 'keyword', type_value: 'deal' });
    const reply = await client.deliver(delivery(text('deal', byAd)), client.authorized, second);
    assert.equal(reply.status, 200);
    const place = { ...client.keys, appId: second };
    const events = await client.get(
      '/events',
      { date_from: '2020-01-01', date_to: '2030-01-01', event_type: 'converted' },
      client.authorized,
      place,
    );
    assert.equal(events.body.total_count, 1);
  });

  async function addApp(): Promise<string> {
    const settings = { clientId: client.keys.clientId };
    const body = { dialect: 'signals', name: 'Second number', externalId: `77${messages++}55`, settings };
    const reply = await test.native.call('POST', '/sources', { body });
    assert.equal(reply.status, 201, JSON.stringify(reply.body));
    return body.externalId;
  }
});

describe('refusals of POST …/converted_events', () => {
  const refused = async (body: unknown) => {
    const reply = await client.send('POST', '/converted_events', body);
    assert.equal(reply.status, 422, reply.text);
    return reply.body.detail.map(({ loc }: { loc: string[] }) => loc.join('/'));
  };

  it('name everything that is wrong with the body', async () => {
    assert.deepEqual(await refused({}), ['body/campaign_id', 'body/type']);
    assert.deepEqual(await refused({ campaign_id: 23851172049950328, type: 'button' }), ['body/campaign_id']);
    assert.deepEqual(await refused({ campaign_id: ' ', type: 'button' }), ['body/campaign_id']);
    assert.deepEqual(await refused({ campaign_id: campaign, type: 'clicked' }), ['body/type']);
    assert.deepEqual(await refused({ campaign_id: campaign, type: ['keyword'] }), ['body/type']);
    assert.deepEqual(await refused({ campaign_id: campaign, type: 'keyword' }), ['body/type_value']);
    assert.deepEqual(await refused({ campaign_id: campaign, type: 'keyword', type_value: ' \n' }), [
      'body/type_value',
    ]);
    for (const type_value of ['x'.repeat(201), 'a\u0000b', '\ud800', 7, { $ne: '' }])
      assert.deepEqual(await refused({ campaign_id: campaign, type: 'keyword', type_value }), [
        'body/type_value',
      ]);
    assert.deepEqual(await refused({ campaign_id: campaign, type: 'button', type_id: 'keyword#1' }), [
      'body/type_id',
    ]);
    assert.deepEqual(await refused({ campaign_id: campaign, type: 'engagement', type_value: {} }), [
      'body/type_value',
    ]);
    assert.deepEqual(await refused([]), ['body']);
    assert.deepEqual(await refused('{"campaign_id":'), ['body']);
  });

  it('are 403 while tracking is off for the app', async () => {
    await trackApp(test, false);
    const reply = await client.send('POST', '/converted_events', { campaign_id: campaign, type: 'button' });
    assert.equal(reply.status, 403);
    assert.match(reply.body.detail, /tracking is not enabled/);
  });

  it('know no app or client but one’s own, and no caller without a key', async () => {
    const body = { campaign_id: campaign, type: 'button' };
    const other = await test.addWorkspace();
    const stranger = new SignalsClient(test, other);
    const { clientId, appId } = client.keys;
    const places = [
      stranger.keys,
      { clientId, appId: stranger.keys.appId },
      { clientId: stranger.keys.clientId, appId },
      { clientId, appId: '%00' },
    ];
    for (const place of places) {
      const reply = await client.send('POST', '/converted_events', body, client.authorized, place);
      assert.equal(reply.status, 404);
      assert.match(reply.body.detail, /^Not found: there is no .+ here; /);
    }
    const keys: Record<string, string>[] = [
      {},
      { authorization: 'Bearer wrong' },
      { authorization: `Bearer ${test.workspace.credentials.webengage.apiKey}` },
    ];
    for (const headers of keys) {
      const reply = await client.send('POST', '/converted_events', body, headers);
      assert.equal(reply.status, 401);
    }
    const own = await client.send('POST', '/converted_events', body, stranger.authorized);
    assert.equal(own.status, 404);
    for (const native of [test.native, new NativeClient(test, other)])
      assert.deepEqual((await native.read('/signals/conversions')).conversions, []);
  });
});
