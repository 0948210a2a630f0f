import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { pino } from 'pino';
import { buildApp } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { startTestApp, useApp } from '../../helpers/app.ts';
import { ask, at } from '../../helpers/native-client.ts';
import { inject } from '../../helpers/vendor-client.ts';
import { workspaceKey } from '../../native/helpers.ts';
import { delivery, envelope, referralTo, SignalsClient, signatureOf, textMessage } from './client.ts';
import { trackApp } from './setup.ts';
import { SignalsStore } from './store.ts';

const noon = Date.parse('2025-03-04T12:00:00Z') / 1000;
const lead = '33612345678';

/** What the native API shows of a touchpoint. */
interface Touchpoint {
  readonly profileId: string;
  readonly at: string;
  readonly dialect: string;
  readonly channel: string;
  readonly integration: string | null;
  readonly campaign: object | null;
  readonly adId: string | null;
  readonly detail: Record<string, unknown>;
}

const test = await useApp({ freshWorkspace: true });
const client = new SignalsClient(test);

const storedEvents = () => test.store.eventsWithDetails();

/** Oldest first. */
async function raisedEvents() {
  const { data } = await client.events();
  return data.map(({ type, id, type_value: value, ad_id: ad }) => ({ type, id, value, ad })).reverse();
}

