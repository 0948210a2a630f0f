import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { useApp } from '../helpers/app.ts';
import type { Asking } from '../helpers/native-client.ts';
import { Shop } from './attribution-client.ts';
import { sendWebengage, workspaceKey } from './helpers.ts';

const test = await useApp();
const shop = new Shop(test);
let sale: string;

interface ShownTouch {
  readonly at: string;
  readonly channel: string;
  readonly campaign: { readonly label: string } | null;
  readonly credit: number;
  readonly value: { readonly amount: number } | null;
  readonly leftOut: string | null;
}

interface ShownPath {
  readonly path: readonly { readonly label: string }[];
  readonly conversions: number;
  readonly value: { readonly amount: number };
  readonly medianSeconds: number | null;
  readonly meanSeconds: number | null;
}

before(async () => {
  await shop.open();
  await sendWebengage(test, test.workspace, { userId: 'ada', eventName: 'Looked' });
  await shop.visit('phone', '2026-01-01T10:00:00Z', shop.campaign('winter'));
  await shop.visit('phone', '2026-03-02T10:00:00Z', shop.campaign('spring'));
  await shop.visit('phone', '2026-03-02T10:10:00Z', shop.campaign('spring'));
  const phone = await shop.visit('phone', '2026-03-03T10:00:00Z');
  await shop.visit('laptop', '2026-03-04T10:00:00Z', '?utm_source=news&utm_medium=email');
  await shop.visit('laptop', '2026-03-05T09:59:00Z', '', 'https://checkout.stripe.com/');
  sale = await shop.order('laptop', '2026-03-05T10:00:00Z', 100.01);
  const laptop = await shop.visit('laptop', '2026-03-06T10:00:00Z', shop.campaign('late'));
  const joined = await test.native.call('POST', '/links', { body: { first: phone, second: laptop } });
  assert.equal(joined.status, 201, joined.text);
});

const credits = (query: string, asking: Asking = {}, id = sale) =>
  test.native.call('GET', `/conversions/${id}/credits?${query}`, asking);

describe('GET /workspaces/{workspace}/conversions/{eventId}/credits', () => {
  it('shows every touch of the person, with its credit or the rule that left it out', async () => {
    const { status, body } = await credits('metric=turnover');
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(
      body.touches.map((one: ShownTouch) => [
        one.at.slice(5, 10),
        one.campaign?.label ?? one.channel,
        one.leftOut,
        one.credit,
        one.value?.amount,
      ]),
      [
        ['01-01', 'winter', 'before-lookback', 0, 0],
        ['03-02', 'spring', null, 0.5, 50.01],
        ['03-02', 'spring', 'same-campaign', 0, 0],
        ['03-03', 'direct', 'direct-beside-others', 0, 0],
        ['03-04', 'email', null, 0.5, 50],
        ['03-05', 'referral', 'excluded-referrer', 0, 0],
        ['03-06', 'late', 'after-conversion', 0, 0],
      ],
    );
    const [, , , , email] = body.touches;
    assert.deepEqual(
      [email.source, email.medium, email.integration, email.adId],
      ['news', 'email', null, null],
    );
    const { profileId, personId, ...event } = body.event;
    assert.deepEqual(event, {
      id: sale,
      convertedAt: '2026-03-05T10:00:00.000Z',
      value: { amount: 100.01, currency: 'EUR' },
    });
    assert.notEqual(profileId, personId);
    assert.deepEqual(body.total, { conversions: 1, value: { amount: 100.01, currency: 'EUR' } });
    assert.equal(body.unattributed.conversions, 0);
    const { model, conversion, metric } = body.parameters;
    assert.deepEqual(
      { model, conversion, metric },
      { model: 'linear', conversion: null, metric: 'turnover' },
    );
  });

  it('says the same as the report, by other models and rules, too', async () => {
    for (const rules of [
      'model=first',
      'model=position&position=70,30',
      'model=last&lookbackDays=365',
      'excludedReferrers=',
    ]) {
      const shown = (await credits(`metric=turnover&${rules}`)).body.touches.filter(
        (one: ShownTouch) => one.leftOut === null,
      );
      const query = Object.fromEntries(new URLSearchParams(rules));
      const reported = await shop.report({
        ...query,
        since: '2026-03-01',
        until: '2026-04-01',
        groupBy: 'channel',
      });
      for (const { key, conversions, value } of reported.rows) {
        const own = shown.filter((one: ShownTouch) => one.channel === key);
        const sum = (of: (one: ShownTouch) => number) =>
          Math.round(own.reduce((total: number, one: ShownTouch) => total + of(one), 0) * 1e9) / 1e9;
        assert.deepEqual(
          [sum((one) => one.credit), sum((one) => one.value?.amount ?? 0)],
          [conversions, value.amount],
          rules,
        );
      }
    }
  });

  it('takes the kept conversion that counts events of this type, and asks which where there are several', async () => {
    const keep = async (body: object) => {
      const reply = await test.native.call('POST', '/conversions', { body });
      assert.equal(reply.status, 201, reply.text);
      return reply.body.id;
    };
    const orders = await keep({
      name: 'Orders',
      event: 'webmarketer:order',
      metric: 'turnover',
      lookbackDays: 90,
    });
    const { body } = await credits('model=first');
    assert.deepEqual(body.parameters.conversion, { id: orders, name: 'Orders' });
    assert.deepEqual([body.touches[0].campaign.label, body.touches[0].value.amount], ['winter', 100.01]);
    const second = await keep({ name: 'Any order', event: 'webmarketer:order' });
    const unclear = await credits('');
    assert.deepEqual([unclear.status, unclear.body.error.path], [400, 'querystring/conversion']);
    const named = await credits('conversion=Any order');
    assert.deepEqual([named.body.parameters.conversion.id, named.body.event.value], [second, null]);
    assert.equal((await credits(`conversion=${orders}&lookbackDays=1`)).body.total.conversions, 1);
    for (const id of [orders, second]) await test.native.call('DELETE', `/conversions/${id}`);
  });

  it('knows no event that is not there or not counted, and no model of a whole span', async () => {
    const cases: [reply: Awaited<ReturnType<typeof credits>>, status: number, path: string][] = [
      [await credits('', {}, randomUUID()), 404, 'params/eventId'],
      [await credits('', {}, 'x'), 400, 'params/eventId'],
      [await credits('conversion=webengage:Looked'), 404, 'params/eventId'],
      [await credits('state=converted'), 404, 'params/eventId'],
      [await credits('model=markov'), 400, 'querystring/model'],
      [await credits('conversion=Nothing'), 400, 'querystring/conversion'],
    ];
    for (const [{ status, body, text }, wanted, path] of cases)
      assert.deepEqual([status, body.error.path], [wanted, path], text);
  });

  it('and paths are shown to nobody without the workspace’s key', async () => {
    const other = await test.addWorkspace();
    for (const [key, status] of [
      [null, 401],
      [test.workspace.credentials.webmarketer.accessToken, 401],
      [await workspaceKey(test, other), 404],
      [await workspaceKey(test, test.workspace), 200],
    ] as const) {
      assert.equal((await credits('', { key })).status, status);
      const paths = await test.native.call('GET', '/attribution/paths?conversion=webmarketer:order', { key });
      assert.equal(paths.status, status);
    }
  });
});

