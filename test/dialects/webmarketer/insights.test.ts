import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type Interval, intervals } from '../../../src/query/insights/interval.ts';
import { type TestWorkspace, useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import fc from '../../helpers/fast-check.ts';
import { Store } from '../../helpers/store.ts';
import { rebuild } from '../../native/helpers.ts';
import { field, WebmarketerClient } from './client.ts';

const test = await useApp({ slug: 'my-project' });

const fields = [
  field('statistic', 'number', 'turnover', { optional: true }),
  field('state', 'state', 'qualified', { ingestionKey: null }),
  field('state', 'state', 'converted', { ingestionKey: null }),
];

interface Question {
  readonly since: string;
  readonly until: string;
  readonly metrics: readonly string[];
  readonly groupBy: 'project' | 'event-type';
  readonly interval: Interval;
  readonly filter?: readonly string[] | null;
}

interface Row {
  readonly identifier: string;
  readonly interval: string;
  readonly values: Record<string, number>;
}

let nonces = 0;

function send(
  client: WebmarketerClient,
  eventType: string,
  at: number,
  turnover: number | null,
): Promise<string> {
  const data = turnover === null ? {} : { turnover };
  const eventDate = new Date(at).toISOString();
  return client.sendFine({ eventType, nonce: `i-${++nonces}`, eventDate, data });
}

async function set(
  client: WebmarketerClient,
  id: string,
  place: string,
  value: number,
  at: number,
): Promise<void> {
  const path = `/projects/${client.projectId}/events/${id}/${place}`;
  const reply = await client.request('PATCH', path, { value, date: new Date(at).toISOString() });
  assert.equal(reply.status, 200, reply.text);
}

async function ask(client: WebmarketerClient, question: object, path = '/events/insights'): Promise<Row[]> {
  const reply = await client.request('POST', `/projects/${client.projectId}${path}`, question);
  assert.equal(reply.status, 200, reply.text);
  return reply.body;
}

/** Zones, each with instants around which its clocks change or its days are strange. */
const zones: Readonly<Record<string, readonly string[]>> = {
  'Europe/Paris': ['2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z', '2026-12-31T23:00:00Z'],
  'America/Sao_Paulo': ['2018-11-04T03:00:00Z', '2018-02-18T02:00:00Z'],
  'Asia/Kathmandu': ['1986-01-31T18:15:00Z', '1985-12-31T18:30:00Z'],
  'Australia/Lord_Howe': ['2026-04-04T15:00:00Z', '2026-10-03T15:30:00Z'],
  // The clocks went back at 0:01: the last hour of the evening came again when the next day had begun.
  'America/St_Johns': ['2010-11-07T02:30:30Z', '2010-11-07T03:30:00Z', '2009-11-01T02:30:59Z'],
  // One had no 30 December, the other two days of one date.
  'Pacific/Apia': ['2011-12-30T10:00:00Z', '2011-12-31T10:00:00Z'],
  'America/Juneau': ['1867-10-19T15:33:32Z', '1867-10-18T12:00:00Z'],
  // Its offset was 19 minutes and 32 seconds.
  'Europe/Amsterdam': ['1930-05-15T01:00:00Z', '1930-01-01T00:00:00Z'],
};

const minute = 60_000;
const day = 1440 * minute;

const near = (instants: readonly string[], reach: number) =>
  fc
    .tuple(
      fc.constantFrom(...instants),
      fc.oneof(
        fc.integer({ min: -45 * minute, max: 45 * minute }),
        fc.integer({ min: -reach, max: reach }),
        fc.integer({ min: -8, max: 8 }).map((quarters) => quarters * 15 * minute),
        // Events and bounds of questions meet to the millisecond.
        fc.constantFrom(-1, 0, 1, 15 * minute - 1, 60 * minute - 1, day - 1, day),
      ),
    )
    .map(([instant, shift]) => Date.parse(instant) + shift);

interface Plan {
  readonly type: string;
  readonly at: number;
  readonly turnover: number | null;
  readonly settings: readonly { place: string; value: number; at: number }[];
}

function plansNear(instants: readonly string[]): fc.Arbitrary<Plan[]> {
  const at = near(instants, 40 * day);
  const settings = fc.array(
    fc.oneof(
      fc.record({
        place: fc.constantFrom('states/qualified', 'states/converted'),
        value: fc.constantFrom(0, 1, 1),
        at,
      }),
      fc.record({ place: fc.constant('statistics/turnover'), value: fc.integer({ min: -9, max: 99 }), at }),
    ),
    { maxLength: 3 },
  );
  const turnover = fc.option(fc.constantFrom(0.1, 0.2, 19.99, 1000, -5, 0, -0.01));
  return fc.array(fc.record({ type: fc.constantFrom('lead', 'order'), at, turnover, settings }), {
    minLength: 4,
    maxLength: 10,
  });
}

const keys = ['event-count', 'turnover', 'qualified', 'converted', 'state-delay-qualified', 'no-such-key'];

function questionsNear(instants: readonly string[]): fc.Arbitrary<Question[]> {
  const bound = near(instants, 50 * day);
  const question = fc
    .record({
      bounds: fc.tuple(bound, bound),
      metrics: fc.uniqueArray(fc.constantFrom(...keys), { minLength: 1 }),
      groupBy: fc.constantFrom('project' as const, 'event-type' as const),
      interval: fc.constantFrom(...intervals),
      filter: fc.constantFrom(null, null, ['order'], ['nothing'], ['lead', 'order']),
    })
    .map(({ bounds, ...rest }): Question => {
      const [since, until] = [Math.min(...bounds), Math.max(...bounds)];
      return { ...rest, since: new Date(since).toISOString(), until: new Date(until).toISOString() };
    });
  return fc.array(question, { minLength: 12, maxLength: 12 });
}

function labelOf(interval: Interval, instant: number, zone: string): string {
  const at = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  const two = (number: number) => String(number).padStart(2, '0');
  const date = at.toPlainDate().toString();
  switch (interval) {
    case 'hour':
      return `${date}T${two(at.hour)}`;
    case 'day':
      return date;
    case 'week':
      return `${at.yearOfWeek}-W${two(at.weekOfYear!)}`;
    case 'month':
      return date.slice(0, 7);
    case 'quarter':
      return `${at.year}-Q${Math.ceil(at.month / 3)}`;
    case 'year':
      return String(at.year);
    case 'hourOfDay':
      return String(at.hour);
    case 'dayOfWeek':
      return String(at.dayOfWeek);
    case 'monthOfYear':
      return String(at.month);
    case 'weekOfYear':
      return String(at.weekOfYear);
  }
}

interface Value {
  readonly type: string;
  readonly key: string;
  readonly value: number;
  readonly at: number;
}

/** Every event and every value that counts, as they are stored. */
async function readValues(workspace: TestWorkspace): Promise<Value[]> {
  const store = new Store(test, workspace);
  const events = new Map((await store.events()).map((event) => [event.id, event]));
  const counted = (await store.metrics()).filter((metric) => metric.counted);
  return [
    ...[...events.values()].map(({ type, occurredAt }) => ({
      ...{ type, key: 'event-count', value: 1, at: Date.parse(occurredAt) },
    })),
    ...counted.map(({ eventId, key, value, at }) => {
      return { type: events.get(eventId)!.type, key, value, at: at.getTime() };
    }),
  ];
}

function countSlowly(values: readonly Value[], question: Question, projectId: string, zone: string): Row[] {
  const { interval, groupBy, filter, metrics } = question;
  const rows = new Map<string, Row>();
  for (const value of values) {
    if (value.at < Date.parse(question.since) || value.at > Date.parse(question.until)) continue;
    if (value.key !== 'event-count' && !metrics.includes(value.key)) continue;
    if (groupBy === 'event-type' && filter && !filter.includes(value.type)) continue;
    const label = labelOf(interval, value.at, zone);
    const identifier = groupBy === 'project' ? projectId : value.type;
    const row = rows.getOrInsertComputed(`${identifier} ${label}`, () => ({
      identifier,
      interval: label,
      values: Object.fromEntries(metrics.map((key) => [key, 0])),
    }));
    if (metrics.includes(value.key)) row.values[value.key]! += value.value;
  }
  const isCyclic = interval.includes('Of');
  const order = (label: string) => (isCyclic ? label.padStart(2, '0') : label);
  return [...rows.values()].sort((a, b) => {
    const [first, second] = [a, b].map((row) => `${order(row.interval)} ${row.identifier}`);
    return first! < second! ? -1 : 1;
  });
}

/** Doubles that were added in another order differ in the last digits. */
function rounded(rows: readonly Row[]): Row[] {
  return rows.map((row) => ({
    ...row,
    values: Object.fromEntries(
      Object.entries(row.values).map(([key, value]) => [key, Math.round(value * 1e6) / 1e6 + 0]),
    ),
  }));
}

describe('insights', () => {
  for (const [zone, instants] of Object.entries(zones)) {
    it(`equal a slow count over the rows in ${zone}, whatever is sent, set and asked`, async () => {
      const workspace = await test.addWorkspace({ timezone: zone });
      const client = new WebmarketerClient(test, workspace);
      for (const type of ['lead', 'order', 'unused']) await client.defineType(type, fields);
      const property = fc.asyncProperty(
        plansNear(instants),
        questionsNear(instants),
        async (plans, asked) => {
          await Promise.all(
            plans.map(async ({ type, at, turnover, settings }) => {
              const id = await send(client, type, at, turnover);
              await Promise.all(settings.map((one) => set(client, id, one.place, one.value, one.at)));
            }),
          );
          const values = await readValues(workspace);
          for (const question of asked) {
            const slow = countSlowly(values, question, client.projectId, zone);
            assert.deepEqual(rounded(await ask(client, question)), rounded(slow), JSON.stringify(question));
          }
        },
      );
      await fc.assert(property, { numRuns: 5 });
      await assertVerified(workspace);
      const before = await ask(client, everything(instants));
      await rebuild(test, workspace);
      assert.deepEqual(await ask(client, everything(instants)), before);
      await assertVerified(workspace);
    });
  }
});

function everything(instants: readonly string[]): Question {
  const times = instants.map((instant) => Date.parse(instant));
  return {
    since: new Date(Math.min(...times) - 100 * day).toISOString(),
    until: new Date(Math.max(...times) + 100 * day).toISOString(),
    metrics: keys,
    groupBy: 'event-type',
    interval: 'year',
  };
}

async function assertVerified(workspace: TestWorkspace): Promise<void> {
  const { checks } = await verifyWorkspace(test.database, workspace.created.id);
  assert.deepEqual(
    checks.filter((check) => !check.ok),
    [],
  );
}

describe('an insight', () => {
  let client: WebmarketerClient;
  const question: Question = {
    since: '2023-08-01T22:00:00.000Z',
    until: '2023-08-19T21:59:59.999Z',
    metrics: ['event-count', 'turnover', 'qualified', 'unknown'],
    groupBy: 'project',
    interval: 'day',
    filter: null,
  };

  before(async () => {
    client = new WebmarketerClient(test);
    for (const type of ['order', 'call-me-back']) await client.defineType(type, fields);
    const id = await send(client, 'order', Date.parse('2023-08-01T22:00:00Z'), 10);
    await send(client, 'order', Date.parse('2023-08-01T21:59:59.999Z'), 1000);
    await send(client, 'call-me-back', Date.parse('2023-08-19T21:59:59.999Z'), null);
    await send(client, 'call-me-back', Date.parse('2023-08-19T22:00:00Z'), null);
    await set(client, id, 'states/qualified', 1, Date.parse('2023-08-10T14:30:00Z'));
  });

  it('counts local days from bound to bound, to the millisecond, and 0 for an unknown key', async () => {
    const values = { 'event-count': 1, turnover: 0, qualified: 0, unknown: 0 };
    const identifier = 'my-project';
    const expected = [
      { identifier, interval: '2023-08-02', values: { ...values, turnover: 10 } },
      { identifier, interval: '2023-08-10', values: { ...values, 'event-count': 0, qualified: 1 } },
      { identifier, interval: '2023-08-19', values },
    ];
    assert.deepEqual(await ask(client, question), expected);
    assert.deepEqual(await ask(client, question, '/insights/events'), expected);
  });

  it('is of each event type, restricted by the filter', async () => {
    const byType = { ...question, groupBy: 'event-type', interval: 'month', metrics: ['event-count'] };
    const lead = { identifier: 'call-me-back', interval: '2023-08', values: { 'event-count': 1 } };
    const order = { identifier: 'order', interval: '2023-08', values: { 'event-count': 1 } };
    assert.deepEqual(await ask(client, byType), [lead, order]);
    assert.deepEqual(await ask(client, { ...byType, filter: ['order'] }), [order]);
    assert.deepEqual(await ask(client, { ...byType, filter: [] }), []);
  });

  it('works out custom columns of the sums, and has none where one divides by zero', async () => {
    const column = {
      key: 'rate',
      name: 'Rate',
      format: 'percent',
      symbols: ['qualified', '/', 'event-count'],
    };
    const made = await client.request('POST', `/projects/${client.projectId}/custom-columns`, column);
    assert.equal(made.status, 201, made.text);
    const rows = await ask(client, { ...question, interval: 'month', metrics: ['rate'] });
    assert.deepEqual(
      rows.map((row) => row.values),
      [{ rate: 0.5 }],
    );
    const days = await ask(client, { ...question, metrics: ['rate'] });
    assert.deepEqual(
      days.map((row) => row.values.rate),
      [0, null, 0],
    );
  });

  it('counts this vendor’s events only, and those of its own project', async () => {
    const other = new WebmarketerClient(test, await test.addWorkspace());
    await other.defineType('order', fields);
    assert.deepEqual(await ask(other, question), []);
  });

  it('is refused with a wrong bound, name or range', async () => {
    for (const wrong of [
      { since: undefined },
      { until: 'tomorrow' },
      { since: question.until, until: question.since },
      { metrics: 'event-count' },
      { metrics: [] },
      { metrics: [7] },
      { metrics: Array.from({ length: 101 }, () => 'a') },
      { groupBy: 'campaign' },
      { interval: 'minute' },
      { filter: { not: 'a list' } },
      { since: '0001-01-01', until: '9999-12-31' },
      { since: '1990-01-01', until: '2020-01-01', interval: 'hour' },
    ]) {
      const path = `/projects/${client.projectId}/events/insights`;
      const reply = await client.request('POST', path, { ...question, ...wrong });
      assert.equal(reply.status, 400, JSON.stringify(wrong));
      assert.equal(reply.body.error, 'Bad Request');
    }
  });

  it('is refused without a token, with a wrong one, and for another project', async () => {
    const other = new WebmarketerClient(test, await test.addWorkspace());
    const { contacthub } = test.workspace.credentials;
    for (const path of ['/events/insights', '/insights/events']) {
      const url = `/projects/${client.projectId}${path}`;
      assert.equal((await client.request('POST', url, question, '')).status, 401);
      assert.equal((await client.request('POST', url, question, contacthub.token)).status, 401);
      assert.equal((await other.request('POST', url, question)).status, 403);
      assert.equal((await client.request('POST', `/projects/none${path}`, question)).status, 404);
    }
  });
});