describe('POST /webhooks/whatsapp/{appId}', () => {
  it('stores a message on the profile of its number and raises the events that need no configuration', async () => {
    const reply = await client.deliver(
      delivery(textMessage('wamid.1', lead, noon, { referral: referralTo('23852030589290425') })),
    );
    assert.equal(reply.status, 200);
    assert.deepEqual(reply.body, { success: true });

    const [message, ...more] = await storedEvents();
    assert.equal(more.length, 0);
    assert.equal(message!.type, 'message');
    assert.deepEqual(message!.properties.text, { body: 'Hello' });
    assert.deepEqual(await raisedEvents(), [
      { type: 'conversation', id: 'wamid.1', value: null, ad: '23852030589290425' },
    ]);

    const [profile] = await test.store.profiles();
    assert.deepEqual(
      [profile!.id, profile!.values.name, profile!.values.waId],
      [message!.profileId, 'Ada Lovelace', lead],
    );
    assert.deepEqual(await test.store.keys('phone'), new Map([[message!.profileId, `+${lead}`]]));
    assert.deepEqual(await test.store.accounting('signals'), { received: 1, stored: 1 });
  });

  it('makes a click on an ad a touchpoint of the app and the ad, once, and no campaign of it', async () => {
    const adId = '23852030589290425';
    const click = { referral: referralTo(adId) };
    await client.deliver(
      delivery(textMessage('2', lead, noon + 60, click), textMessage('3', lead, noon + 120, click)),
    );
    await client.deliver(delivery(textMessage('1', lead, noon, click)));
    await client.deliver(
      delivery(textMessage('4', lead, noon + 200, { referral: referralTo('77', 'post') })),
    );
    const { body } = await test.native.call('GET', '/touchpoints');
    const ofApp = { campaign: null, integration: client.keys.appId, dialect: 'signals' };
    assert.deepEqual(
      body.touchpoints.map(
        ({ channel, at: when, adId: ad, detail, campaign, integration, dialect }: Touchpoint) => ({
          ...{ channel, at: Date.parse(when) / 1000, ad, click: detail.ctwa_clid },
          ...{ campaign, integration, dialect },
        }),
      ),
      [
        { channel: 'social', at: noon + 200, ad: null, click: null, ...ofApp },
        { channel: 'paid-social', at: noon, ad: adId, click: `click-${adId}`, ...ofApp },
      ],
    );
    assert.deepEqual((await test.native.call('GET', '/campaigns')).body.campaigns, []);
    assert.deepEqual(
      (await new SignalsStore(test).ads()).map(({ id, status }) => [id, status]),
      [[adId, 'UNKNOWN']],
    );
  });

  it('lets the clicks on an ad be asked for, of everybody and of one lead', async () => {
    const other = '33698765432';
    for (const [index, [from, adId]] of [
      [lead, '1'],
      [other, '1'],
      [lead, '2'],
    ].entries())
      await client.deliver(
        delivery(textMessage(String(index), from!, noon + 3600 * index, { referral: referralTo(adId!) })),
      );
    const clicks = async (query: string): Promise<Touchpoint[]> =>
      (await test.native.call('GET', `/touchpoints?${query}`)).body.touchpoints;
    const ofFirst = await clicks('ad=1');
    assert.deepEqual(
      ofFirst.map(({ at: when }) => Date.parse(when) / 1000),
      [noon + 3600, noon],
    );
    assert.equal((await clicks(`ad=1&person=${ofFirst[1]!.profileId}`)).length, 1);
    assert.equal((await clicks(`person=${ofFirst[1]!.profileId}`)).length, 2);
    assert.deepEqual(await clicks('ad=3'), []);
    assert.equal((await test.native.call('GET', '/touchpoints?ad=')).status, 400);
    const stranger = await test.addWorkspace();
    const key = await workspaceKey(test, stranger);
    assert.deepEqual(
      (await ask(test, 'GET', at(stranger, '/touchpoints?ad=1'), { key })).body.touchpoints,
      [],
    );
  });

  it('takes what the on-premises API sends, without the envelope', async () => {
    const body = {
      contacts: [{ profile: { name: 'Ada' }, wa_id: lead }],
      messages: [textMessage('wamid.2', lead, noon)],
    };
    assert.equal((await client.deliver(body)).status, 200);
    assert.deepEqual(
      (await raisedEvents()).map(({ type }) => type),
      ['conversation'],
    );
  });

  it('tells templates’ buttons, interactive buttons and list choices apart', async () => {
    const interactive = (type: string, value: object) => ({
      type: 'interactive',
      interactive: { type, [type]: value },
    });
    await client.deliver(
      delivery(
        textMessage('1', lead, noon),
        textMessage('2', lead, noon + 1),
        textMessage('3', lead, noon + 2, { type: 'button', button: { text: 'Stop', payload: 'stop' } }),
        textMessage('4', lead, noon + 3, interactive('button_reply', { id: 'b1', title: 'Yes' })),
        textMessage(
          '5',
          lead,
          noon + 4,
          interactive('list_reply', { id: 'l1', title: 'Size M', description: 'blue' }),
        ),
      ),
    );
    assert.deepEqual(
      (await raisedEvents()).map(({ type, id, value }) => [type, id, value]),
      [
        ['conversation', '1', null],
        ['engagement', '2', null],
        ['button', '3', 'Stop'],
        ['button_reply', '4', 'Yes'],
        ['list_reply', '5', 'Size M'],
      ],
    );
  });

  it('stores a message once, in one delivery or in several, even at the same time', async () => {
    const message = textMessage('wamid.3', lead, noon);
    const replies = await Promise.all([
      client.deliver(delivery(message, message)),
      client.deliver(delivery(message)),
    ]);
    assert.deepEqual(
      replies.map(({ status }) => status),
      [200, 200],
    );
    assert.equal((await client.deliver(delivery(message))).status, 200);
    assert.equal((await storedEvents()).length, 1);
    assert.equal((await raisedEvents()).length, 1);
    assert.deepEqual(await test.store.accounting('signals'), { received: 4, stored: 1, duplicate: 3 });
  });

  it('answers statuses and other news with 200 and changes nothing', async () => {
    const statuses = envelope({
      statuses: [{ id: 'wamid.9', status: 'delivered', timestamp: String(noon) }],
    });
    const echo = envelope({ message_echoes: [textMessage('e', lead, noon)] }, 'smb_message_echoes');
    for (const body of [statuses, echo, { statuses: [] }]) {
      assert.equal((await client.deliver(body)).status, 200);
    }
    assert.deepEqual(await test.store.accounting('signals'), {});
  });

  it('counts what WhatsApp itself writes about a lead as no message of the lead', async () => {
    await client.deliver(
      delivery(
        textMessage('s', lead, noon, { type: 'system', system: { body: 'changed number' } }),
        textMessage('m', lead, noon + 1),
      ),
    );
    const events = await storedEvents();
    assert.deepEqual(
      events.map(({ type, detail }) => [type, detail?.id]),
      [
        ['message', 's'],
        ['message', 'm'],
      ],
    );
    assert.deepEqual(
      (await raisedEvents()).map(({ type, id }) => [type, id]),
      [['conversation', 'm']],
    );
  });

  it('keeps bad messages in quarantine and stores the good ones beside them', async () => {
    const bad = [
      { from: lead, timestamp: String(noon), type: 'text' },
      { id: 'no-from', timestamp: String(noon), type: 'text' },
      textMessage('bad-time', lead, noon, { timestamp: 'yesterday' }),
      textMessage('bad-text', lead, noon, { text: { body: 'a\u0000b' } }),
      'no object',
      { id: 7, from: lead, timestamp: String(noon) },
    ];
    const reply = await client.deliver(delivery(...bad, textMessage('good', lead, noon)));
    assert.equal(reply.status, 200);
    assert.deepEqual(
      (await storedEvents()).map(({ detail }) => detail?.id),
      ['good'],
    );
    const quarantined = await test.store.quarantined();
    assert.deepEqual(quarantined.map(({ rule, path }) => `${rule} ${path}`).sort(), [
      'invalid-field /messages/0',
      'invalid-field /messages/0/id',
      'invalid-field /messages/0/timestamp',
      'missing-field /messages/0/from',
      'missing-field /messages/0/id',
      'text-not-storable /messages/0/text/body',
    ]);
    assert.deepEqual(await test.store.accounting('signals'), { received: 7, stored: 1, quarantined: 6 });
  });

  it('stores what it can read of a delivery and keeps the parts that it cannot', async () => {
    const [entry] = delivery(textMessage('good', lead, noon)).entry;
    const broken = [
      { id: '7', changes: null },
      { id: '7', changes: [{ field: 'messages', value: 1 }] },
      null,
    ];
    const body = { object: 'whatsapp_business_account', entry: [...broken, entry] };
    assert.equal((await client.deliver(body)).status, 200);
    assert.deepEqual(
      (await storedEvents()).map(({ detail }) => detail?.id),
      ['good'],
    );
    assert.deepEqual(await test.store.accounting('signals'), { received: 4, stored: 1, quarantined: 3 });
  });

  it('mends a name that cannot be stored: nothing of it is in the event, which counts', async () => {
    for (const [id, name] of Object.entries({ nul: 'Zo\u0000', half: '\u202aZo\ud83d\u202c ' })) {
      const value = {
        contacts: [{ profile: { name }, wa_id: lead }],
        messages: [textMessage(id, lead, noon)],
      };
      assert.equal((await client.deliver(envelope(value))).status, 200);
    }
    assert.deepEqual(await test.store.accounting('signals'), {
      received: 2,
      stored: 2,
      'attribute-dropped name-mended': 2,
    });
    assert.deepEqual(
      (await storedEvents()).map(({ detail }) => detail?.profile_name),
      ['Zo\ufffd', 'Zo\ufffd'],
    );
  });

  it('submits a quarantined message again as it came', async () => {
    await client.deliver(delivery(textMessage('again', lead, noon, { timestamp: 'soon' })));
    const [kept] = await test.store.quarantined();
    await test.store.mend(kept!.id, JSON.parse(kept!.raw.replace('soon', '1')));
    const { status, text } = await test.native.call('POST', `/quarantine/${kept!.id}/replay`);
    assert.equal(status, 200, text);
    assert.deepEqual(await test.store.accounting('signals'), { received: 1, stored: 1 });
  });

  it('drops messages, and says how many, while tracking is off for the app', async () => {
    await trackApp(test, false);
    assert.equal((await client.deliver(delivery(textMessage('off', lead, noon)))).status, 200);
    assert.deepEqual(await test.store.accounting('signals'), { received: 1, 'dropped tracking-off': 1 });
  });

  it('takes the length of the window from the workspace’s settings', async () => {
    test.workspace = await test.addWorkspace({
      settings: { dialects: { signals: { conversationHours: 1 } } },
    });
    await client.deliver(delivery(textMessage('a', lead, noon), textMessage('b', lead, noon + 3600)));
    const types = (await raisedEvents()).map(({ type }) => type);
    assert.deepEqual(types, ['conversation', 'conversation']);
  });

  it('keeps the name of the message that was sent last, not of the one that came last', async () => {
    const named = (id: string, at: number, name: string) =>
      client.deliver(
        envelope({ contacts: [{ profile: { name }, wa_id: lead }], messages: [textMessage(id, lead, at)] }),
      );
    await named('new', noon + 60, 'Ada King');
    await named('old', noon, 'Ada Byron');
    const [profile] = await test.store.profiles();
    assert.equal(profile!.values.name, 'Ada King');
  });

  it('refuses what is no WhatsApp delivery', async () => {
    for (const [body, loc] of [
      [{}, ['body', 'object']],
      [[], ['body']],
      [{ object: 'page', entry: [] }, ['body', 'object']],
      [{ object: 'whatsapp_business_account' }, ['body', 'entry']],
      [{ object: 'whatsapp_business_account', entry: [{ changes: 'x' }] }, ['body', 'entry', 0, 'changes']],
      [
        delivery(...Array.from({ length: 1001 }, (_, index) => textMessage(`${index}`, lead, noon))),
        ['body'],
      ],
      ['{"object":', ['body']],
      [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), ['body']],
    ] as const) {
      const reply = await client.deliver(body);
      assert.equal(reply.status, 422, reply.text);
      assert.deepEqual(reply.body.detail[0].loc, loc);
    }
  });

  it('goes on where another process stopped an instant ago', async () => {
    const second = await buildApp(loadConfig({}, []), test.database, pino({ level: 'fatal' }));
    try {
      await second.services.workspaces.get(test.workspace.created.id);
      await client.deliver(delivery(textMessage('a1', lead, noon), textMessage('a2', lead, noon + 1)));
      const { appId, token } = client.keys;
      const reply = await inject(
        { app: second },
        {
          method: 'POST',
          url: `/webhooks/whatsapp/${appId}`,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: delivery(textMessage('a3', lead, noon - 1)),
        },
      );
      assert.equal(reply.status, 200);
      assert.deepEqual(
        (await raisedEvents()).map(({ type, id }) => `${id} ${type}`),
        ['a3 conversation', 'a1 engagement'],
      );
    } finally {
      await second.close();
    }
  });

  it('answers 503 when one message could not be taken, and knows the others when they come again', async () => {
    const environment = { THROUGHLINE_QUEUE_LIMIT: '1048576', THROUGHLINE_BODY_LIMIT: '4194304' };
    const small = await startTestApp({ environment });
    try {
      const vendor = new SignalsClient(small);
      const large = (id: string) => textMessage(id, lead, noon, { text: { body: 'x'.repeat(600_000) } });
      const reply = await vendor.deliver(delivery(large('first'), large('second')));
      assert.equal(reply.status, 503);
      assert.equal(reply.headers['retry-after'], '1');
      assert.equal(typeof reply.body.detail, 'string');
      assert.deepEqual(await small.store.accounting('signals'), { received: 1, stored: 1 });
      assert.equal((await vendor.deliver(delivery(large('second')))).status, 200);
      assert.equal((await vendor.deliver(delivery(large('first')))).status, 200);
      assert.deepEqual(await small.store.accounting('signals'), { received: 3, stored: 2, duplicate: 1 });
    } finally {
      await small.close();
    }
  });
});

