import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EventContext } from '../../src/core/event/event.ts';
import type { EditItem, EventItem } from '../../src/ingest/item.ts';
import { ContacthubClient } from '../dialects/contacthub/client.ts';
import { useApp } from '../helpers/app.ts';
import { verifyWorkspace } from '../helpers/derived.ts';
import fc from '../helpers/fast-check.ts';
import { committed, eventOf, nodes, subjectOf, submissionOf } from '../ingest/engine.ts';

const test = await useApp();

/** Zones, each with a day on which its clocks change, and an instant about then. */
const zones: Readonly<Record<string, readonly [day: string, around: string]>> = {
  'Europe/Paris': ['2026-10-25', '2026-10-25T01:00:00Z'],
  'America/Sao_Paulo': ['2018-11-04', '2018-11-04T03:00:00Z'],
  'Australia/Lord_Howe': ['2026-04-05', '2026-04-04T15:00:00Z'],
  // They went back from a minute past midnight to the evening before.
  'America/St_Johns': ['2010-11-07', '2010-11-07T02:31:00Z'],
};

const hour = 60 * 60 * 1000;
const shift = fc.oneof(
  fc.integer({ min: -2 * hour, max: 2 * hour }),
  fc.integer({ min: -60 * hour, max: 60 * hour }),
);

const told = fc.constantFrom('slug', 'ad', 'name', null);

const stored = fc.record({
  kind: fc.constant('stored' as const),
  dialect: fc.constantFrom('webengage' as const, 'octeth' as const),
  type: fc.constantFrom('paid', 'seen', 'left'),
  shift,
  source: fc.constantFrom(0, 1, null),
  context: fc.constantFrom<EventContext | null>('WEB', 'RETAIL', null),
  told,
  cents: fc.option(fc.integer({ min: -5000, max: 100_000 }), { nil: null }),
  metricShift: fc.constantFrom(0, 0, 7_200_000),
});
const posted = fc.record({
  kind: fc.constant('posted' as const),
  shift,
  context: fc.constantFrom('WEB', 'MOBILE'),
  // Of a completed order: its revenue.
  euros: fc.integer({ min: 1, max: 500 }),
});
const changed = fc.record({ kind: fc.constant('changed' as const), which: fc.nat(), shift });
const deleted = fc.record({ kind: fc.constant('deleted' as const), which: fc.nat() });
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: stored },
    { weight: 3, arbitrary: posted },
    { weight: 1, arbitrary: changed },
    { weight: 1, arbitrary: deleted },
  ),
  { minLength: 20, maxLength: 35 },
);
type Step = typeof steps extends fc.Arbitrary<(infer One)[]> ? One : never;

/** Plays a history in the workspace that the tests stand in. */
async function play(history: readonly Step[], around: number): Promise<void> {
  const client = new ContacthubClient(test);
  const customer = await client.create('counted@example.com');
  const workspace = await test.app.services.workspaces.get(test.workspace.created.id);
  const sources = [...workspace.sources.keys()];
  const ids: string[] = [];
  for (const step of history) {
    if (step.kind === 'stored') await store(step, around + step.shift, sources);
    else if (step.kind === 'posted') {
      const date = new Date(around + step.shift).toISOString();
      const properties = { amount: { total: step.euros, revenue: step.euros }, orderId: String(ids.length) };
      const event = { type: 'completedOrder', date, context: step.context, properties };
      ids.push(await client.view({ customerId: customer.id }, event));
    } else {
      const [id] = ids.splice(step.which % Math.max(ids.length, 1), 1);
      if (id === undefined) continue;
      if (step.kind === 'changed') ids.push(id);
      const reply =
        step.kind === 'deleted'
          ? await client.call('DELETE', `/events/${id}`)
          : await client.call('PATCH', `/events/${id}`, {
              date: new Date(around + step.shift).toISOString(),
            });
      assert.ok(reply.status < 300, reply.text);
    }
  }
}

async function store(step: Step & { kind: 'stored' }, at: number, sources: readonly number[]): Promise<void> {
  const sourceId = step.source === null ? null : (sources[step.source] ?? null);
  const metrics =
    step.cents === null
      ? []
      : [
          {
            key: 'amount',
            kind: 'statistic' as const,
            value: step.cents / 100,
            currency: 'EUR',
            raw: step.cents,
            occurredAt: at + step.metricShift,
          },
        ];
  const part = { type: step.type, occurredAt: at, context: step.context, sourceId, metrics };
  const event: EventItem = eventOf('counted', part, { nodeId: nodes[step.dialect] });
  const items = [event, ...(step.told === null ? [] : [touch(step.told, at, sources)])];
  committed(
    await test.app.services.ingest.submit(
      test.workspace.created.id,
      submissionOf(items, { dialect: step.dialect }),
    ),
  );
}

