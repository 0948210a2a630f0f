import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { importRates } from '../../../src/core/exchange-rate/import-rates.ts';
import { isUuid } from '../../../src/core/id.ts';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import { inject } from '../../helpers/vendor-client.ts';
import { WebmarketerClient } from '../webmarketer/client.ts';
import { delivery, referralTo, SignalsClient, textMessage } from './client.ts';
import { SignalsStore } from './store.ts';

const ad = '23852030589290425';
const lead = '33639981234';

const test = await useApp({ freshWorkspace: true });
const client = new SignalsClient(test);

const purchase = { action: 'purchase', lead_phone: `+${lead}`, revenue: { amount: 129.9, currency: 'EUR' } };

function send(body: unknown, clientId = client.keys.clientId, headers: Record<string, string> = {}) {
  return inject(test, {
    method: 'POST',
    url: `/clients/${clientId}/external-events`,
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function sell(event: object = {}): Promise<string> {
  const body = { external_event: { ...purchase, ...event }, api_key: client.keys.apiKey };
  const reply = await send(body);
  assert.equal(reply.status, 200, reply.text);
  assert.deepEqual(Object.keys(reply.body), ['external_event_id']);
  return reply.body.external_event_id;
}

/** The external events with their leads' numbers, oldest first. */
async function stored() {
  const phones = await test.store.keys('phone');
  const events = (await test.store.events()).filter(({ type }) => type === 'external_event');
  return events.map((event) => ({ ...event, phone: phones.get(event.profileId) }));
}

const sales = () => new SignalsStore(test).sales();

const now = () => Math.floor(Date.now() / 1000);

async function clickOn(adId: string, id: string, before: number, appId = client.keys.appId) {
  const message = textMessage(id, lead, now() - before, { referral: { ...referralTo(adId), ctwa_clid: id } });
  assert.equal((await client.deliver(delivery(message), client.authorized, appId)).status, 200);
}

async function addApp(externalId: string): Promise<void> {
  const settings = { clientId: client.keys.clientId };
  const body = { dialect: 'signals', name: 'Second number', externalId, settings };
  assert.equal((await test.native.call('POST', '/sources', { body })).status, 201);
}

describe('POST /clients/{clientId}/external-events', () => {
  it('stores the event on the lead’s profile and answers its id', async () => {
    await clickOn(ad, 'wamid.1', 60);
    assert.ok(isUuid(await sell()));
    const [event] = await stored();
    assert.deepEqual(
      [event!.phone, event!.sourceId, event!.properties],
      [`+${lead}`, null, { action: 'purchase', revenue: 129.9, currency: 'EUR' }],
    );
    assert.equal((await test.store.profiles()).length, 1);
    assert.deepEqual(await sales(), [{ adId: ad, currency: 'EUR', amount: '129.9', app: client.keys.appId }]);
    const { total_count } = await client.events();
    assert.equal(total_count, 1, 'it is none of the vendor’s nine types');
  });

  it('shows the sale in Webmarketer’s insights of the workspace, in its currency, and on the person’s timeline', async () => {
    await client.deliver(delivery(textMessage('wamid.1', lead, now() - 60)));
    await sell();
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    await importRates(test.database, [{ currency: 'CHF', day: yesterday, perEuro: '2' }]);
    await sell({ revenue: { amount: '40.2', currency: 'chf' } });
    const webmarketer = new WebmarketerClient(test, test.workspace);
    const question = {
      since: new Date(Date.now() - 86_400_000).toISOString(),
      until: new Date(Date.now() + 86_400_000).toISOString(),
      metrics: ['revenue'],
      groupBy: 'event-type',
      interval: 'year',
      filter: ['external_event'],
    };
    const path = `/projects/${webmarketer.projectId}/events/insights`;
    const reply = await webmarketer.request('POST', path, question);
    assert.equal(reply.status, 200, reply.text);
    const rows = reply.body as { identifier: string; values: Record<string, number> }[];
    assert.equal(rows.length, 1);
    assert.equal(rows[0]!.identifier, 'external_event');
    assert.ok(Math.abs(rows[0]!.values.revenue! - 150) < 1e-9);
    const whole = await webmarketer.request('POST', path, { ...question, groupBy: 'project', filter: null });
    assert.ok(Math.abs(whole.body[0].values.revenue - 150) < 1e-9);
    const person = await test.native.call('GET', `/people/lookup?kind=phone&value=%2B${lead}`);
    const timeline = await test.native.call('GET', `/people/${person.body.id}/timeline`);
    const types = timeline.body.events.map(({ type }: { type: string }) => type);
    assert.deepEqual(types, ['external_event', 'external_event', 'message']);
  });

  it('takes dollars where no currency is named; without a rate they are kept, and in no sum', async () => {
    await sell({ revenue: { amount: 10 } });
    const [event] = await stored();
    assert.equal(event!.properties.currency, 'USD');
    assert.deepEqual(await test.store.accounting('signals'), {
      received: 1,
      stored: 1,
      'attribute-dropped no-exchange-rate': 1,
    });
  });

  it('is a touchpoint of the lead', async () => {
    await sell({ app_id: client.keys.appId });
    const [event] = await stored();
    const points = (await test.store.touchpoints()).filter(({ profileId }) => profileId === event?.profileId);
    assert.deepEqual(
      points.map(({ dialect, channel, detail }) => [dialect, channel, detail]),
      [['signals', 'offline', { action: 'purchase' }]],
    );
  });

  it('takes a lead that nobody knows, and a call without revenue', async () => {
    const { revenue: _revenue, ...event } = purchase;
    const reply = await send({
      external_event: { ...event, lead_phone: '4915112345678' },
      api_key: client.keys.apiKey,
    });
    assert.equal(reply.status, 200, reply.text);
    await sell({ lead_phone: '4915112345678' });
    assert.deepEqual(
      (await stored()).map(({ phone, properties }) => [phone, properties.revenue ?? null]),
      [
        ['+4915112345678', null],
        ['+4915112345678', 129.9],
      ],
    );
    assert.deepEqual(
      (await sales()).map(({ adId, app }) => [adId, app]),
      [[null, null]],
    );
  });

  it('belongs to the lead’s last conversation, to the app’s that it names, or to that of the event before', async () => {
    await addApp('7700001');
    await clickOn('111', 'wamid.a', 600);
    await clickOn('222', 'wamid.b', 300, '7700001');
    const first = await sell({ app_id: client.keys.appId });
    await sell();
    await sell({ previous_external_event_id: first });
    assert.deepEqual((await sales()).map(({ adId }) => adId).sort(), ['111', '111', '222']);
    const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
    assert.deepEqual(
      checks.filter(({ ok }) => !ok),
      [],
    );
  });

  it('stores each call: there is no key of a repeat', async () => {
    assert.notEqual(await sell(), await sell());
    assert.equal((await stored()).length, 2);
  });

  it('takes the API key and the token, and no other dialect’s, in the body alone', async () => {
    const event = { external_event: purchase };
    const { apiKey, token } = client.keys;
    for (const api_key of [apiKey, token]) assert.equal((await send({ ...event, api_key })).status, 200);
    const other = await test.addWorkspace();
    for (const api_key of [
      undefined,
      '',
      'wrong',
      7,
      { $ne: 1 },
      null,
      test.workspace.credentials.webengage.apiKey,
    ]) {
      const reply = await send({ ...event, api_key });
      assert.equal(reply.status, 401);
      assert.deepEqual(reply.body, { detail: 'Not authenticated' });
    }
    assert.equal((await send(event, undefined, client.authorized)).status, 401);
    for (const [key, clientId] of [
      [other.credentials.signals.apiKey, client.keys.clientId],
      [apiKey, other.credentials.signals.clientId],
      [apiKey, 'nobody'],
      [apiKey, '%00'],
    ] as const) {
      const reply = await send({ ...event, api_key: key }, clientId);
      assert.equal(reply.status, 404);
      assert.match(reply.body.detail, /^Not found: there is no .+ here; /);
    }
    assert.equal((await stored()).length, 2);
  });

  it('does not know an app that is not the client’s', async () => {
    const other = await test.addWorkspace();
    for (const app_id of [other.credentials.signals.appId, '1']) {
      const body = { external_event: { ...purchase, app_id }, api_key: client.keys.apiKey };
      assert.equal((await send(body)).status, 404);
    }
    assert.equal((await stored()).length, 0);
  });

  it('names everything that is wrong with the body', async () => {
    const place = 'body/external_event';
    for (const [external_event, names] of [
      [undefined, [place]],
      ['sale', [place]],
      [{}, [`${place}/action`, `${place}/lead_phone`]],
      [{ ...purchase, action: ' ' }, [`${place}/action`]],
      [{ ...purchase, action: 'x'.repeat(201) }, [`${place}/action`]],
      [{ ...purchase, action: 'a\u0000' }, [`${place}/action`]],
      [{ ...purchase, lead_phone: 'me' }, [`${place}/lead_phone`]],
      [{ ...purchase, lead_phone: 33639981234 }, [`${place}/lead_phone`]],
      [{ ...purchase, revenue: 12 }, [`${place}/revenue`]],
      [{ ...purchase, revenue: {} }, [`${place}/revenue/amount`]],
      [{ ...purchase, revenue: { amount: 'much' } }, [`${place}/revenue/amount`]],
      [{ ...purchase, revenue: { amount: -1 } }, [`${place}/revenue/amount`]],
      [{ ...purchase, revenue: { amount: 1e300 } }, [`${place}/revenue/amount`]],
      [{ ...purchase, revenue: { amount: 1, currency: 'ABC' } }, [`${place}/revenue/currency`]],
      [{ ...purchase, app_id: 7 }, [`${place}/app_id`]],
      [{ ...purchase, previous_external_event_id: [] }, [`${place}/previous_external_event_id`]],
    ] as const) {
      const reply = await send({ external_event, api_key: client.keys.apiKey });
      assert.equal(reply.status, 422, reply.text);
      assert.deepEqual(
        reply.body.detail.map(({ loc }: { loc: string[] }) => loc.join('/')),
        names,
      );
    }
    const broken = await send('{"external_event":');
    assert.equal(broken.status, 422);
    assert.equal(JSON.stringify((await test.store.accounting('signals')).stored ?? 0), '0');
  });

  it('keeps no key in the quarantine, and stores what was kept when it is replayed', async () => {
    const removeTypes = await test.store.addEventTypes('webengage', 20_000);
    const reply = await send({ external_event: purchase, api_key: client.keys.apiKey });
    assert.equal(reply.status, 409);
    const [kept] = await test.store.quarantined();
    assert.deepEqual(JSON.parse(kept!.raw), { external_event: purchase });
    await removeTypes();
    const replay = await test.native.call('POST', `/quarantine/${kept!.id}/replay`);
    assert.equal(replay.status, 200, JSON.stringify(replay.body));
    assert.equal((await stored()).length, 1);
  });
});