describe('who may deliver', () => {
  const message = () => delivery(textMessage('auth', lead, noon));

  it('takes an API key under both names', async () => {
    const { apiKey } = client.keys;
    assert.equal((await client.deliver(message(), { 'x-api-key': apiKey })).status, 200);
    assert.equal((await client.deliver(message(), { 'd360-api-key': apiKey })).status, 200);
  });

  it('takes a signature by the app’s secret over the bytes of the body', async () => {
    const body = JSON.stringify(delivery(textMessage('é-😀', lead, noon)), null, 1);
    const signature = signatureOf(client.keys.appSecret, body);
    assert.equal((await client.deliver(body, { 'x-hub-signature-256': signature })).status, 200);
    assert.equal((await storedEvents()).length, 1);
  });

  it('takes the app’s new secret at once', async () => {
    const body = JSON.stringify(message());
    const sent = (secret: string) =>
      client.deliver(body, { 'x-hub-signature-256': signatureOf(secret, body) });
    assert.equal((await sent(client.keys.appSecret)).status, 200);
    assert.equal((await sent('another')).status, 401);
    await new SignalsStore(test).setAppSecret(client.keys.appId, 'another');
    assert.equal((await sent('another')).status, 200);
    assert.equal((await sent(client.keys.appSecret)).status, 401);
  });

  it('checks the signature of a compressed body over what it holds', async () => {
    const body = JSON.stringify(message());
    const headers = {
      'content-encoding': 'gzip',
      'x-hub-signature-256': signatureOf(client.keys.appSecret, body),
    };
    assert.equal((await client.deliver(gzipSync(body), headers)).status, 200);
  });

  it('refuses no key, a wrong key, another dialect’s key, a wrong signature and one by another app’s secret', async () => {
    const other = await test.addWorkspace();
    const body = JSON.stringify(message());
    const { appSecret } = client.keys;
    const refused: Record<string, string>[] = [
      {},
      { authorization: 'Bearer wrong' },
      { authorization: `Basic ${client.keys.token}` },
      { 'x-api-key': 'wrong' },
      { authorization: `Bearer ${test.workspace.credentials.webengage.apiKey}` },
      { 'x-hub-signature-256': 'sha256=00' },
      { 'x-hub-signature-256': signatureOf(appSecret, `${body} `) },
      { 'x-hub-signature-256': signatureOf(other.credentials.signals.appSecret, body) },
      // A wrong key is not made good by a signature.
      { authorization: 'Bearer wrong', 'x-hub-signature-256': signatureOf(appSecret, body) },
    ];
    for (const headers of refused) {
      const reply = await client.deliver(body, headers);
      assert.equal(reply.status, 401, JSON.stringify(headers));
      assert.deepEqual(reply.body, { detail: 'Not authenticated' });
    }
    assert.equal((await storedEvents()).length, 0);
  });

  it('looks into a body only once its signature is checked', async () => {
    const signed = (secret: string) => ({ 'x-hub-signature-256': signatureOf(secret, '{"object":') });
    assert.equal((await client.deliver('{"object":', signed('wrong'))).status, 401);
    assert.equal((await client.deliver('{"object":', signed(client.keys.appSecret))).status, 422);
  });

  it('does not know another workspace’s app, nor one that is not there', async () => {
    const other = await test.addWorkspace();
    for (const appId of [other.credentials.signals.appId, '1', '%00']) {
      const reply = await client.deliver(message(), client.authorized, appId);
      assert.equal(reply.status, 404);
      assert.match(reply.body.detail, /^Not found: there is no .+ here; /);
    }
    const signed = {
      'x-hub-signature-256': signatureOf(client.keys.appSecret, JSON.stringify(message())),
    };
    assert.equal((await client.deliver(message(), signed, '1')).status, 401);
  });
});