function touch(by: 'slug' | 'ad' | 'name', at: number, sources: readonly number[]): EditItem {
  return {
    kind: 'edit',
    nodeId: nodes.webmarketer,
    subject: subjectOf({ keys: [{ kind: 'tracker', value: 'browser' }], anonymous: true }),
    touchpoint: {
      at,
      channel: 'custom-ads',
      sourceId: sources[0] ?? null,
      campaign: by === 'slug' ? { slug: 'spring' } : null,
      adId: by === 'ad' ? '4711' : null,
      cost: null,
      detail: null,
      arrival: by === 'name' ? { campaign: 'summer, "early"', namesCampaign: true } : null,
    },
  };
}

/** A row that is counted, as the tables have it. */
interface Counted {
  readonly at: Date;
  readonly dialect: string;
  readonly groups: Readonly<Record<string, string>>;
  readonly value: number;
}

const none = '(none)';

/** What there is to count of each metric, read row by row. */
async function readCounted(): Promise<Record<string, Counted[]>> {
  const { id } = test.workspace.created;
  const columns = `t.dialect, t.public_id as type, coalesce(s.public_id::text, '${none}') as source, e.context,
    coalesce((select coalesce(o.campaign_id::text, 'ad:' || o.ad_id, 'name:' || (o.arrival ->> 'campaign')) from touchpoint o
               where o.workspace_id = $1 and o.event_id = e.id), '${none}') as campaign`;
  const joined = `join event_type t on t.workspace_id = $1 and t.id = e.type_id
    left join source s on s.workspace_id = $1 and s.id = e.source_id`;
  type Row = {
    at: Date;
    dialect: string;
    type: string;
    source: string;
    campaign: string;
    context: number | null;
    value: string;
  };
  const events = await test.database.query<Row>(
    `select e.occurred_at as at, '1' as value, ${columns} from event e ${joined} where e.workspace_id = $1`,
    [id],
  );
  const amounts = await test.database.query<Row & { key: string }>(
    `select m.occurred_at as at, m.value::text as value, m.key, ${columns}
       from metric m join event e on e.workspace_id = $1 and e.id = m.event_id ${joined}
      where m.workspace_id = $1 and m.counted`,
    [id],
  );
  const contexts: Record<number, string> = { 1: 'WEB', 2: 'MOBILE', 4: 'RETAIL' };
  const countedOf = (rows: readonly Row[]) =>
    rows.map(({ at, dialect, value, context, ...groups }) => ({
      at,
      dialect,
      value: Number(value),
      groups: { ...groups, api: dialect, context: contexts[context ?? 0] ?? none },
    }));
  return {
    count: countedOf(events),
    'count:contacthub': countedOf(events).filter(({ dialect }) => dialect === 'contacthub'),
    'sum:amount': countedOf(amounts.filter(({ key }) => key === 'amount')),
    'sum:revenue': countedOf(amounts.filter(({ key }) => key === 'revenue')),
  };
}

function labelIn(zone: string, interval: string): (at: Date) => string {
  return (at) => {
    const local = Temporal.Instant.from(at.toISOString()).toZonedDateTimeISO(zone);
    const day = local.toPlainDate();
    if (interval === 'hour') return `${day}T${String(local.hour).padStart(2, '0')}`;
    if (interval === 'month') return day.toString().slice(0, 7);
    if (interval === 'week') return `${day.yearOfWeek}-W${String(day.weekOfYear).padStart(2, '0')}`;
    return day.toString();
  };
}

const toCents = (value: number) => Math.round(value * 100);
const sumOf = (rows: readonly Counted[]) => rows.reduce((sum, { value }) => sum + toCents(value), 0);

interface Shown {
  readonly kind: string;
  readonly key: string | null;
  readonly total: number;
  readonly values: number[];
}

/** Whether a row is of a series of a chart that shows these groups by themselves. */
function isOf(series: Shown, shown: readonly Shown[], groupBy: string | null): (row: Counted) => boolean {
  if (groupBy === null) return () => true;
  const keys = shown.flatMap(({ key }) => key ?? []);
  return ({ groups }) => {
    const group = groups[groupBy] ?? none;
    if (series.kind === 'group') return group === series.key;
    return series.kind === 'none' ? group === none : group !== none && !keys.includes(group);
  };
}

function addressOf(parameters: Readonly<Record<string, string | null>>): string {
  const said = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== null);
  return new URLSearchParams(said).toString();
}

