import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useApp } from '../helpers/app.ts';
import { Shop } from './attribution-client.ts';
import { workspaceKey } from './helpers.ts';

const test = await useApp();
const shop = new Shop(test);

before(() => shop.open());

/** Each test has a month of its own, and so has what is asked for. */
const inMonth = (month: string) => ({
  since: `${month}-01`,
  until: Temporal.PlainYearMonth.from(month).add({ months: 1 }).toPlainDate({ day: 1 }).toString(),
});

describe('GET /workspaces/{workspace}/attribution', () => {
  it('gives the campaigns that led to a turnover of 4,000 € by two interactions 2,000 € each, as the vendor’s page has it', async () => {
    await shop.visit('page', '2025-01-03T10:00:00Z', shop.campaign('spring'));
    await shop.visit('page', '2025-01-08T10:00:00Z', shop.campaign('summer'));
    await shop.order('page', '2025-01-10T10:00:00Z', 4000);
    const { parameters, rows, unattributed, total, intervals } = await shop.report({
      model: 'linear',
      ...inMonth('2025-01'),
    });
    const { excludedReferrers, ...rest } = parameters;
    assert.deepEqual(rest, {
      conversion: null,
      event: 'webmarketer:order',
      state: null,
      metric: 'turnover',
      lookbackDays: 30,
      excludeOwnSite: true,
      sameCampaignMinutes: 30,
      directOnlyAlone: true,
      position: { first: 40, last: 40 },
      halfLifeDays: 7,
      timezone: 'Europe/Paris',
      currency: 'EUR',
      model: 'linear',
      since: '2025-01-01',
      until: '2025-02-01',
      groupBy: 'campaign',
      interval: null,
      dateOf: 'conversion',
      asOf: null,
      countedFrom: 'rows',
    });
    assert.ok(excludedReferrers.length > 5);
    const { campaigns } = await test.native.read('/campaigns');
    const idOf = (slug: string) => campaigns.find((one: { slug: string }) => one.slug === slug).id;
    const half = { interval: null, touches: 1, people: 1, conversions: 0.5 };
    const unspent = { spend: null, spendUnconverted: [], cpa: null, roas: null };
    const value = { amount: 2000, currency: 'EUR' };
    assert.deepEqual(
      rows.toSorted((a: { label: string }, b: { label: string }) => (a.label < b.label ? -1 : 1)),
      ['spring', 'summer'].map((label) => ({ key: idOf(label), label, ...half, value, ...unspent })),
    );
    assert.deepEqual(unattributed, { conversions: 0, value: { amount: 0, currency: 'EUR' } });
    assert.deepEqual(total, { conversions: 1, value: { amount: 4000, currency: 'EUR' }, spend: null });
    assert.deepEqual(intervals, []);
  });

  it('shares credit as each model has it', async () => {
    const days = ['02', '05', '08', '09'];
    for (const day of days) await shop.visit('models', `2025-02-${day}T10:00:00Z`, shop.campaign(`c${day}`));
    await shop.order('models', '2025-02-09T10:00:00Z', 100);
    const ask = async (query: object) =>
      Object.values(
        Object.fromEntries(Object.entries(await shop.credits({ ...inMonth('2025-02'), ...query })).sort()),
      ).map(([, value]) => value);
    assert.deepEqual(await ask({ model: 'first' }), [100, 0, 0, 0]);
    assert.deepEqual(await ask({ model: 'last' }), [0, 0, 0, 100]);
    assert.deepEqual(await ask({ model: 'last-non-direct' }), [0, 0, 0, 100]);
    assert.deepEqual(await ask({ model: 'linear' }), [25, 25, 25, 25]);
    assert.deepEqual(await ask({ model: 'position' }), [40, 10, 10, 40]);
    assert.deepEqual(await ask({ model: 'position', position: '10,70' }), [10, 10, 10, 70]);
    // 2^-7, 2^-4, 2^-1, 1 of their sum, to the cent.
    assert.deepEqual(await ask({ model: 'time-decay', halfLifeDays: 1 }), [0.5, 3.98, 31.84, 63.68]);
  });

  it('groups by channel, integration, utm source, utm medium and API, and what is of none by null', async () => {
    await shop.visit('groups', '2025-03-03T10:00:00Z', shop.campaign('spring'));
    await shop.visit('groups', '2025-03-04T10:00:00Z', '?utm_source=news&utm_medium=email');
    await shop.order('groups', '2025-03-05T10:00:00Z', 90.01);
    const by = (groupBy: string) => shop.credits({ ...inMonth('2025-03'), groupBy });
    assert.deepEqual(await by('channel'), { 'custom-ads': [0.5, 45.01], email: [0.5, 45] });
    assert.deepEqual(await by('campaign'), { spring: [0.5, 45.01], null: [0.5, 45] });
    assert.deepEqual(await by('source'), { null: [0.5, 45.01], news: [0.5, 45] });
    assert.deepEqual(await by('medium'), { null: [0.5, 45.01], email: [0.5, 45] });
    assert.deepEqual(await by('api'), { webmarketer: [1, 90.01] });
    const { rows } = await shop.report({ ...inMonth('2025-03'), groupBy: 'integration' });
    const { sources } = await test.native.read('/sources');
    const source = sources.find((one: { kind: string }) => one.kind === 'integration');
    assert.deepEqual(
      rows.map(({ key, label }: { key: string; label: string }) => [key, label]),
      [
        [source.id, source.name],
        [null, null],
      ],
    );
  });

  it('gives nothing to payment providers, to direct visits beside others, and to what came after; all is switchable', async () => {
    await shop.visit('rules', '2025-04-02T10:00:00Z', shop.campaign('spring'));
    await shop.visit('rules', '2025-04-02T10:20:00Z', shop.campaign('spring'));
    await shop.visit('rules', '2025-04-03T10:00:00Z');
    await shop.visit('rules', '2025-04-04T10:00:00Z', '', 'https://www.paypal.com/checkout');
    await shop.order('rules', '2025-04-04T10:01:00Z', 80);
    await shop.visit('rules', '2025-04-04T10:02:00Z', shop.campaign('too-late'));
    const by = (query: object) => shop.credits({ ...inMonth('2025-04'), groupBy: 'channel', ...query });
    assert.deepEqual(await by({}), { 'custom-ads': [1, 80] });
    assert.deepEqual(await by({ excludedReferrers: '' }), { 'custom-ads': [0.5, 40], referral: [0.5, 40] });
    assert.deepEqual(
      await by({ excludedReferrers: 'elsewhere.example' }),
      await by({ excludedReferrers: '' }),
    );
    assert.deepEqual(await by({ directOnlyAlone: false }), { 'custom-ads': [0.5, 40], direct: [0.5, 40] });
    const { rows } = await shop.report({ ...inMonth('2025-04'), sameCampaignMinutes: 0 });
    assert.deepEqual(
      rows.map(({ label, touches, people }: Record<string, unknown>) => [label, touches, people]),
      [['spring', 2, 1]],
    );
    assert.deepEqual(await by({ lookbackDays: 1 }), { unattributed: [1, 80] });
    assert.deepEqual(await by({ lookbackDays: 2, excludedReferrers: 'paypal.com' }), {
      'custom-ads': [1, 80],
    });
  });

  it('says what no touch led to, and gives a direct visit all where there is nothing else', async () => {
    await shop.order('nobody', '2025-05-04T10:00:00Z', 12.34);
    await shop.visit('direct', '2025-05-05T10:00:00Z');
    await shop.order('direct', '2025-05-05T10:00:00Z', 5);
    const { rows, ...rest } = await shop.report({ ...inMonth('2025-05'), groupBy: 'channel' });
    assert.equal(rows.length, 1);
    assert.deepEqual([rows[0].key, rows[0].conversions, rows[0].value.amount], ['direct', 1, 5]);
    assert.deepEqual(rest.unattributed, { conversions: 1, value: { amount: 12.34, currency: 'EUR' } });
    assert.deepEqual(rest.total, { conversions: 2, value: { amount: 17.34, currency: 'EUR' }, spend: null });
    const counted = await shop.report({ ...inMonth('2025-05'), groupBy: 'channel', metric: '' });
    assert.deepEqual(counted.total, { conversions: 2, value: null, spend: null });
  });

  it('is not rewritten by a later visit of the same person', async () => {
    await shop.visit('later', '2025-06-02T10:00:00Z', shop.campaign('spring'));
    await shop.order('later', '2025-06-03T10:00:00Z', 50);
    const first = await shop.report(inMonth('2025-06'));
    await shop.visit('later', '2025-06-03T10:00:00.001Z', shop.campaign('autumn'));
    await shop.visit('later', '2025-06-20T10:00:00Z', '?utm_source=news&utm_medium=email');
    assert.deepEqual(await shop.report(inMonth('2025-06')), first);
    // A purchase of then is another thing, and of the same person.
    await shop.order('later', '2025-06-21T10:00:00Z', 50);
    const { rows } = await shop.report(inMonth('2025-06'));
    assert.equal(rows.length, 3);
  });

  it('counts the touches of all profiles that are one person, and gives back what an undone merge has given', async () => {
    const phone = await shop.visit('phone', '2025-07-02T10:00:00Z', shop.campaign('spring'));
    const laptop = await shop.visit('laptop', '2025-07-03T10:00:00Z', shop.campaign('summer'));
    await shop.order('laptop', '2025-07-04T10:00:00Z', 60);
    const apart = await shop.report(inMonth('2025-07'));
    assert.deepEqual(await shop.credits(inMonth('2025-07')), { summer: [1, 60] });
    const joined = await test.native.call('POST', '/links', { body: { first: phone, second: laptop } });
    assert.equal(joined.status, 201, joined.text);
    assert.deepEqual(await shop.credits(inMonth('2025-07')), { spring: [0.5, 30], summer: [0.5, 30] });
    const undone = await test.native.call('POST', `/links/${joined.body.linkId ?? joined.body.link.id}/undo`);
    assert.equal(undone.status, 200, undone.text);
    assert.deepEqual(await shop.report(inMonth('2025-07')), apart);
  });

  it('counts a state while it is set, at its own date, and the value as it is now', async () => {
    await shop.visit('state', '2025-08-20T10:00:00Z', shop.campaign('spring'));
    const id = await shop.order('state', '2025-08-21T10:00:00Z', 10);
    const { projectId } = shop.webmarketer;
    const set = async (path: string, body: object) => {
      const reply = await shop.webmarketer.request(
        'PATCH',
        `/projects/${projectId}/events/${id}/${path}`,
        body,
      );
      assert.equal(reply.status, 200, reply.text);
    };
    const asked = { state: 'converted' };
    assert.equal((await shop.report({ ...asked, ...inMonth('2025-08') })).total.conversions, 0);
    await set('states/converted', { value: 1, date: '2025-09-02T10:00:00Z' });
    await set('statistics/turnover', {
      value: { amount: 25, currency: 'EUR' },
      date: '2025-09-02T10:00:00Z',
    });
    assert.equal((await shop.report({ ...asked, ...inMonth('2025-08') })).total.conversions, 0);
    assert.deepEqual(await shop.credits({ ...asked, ...inMonth('2025-09') }), { spring: [1, 25] });
    await set('states/converted', { value: 0, date: '2025-09-03T10:00:00Z' });
    assert.equal((await shop.report({ ...asked, ...inMonth('2025-09') })).total.conversions, 0);
  });

  it('dates credit by the conversion or by the touch, in days of the workspace’s zone, and sums to the same', async () => {
    // 23:30 in Paris on September 30th is 21:30 UTC.
    await shop.visit('dates', '2025-09-30T21:30:00Z', shop.campaign('spring'));
    await shop.visit('dates', '2025-09-30T22:30:00Z', shop.campaign('summer'));
    await shop.order('dates', '2025-10-31T22:59:00Z', 30);
    const asked = {
      interval: 'month',
      since: '2025-09-01',
      until: '2025-12-01',
      lookbackDays: 60,
      state: '',
    };
    const of = (dateOf: string) => shop.credits({ ...asked, dateOf });
    assert.deepEqual(await of('conversion'), { '2025-10spring': [0.5, 15], '2025-10summer': [0.5, 15] });
    assert.deepEqual(await of('touch'), { '2025-09spring': [0.5, 15], '2025-10summer': [0.5, 15] });
    const { intervals, total } = await shop.report({ ...asked, dateOf: 'touch' });
    assert.deepEqual(
      intervals.map((one: { interval: string; total: { value: object } }) => [one.interval, one.total.value]),
      [
        ['2025-09', { amount: 15, currency: 'EUR' }],
        ['2025-10', { amount: 15, currency: 'EUR' }],
      ],
    );
    assert.equal(total.value.amount, 30);
    const september = { ...asked, since: '2025-09-30', until: '2025-10-01', interval: 'week' };
    assert.deepEqual(await shop.credits({ ...september, dateOf: 'touch' }), { '2025-W40spring': [0.5, 15] });
    assert.deepEqual(await shop.credits({ ...september, dateOf: 'conversion' }), {});
  });

  it('refuses what makes no sense in words that say what would', async () => {
    const cases: [query: Record<string, string | number>, path: string, message: RegExp][] = [
      [{ conversion: '' }, 'conversion', /1 to 300 characters/],
      [{ conversion: 'Orders' }, 'conversion', /no conversion of this name or id/],
      [{ conversion: 'webmarketer:bill' }, 'conversion', /no event type "webmarketer:bill"/],
      [{ model: 'magic' }, 'model', /must be one of first, last/],
      [{ groupBy: 'weather' }, 'groupBy', /campaign, channel/],
      [{ interval: 'hour' }, 'interval', /day, week or month/],
      [{ lookbackDays: 0 }, 'lookbackDays', /from 1 to 365/],
      [{ lookbackDay: 7 }, 'lookbackDay', /is not known; known are conversion/],
      [{ position: '80,40' }, 'position', /more than 100 percent/],
      [{ position: '80' }, 'position', /of the form/],
      [{ excludedReferrers: 'a b' }, 'excludedReferrers', /of the form/],
      [{ since: '2026-02-30' }, 'since', /no day of the calendar/],
      [{ since: '0000-01-01' }, 'since', /no day of the calendar/],
      [{ since: '2026-02-01', until: '2026-02-01' }, 'since', /no day before until/],
      [{ since: '2000-01-01', until: '2026-02-01' }, 'since', /ten years/],
      [{ asOf: 3 }, 'asOf', /of conversions that were kept by then alone/],
    ];
    for (const [query, member, message] of cases) {
      const { status, body, text } = await shop.ask(query);
      assert.equal(status, 400, JSON.stringify(query));
      assert.equal(body.error.path, `querystring/${member}`, text);
      assert.match(body.error.message, message, text);
    }
    assert.equal((await test.native.call('GET', '/attribution')).status, 400);
  });

  it('shows nothing without a key, with a vendor’s, or with another workspace’s', async () => {
    const other = await test.addWorkspace();
    for (const [key, status] of [
      [null, 401],
      [test.workspace.credentials.webmarketer.accessToken, 401],
      [await workspaceKey(test, other), 404],
      [await workspaceKey(test, test.workspace), 200],
    ] as const)
      assert.equal((await shop.ask({}, { key })).status, status);
  });
});