describe('GET /webhooks/whatsapp/{appId}', () => {
  const verify = (query: Record<string, string>, appId = client.keys.appId) =>
    inject(test, { method: 'GET', url: `/webhooks/whatsapp/${appId}`, query });

  it('sends the challenge back as plain text', async () => {
    const reply = await verify({
      'hub.mode': 'subscribe',
      'hub.verify_token': client.keys.verifyToken,
      'hub.challenge': '1158201444',
    });
    assert.equal(reply.status, 200);
    assert.match(String(reply.headers['content-type']), /^text\/plain/);
    assert.equal(reply.text, '1158201444');
  });

  it('refuses another token, another mode, another app’s token and no token', async () => {
    const other = await test.addWorkspace();
    const right = {
      'hub.mode': 'subscribe',
      'hub.verify_token': client.keys.verifyToken,
      'hub.challenge': '1',
    };
    for (const query of [
      { ...right, 'hub.verify_token': 'wrong' },
      { ...right, 'hub.verify_token': other.credentials.signals.verifyToken },
      { ...right, 'hub.mode': 'unsubscribe' },
      { 'hub.challenge': '1' },
    ]) {
      const reply = await verify(query);
      assert.equal(reply.status, 403);
      assert.deepEqual(reply.body, { detail: 'Forbidden' });
    }
    assert.equal((await verify(right, '1')).status, 403);
    const { 'hub.challenge': _challenge, ...without } = right;
    assert.equal((await verify(without)).status, 422);
  });
});