/** Compares a chart with a slow count, and some of its points with the rows that explain them. */
async function assertChart(
  zone: string,
  asked: { since: string; until: string; interval: string; groupBy: string | null },
  counted: Readonly<Record<string, Counted[]>>,
): Promise<void> {
  const label = labelIn(zone, asked.interval);
  const dayOf = labelIn(zone, 'day');
  const parameters = { ...asked, metrics: Object.keys(counted).join(','), limit: '2', compare: 'true' };
  const chart = await test.native.read(`/insights?${addressOf(parameters)}`);
  const labels: string[] = chart.intervals.map((slot: { label: string }) => slot.label);
  const { before } = chart.parameters;
  for (const metric of chart.metrics) {
    const what = `${metric.metric} by ${asked.interval} and ${asked.groupBy} in ${zone}`;
    const all = counted[metric.metric] ?? assert.fail(metric.metric);
    const within = all.filter(({ at }) => dayOf(at) >= asked.since && dayOf(at) < asked.until);
    const former = all.filter(({ at }) => dayOf(at) >= before.since && dayOf(at) < before.until);
    assert.equal(toCents(metric.total), sumOf(within), what);
    assert.equal(toCents(metric.totalBefore), sumOf(former), `${what}, before`);
    const shown: Shown[] = metric.series;
    for (const series of shown) {
      const rows = within.filter(isOf(series, shown, asked.groupBy));
      const values = labels.map((one) => sumOf(rows.filter(({ at }) => label(at) === one)));
      assert.deepEqual(series.values.map(toCents), values, `${what}: ${series.kind} ${series.key}`);
      assert.equal(toCents(series.total), sumOf(rows), what);
    }
    assert.equal(
      shown.reduce((sum, { total }) => sum + toCents(total), 0),
      sumOf(within),
      `${what}: the series are the whole`,
    );
    await assertExplained({ ...asked, metric: metric.metric }, labels, shown, what);
  }
}

const explainedPoints = 2;

async function assertExplained(
  asked: { metric: string; groupBy: string | null; [name: string]: string | null },
  labels: readonly string[],
  shown: readonly Shown[],
  what: string,
): Promise<void> {
  for (const series of shown) {
    const group = { group: series.key, none, other: '(other)', all: null }[
      series.kind as 'group' | 'none' | 'other' | 'all'
    ];
    const except =
      series.kind === 'other'
        ? shown.flatMap(({ key }) => (key === null ? [] : [encodeURIComponent(key)])).join(',')
        : null;
    const places = series.values.flatMap((value, place) => (value === 0 ? [] : [place]));
    for (const place of [null, ...places.slice(0, explainedPoints)]) {
      const at = place === null ? null : (labels[place] ?? null);
      const query = addressOf({ ...asked, at, group, except, limit: '7' });
      const told = await test.native.read(`/insights/explain?${query}`);
      const expected = place === null ? series.total : series.values[place];
      assert.equal(toCents(told.value), toCents(expected ?? 0), `${what}: ${at} of ${group}`);
      const rows = [...told.rows];
      for (let next = told.next; next !== null; ) {
        const page = await test.native.read(`/insights/explain?${query}&next=${next}`);
        rows.push(...page.rows);
        next = page.next;
      }
      assert.equal(rows.length, told.count, `${what}: all rows of ${at}`);
      assert.equal(new Set(rows.map(({ event }) => event.id)).size, told.count);
      const sum = rows.reduce((total, { value }) => total + toCents(Number(value ?? 1)), 0);
      assert.equal(sum, toCents(told.value), `${what}: the rows’ values`);
    }
  }
}

/** Hours and days are counted in ways of their own; weeks and months as days are. */
const asking: Readonly<Record<string, readonly (string | null)[]>> = {
  hour: [null, 'type', 'source', 'campaign', 'context'],
  day: [null, 'type', 'api', 'source', 'campaign', 'context'],
  week: [null, 'campaign'],
  month: ['source'],
};

describe('insights', () => {
  for (const [zone, [day, around]] of Object.entries(zones)) {
    it(`equal a slow count over the rows in ${zone}, and each point the rows that explain it`, async () => {
      const change = Temporal.PlainDate.from(day);
      const asked = {
        since: change.subtract({ days: 1 }).toString(),
        until: change.add({ days: 2 }).toString(),
      };
      await fc.assert(
        fc.asyncProperty(steps, async (history) => {
          test.workspace = await test.addWorkspace({ timezone: zone });
          await play(history, Date.parse(around));
          const counted = await readCounted();
          for (const [interval, groupings] of Object.entries(asking))
            for (const groupBy of groupings)
              await assertChart(zone, { ...asked, interval, groupBy }, counted);
          const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
          assert.deepEqual(
            checks.filter(({ ok }) => !ok),
            [],
          );
        }),
        { numRuns: 1 },
      );
    });
  }
});
