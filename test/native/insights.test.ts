import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { requestJob } from '../../src/core/job/job-store.ts';
import { useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { inject } from '../helpers/vendor-client.ts';
import { sendWebengage, workspaceKey } from './helpers.ts';

const test = await useApp();
const { native } = test;

/** On the day in Paris on which clocks are put forward, and the day before. */
const sent: readonly [eventName: string, at: string][] = [
  ['Paid: in full, 100%', '2026-03-28T23:30:00Z'],
  ['Paid: in full, 100%', '2026-03-29T01:15:00Z'],
  ['Seen', '2026-03-29T21:59:59Z'],
  ['Seen', '2026-03-29T22:00:00Z'],
  ['Left', '2026-02-20T12:00:00Z'],
];

before(async () => {
  for (const [eventName, eventTime] of sent)
    await sendWebengage(test, test.workspace, {
      userId: 'ada',
      eventName,
      eventTime: eventTime.replace('Z', '+0000'),
    });
  const { apiKey, listId } = test.workspace.credentials.octeth;
  const body = { APIKey: apiKey, ListID: Number(listId), Event: 'opened', Email: 'ada@example.com' };
  const reply = await inject(test, { method: 'POST', url: '/api/v1/event', body });
  assert.ok(reply.status < 300, reply.text);
});

const march = 'since=2026-03-29&until=2026-03-30';

describe('insights', () => {
  it('say the zone, the bounds with their offsets, and each interval that there is', async () => {
    const { parameters, intervals, intervalsBefore, metrics } = await native.read(
      `/insights?${march}&interval=hour`,
    );
    assert.deepEqual(parameters, {
      timezone: 'Europe/Paris',
      currency: 'EUR',
      since: '2026-03-29',
      until: '2026-03-30',
      bounds: { since: '2026-03-29T00:00:00+01:00', until: '2026-03-30T00:00:00+02:00' },
      interval: 'hour',
      groupBy: null,
      limit: 8,
      before: null,
    });
    assert.equal(intervals.length, 23);
    assert.deepEqual(
      intervals.slice(1, 3).map(({ label, since }: { label: string; since: string }) => [label, since]),
      [
        ['2026-03-29T01', '2026-03-29T01:00:00+01:00'],
        ['2026-03-29T03', '2026-03-29T03:00:00+02:00'],
      ],
    );
    assert.equal(intervalsBefore, null);
    const [{ series, ...count }] = metrics;
    assert.deepEqual(count, {
      metric: 'count',
      measure: 'count',
      key: null,
      dialect: null,
      type: null,
      currency: null,
      total: 3,
      totalBefore: null,
      groupCount: 0,
    });
    assert.deepEqual(
      [series.length, series[0].kind, series[0].values[0], series[0].values[2]],
      [1, 'all', 1, 1],
    );
  });

  it('count several metrics at once, of one API or type whatever its name has in it', async () => {
    const paid = encodeURIComponent('count:webengage:Paid: in full%2C 100%25');
    const { metrics } = await native.read(`/insights?${march}&metrics=count:octeth,${paid}`);
    assert.deepEqual(
      metrics.map(({ type, dialect, total }: Record<string, unknown>) => [dialect, type, total]),
      [
        ['octeth', null, 0],
        ['webengage', 'Paid: in full, 100%', 2],
      ],
    );
  });

  it('show the groups that have most by themselves, and all others as one, beside the days before', async () => {
    const { metrics, parameters } = await native.read(
      '/insights?since=2026-03-01&until=2026-04-01&interval=month&groupBy=type&limit=1&compare=true',
    );
    assert.deepEqual([parameters.before.since, parameters.before.until], ['2026-02-01', '2026-03-01']);
    const [{ series, total, totalBefore, groupCount }] = metrics;
    assert.deepEqual([total, totalBefore, groupCount], [4, 1, 2]);
    const types = (await native.read('/event-types')).eventTypes;
    const paid = types.find(({ name }: { name: string }) => name.startsWith('Paid'));
    assert.deepEqual(series, [
      {
        kind: 'group',
        key: paid.id,
        label: paid.name,
        total: 2,
        values: [2],
        before: { total: 0, values: [0] },
      },
      {
        kind: 'other',
        key: null,
        label: '(other)',
        total: 2,
        values: [2],
        before: { total: 1, values: [1] },
      },
    ]);
  });

  it('tell the metrics that events have values of', async () => {
    assert.deepEqual(await native.read('/insights/metrics'), { metrics: [] });
  });

  it('are explained by the very rows, in words and with whose they are', async () => {
    const query = `${march}&interval=hour&at=2026-03-29T03&groupBy=api&group=webengage`;
    const { parameters, value, count, rows, next } = await native.read(`/insights/explain?${query}`);
    assert.deepEqual([value, count, rows.length, next], [1, 1, 1, null]);
    assert.deepEqual(parameters.spans, [
      { since: '2026-03-29T03:00:00+02:00', until: '2026-03-29T04:00:00+02:00' },
    ]);
    assert.equal(
      parameters.words,
      'Events of every API by the API “WebEngage”, from 2026-03-29T03:00:00+02:00 up to, but not at, 2026-03-29T04:00:00+02:00 (Europe/Paris).',
    );
    const [{ event, ...row }] = rows;
    assert.deepEqual(row, { at: '2026-03-29T01:15:00.000Z', value: null, currency: null });
    assert.equal((await native.read(`/people/${event.personId}`)).id, event.personId);
    const all = await native.read(`/insights/explain?${march}&limit=2`);
    const rest = await native.read(`/insights/explain?${march}&limit=2&next=${all.next}`);
    assert.deepEqual([all.count, all.rows.length, rest.rows.length, rest.next], [3, 2, 1, null]);
  });

  it('are of the first and the last days, too, and of those before them', async () => {
    for (const interval of ['hour', 'day', 'week', 'month'])
      for (const days of ['since=0001-01-02&until=0001-01-09', 'since=9999-12-20&until=9999-12-31']) {
        const query = `/insights?${days}&interval=${interval}&groupBy=source&compare=true`;
        assert.equal((await native.read(query)).metrics[0].total, 0, query);
      }
  });

  it('by source are right, too, while what is counted by day is made anew', async () => {
    const { id } = test.workspace.created;
    const bySource = async () => (await native.read(`/insights?${march}&groupBy=source`)).metrics[0];
    const before = await bySource();
    assert.equal(before.total, 3);
    await test.database.query('delete from rollup_day_origin where workspace_id = $1', [id]);
    assert.notDeepEqual(await bySource(), before);
    const job = { kind: 'rebuild', subject: 'rollupSlices', requestedBy: 'a test' };
    await requestJob(test.database, id, job, new Date());
    assert.deepEqual(await bySource(), before);
    await test.app.services.jobs.settle();
    assert.deepEqual(await bySource(), before);
  });

  it('are refused in words that say what is wrong', async () => {
    const cases: [query: string, path: string, message: RegExp][] = [
      ['metrics=sum', 'querystring/metrics', /sum:turnover/],
      ['metrics=sum:', 'querystring/metrics', /has a metric that is none/],
      ['metrics=count:webengage:%25zz', 'querystring/metrics', /has a metric that is none/],
      ['metrics=count:webengage:nowhere', 'querystring/metrics', /no event type "nowhere"/],
      ['metrics=count:nobody', 'querystring/metrics', /API that is not served/],
      ['metrics=count,count', 'querystring/metrics', /twice/],
      ['metrics=count,sum:a,sum:b,sum:c,sum:d,sum:e', 'querystring/metrics', /more than 5/],
      ['interval=year', 'querystring/interval', /one of hour, day, week or month/],
      ['interval=hour&since=2026-01-01&until=2026-12-31', 'querystring/interval', /longer intervals/],
      ['since=2026-02-30', 'querystring/since', /no day of the calendar/],
      ['since=2026-02-03&until=2026-02-03', 'querystring/since', /no day before until/],
      ['groupBy=person', 'querystring/groupBy', /one of type, api, source, campaign or context/],
      ['limit=21', 'querystring/limit', /from 1 to 20/],
      ['group=by', 'querystring/group', /known are metrics/],
    ];
    for (const [query, path, message] of cases) {
      const { status, body } = await native.call('GET', `/insights?${query}`);
      assert.deepEqual([status, body.error.path], [400, path], query);
      assert.match(body.error.message, message);
    }
    const points: [query: string, path: string, message: RegExp][] = [
      ['at=2025-01-01', 'querystring/at', /label of no interval/],
      ['group=WEB', 'querystring/groupBy', /missing/],
      ['groupBy=context&group=NOWHERE', 'querystring/group', /no group of a chart by context/],
      ['groupBy=context&group=toString', 'querystring/group', /no group/],
      [`groupBy=type&group=${randomUUID()}`, 'querystring/group', /no group/],
      ['groupBy=api&group=webengage&except=octeth', 'querystring/except', /leave it out/],
      ['groupBy=campaign&group=(other)&except=%25', 'querystring/except', /%25/],
      ['next=nowhere', 'querystring/next', /none of this list/],
    ];
    for (const [query, path, message] of points) {
      const { status, body } = await native.call('GET', `/insights/explain?${query}`);
      assert.deepEqual([status, body.error.path], [400, path], query);
      assert.match(body.error.message, message);
    }
  });
});

const orders = {
  name: 'Orders',
  question: {
    metrics: ['count:webengage', 'sum:turnover:webmarketer:order'],
    span: { days: 30 },
    interval: 'day',
    groupBy: null,
    compare: true,
    shape: 'line',
  },
};

const post = (body: unknown) => native.call('POST', '/views', { body });

describe('views', () => {
  it('are saved under a name of their own, changed and deleted', async () => {
    const { status, body } = await post(orders);
    assert.equal(status, 201, JSON.stringify(body));
    const { id, createdAt, updatedAt, ...rest } = body;
    assert.deepEqual(rest, orders);
    assert.equal(createdAt, updatedAt);
    const others = {
      ...orders.question,
      span: { since: '2026-01-01', until: '2026-02-01' },
      groupBy: 'source',
    };
    assert.equal((await post({ name: 'أسماء', question: others })).status, 201);
    const renamed = await native.call('PUT', `/views/${id}`, { body: { ...orders, name: 'Sales' } });
    assert.deepEqual([renamed.status, renamed.body.name, renamed.body.createdAt], [200, 'Sales', createdAt]);
    const taken = await native.call('PUT', `/views/${id}`, { body: { ...orders, name: 'أسماء' } });
    assert.deepEqual([taken.status, taken.body.error.path], [409, 'body/name']);
    const { views } = await native.read('/views');
    assert.deepEqual(
      views.map(({ name }: { name: string }) => name),
      ['Sales', 'أسماء'],
    );
    for (const view of views) assert.equal((await native.call('DELETE', `/views/${view.id}`)).status, 204);
    for (const method of ['PUT', 'DELETE'] as const) {
      const gone = await native.call(method, `/views/${id}`, method === 'PUT' ? { body: orders } : {});
      assert.deepEqual([gone.status, gone.body.error.path], [404, 'params/viewId']);
    }
  });

  it('are no more than two hundred, and of each name one, however many are saved at once', async () => {
    const twins = await Promise.all([post(orders), post(orders), post(orders)]);
    assert.deepEqual(twins.map(({ status }) => status).sort(), [201, 409, 409]);
    const answers = await Promise.all(
      Array.from({ length: 202 }, (_, number) => post({ ...orders, name: `Orders ${number}` })),
    );
    assert.equal(answers.filter(({ status }) => status === 201).length, 199);
    const refused = answers.find(({ status }) => status !== 201);
    assert.match(refused?.body.error.message, /200 views, as many as it may: delete one first/);
  });

  it('are refused in words that say what is wrong', async () => {
    const question = (part: object) => ({ name: 'Wrong', question: { ...orders.question, ...part } });
    const cases: [body: object, path: string][] = [
      [{ ...orders, name: ' ' }, 'body/name'],
      [{ ...orders, name: 'a\u0000b' }, 'body/name'],
      [{ ...orders, name: 'x'.repeat(101) }, 'body/name'],
      [{ name: 'Wrong' }, 'body/question'],
      [question({ metrics: [] }), 'body/question/metrics'],
      [question({ metrics: ['median'] }), 'body/question/metrics/0'],
      [question({ metrics: ['count', 'count:a,count'] }), 'body/question/metrics/1'],
      [question({ interval: 'year' }), 'body/question/interval'],
      [question({ shape: 'pie' }), 'body/question/shape'],
      [question({ more: 1 }), 'body/question/more'],
    ];
    for (const [body, path] of cases) {
      const reply = await post(body);
      assert.equal(reply.status, 400, JSON.stringify(body));
      assert.equal(reply.body.error.path, path, reply.text);
    }
  });

  it('and insights are of their workspace alone', async () => {
    const other = await test.addWorkspace();
    const key = await workspaceKey(test, other);
    const own = await ask(test, 'GET', at(other, '/views'), { key });
    assert.deepEqual([own.status, own.body.views], [200, []]);
    const [view] = (await native.read('/views')).views;
    for (const path of ['/views', '/insights', '/insights/explain', '/insights/metrics']) {
      assert.equal((await native.call('GET', path, { key })).status, 404, path);
      assert.equal((await native.call('GET', path, { key: null })).status, 401, path);
    }
    for (const [method, body] of [
      ['PUT', orders],
      ['DELETE', undefined],
    ] as const) {
      const reply = await ask(test, method, at(other, `/views/${view.id}`), { key, body });
      assert.equal(reply.status, 404);
    }
    const counted = await ask(test, 'GET', at(other, `/insights?${march}`), { key });
    assert.equal(counted.body.metrics[0].total, 0);
  });
});