describe('GET /workspaces/{workspace}/attribution/paths', () => {
  it('counts the most frequent paths, with their value and the time to the conversion', async () => {
    for (const [buyer, hours] of [
      ['a', 2],
      ['b', 4],
      ['c', 12],
    ] as const) {
      await shop.visit(buyer, '2026-05-02T10:00:00Z', shop.campaign('spring'));
      await shop.visit(buyer, '2026-05-02T11:00:00Z', shop.campaign('summer'));
      await shop.order(buyer, `2026-05-02T${10 + hours}:00:00Z`, 10);
    }
    await shop.visit('d', '2026-05-03T10:00:00Z', shop.campaign('summer'));
    await shop.order('d', '2026-05-03T10:00:30Z', 7.5);
    await shop.order('e', '2026-05-04T10:00:00Z', 1);
    const path =
      '/attribution/paths?conversion=webmarketer:order&metric=turnover&since=2026-05-01&until=2026-06-01';
    const { paths, pathCount, total, parameters } = await test.native.read(`${path}&groupBy=campaign`);
    const labels = (one: ShownPath) => one.path.map(({ label }) => label);
    assert.deepEqual(
      paths.map((one: ShownPath) => [
        labels(one),
        one.conversions,
        one.value.amount,
        one.medianSeconds,
        one.meanSeconds,
      ]),
      [
        [['spring', 'summer'], 3, 30, 4 * 3600, 6 * 3600],
        [['summer'], 1, 7.5, 30, 30],
        [[], 1, 1, null, null],
      ],
    );
    assert.deepEqual([pathCount, total], [3, { conversions: 5, value: { amount: 38.5, currency: 'EUR' } }]);
    assert.deepEqual([parameters.groupBy, parameters.since], ['campaign', '2026-05-01']);
    const byChannel = await test.native.read(`${path}&limit=1`);
    assert.deepEqual(byChannel.paths.map(labels), [['custom-ads', 'custom-ads']]);
    assert.equal(byChannel.pathCount, 3);
    assert.equal((await test.native.call('GET', `${path}&limit=201`)).status, 400);
  });
});
