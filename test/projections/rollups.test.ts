import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { MetricValue } from '../../src/core/metric/metric.ts';
import type { WorkspaceId } from '../../src/core/workspace/workspace.ts';
import { WorkspaceCache } from '../../src/core/workspace/workspace-cache.ts';
import { workspaceParts } from '../../src/dialects/registry.ts';
import { checkRollups } from '../../src/projections/check-derived.ts';
import { localDayIn, quarterHourOf } from '../../src/projections/rollups/buckets.ts';
import { rebuildRollups } from '../../src/projections/rollups/rebuild-rollups.ts';
import fc from '../helpers/fast-check.ts';
import { rebuildWhole } from '../helpers/rebuild.ts';
import { committed, type Engine, eventOf, nodes, startEngine, submissionOf } from '../ingest/engine.ts';

let engine: Engine;

before(async () => {
  engine = await startEngine();
});
after(() => engine.close());

/** Zones, each with instants around which its clocks were put forward or back. */
const zones: Record<string, readonly string[]> = {
  'Europe/Paris': ['2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z'],
  'America/Sao_Paulo': ['2018-11-04T03:00:00Z', '2019-02-17T02:00:00Z'],
  'Asia/Kathmandu': ['2026-01-01T18:15:00Z', '1985-12-31T18:30:00Z'],
  'Australia/Lord_Howe': ['2026-04-04T15:00:00Z', '2026-10-03T15:30:00Z'],
  'America/St_Johns': ['2010-11-07T02:31:00Z', '2011-03-13T03:31:00Z'],
  // One had no 30 December, the other two days of one date, by an offset of hours, minutes and seconds.
  'Pacific/Apia': ['2011-12-30T10:00:00Z', '2011-12-31T10:00:00Z'],
  'America/Juneau': ['1867-10-19T15:33:32Z', '1867-10-18T12:00:00Z'],
  UTC: ['2026-02-28T23:59:59.999Z', '2024-02-29T00:00:00Z'],
};

const day = 24 * 60 * 60 * 1000;
const value = fc.oneof(
  fc.integer({ min: -1000, max: 1_000_000 }),
  fc.constantFrom(0.1, 0.2, 1e-7, 19.99, 1e15, 9_007_199_254_740_991, 1e21, 0.30000000000000004),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
);

interface Plan {
  readonly at: number;
  readonly type: string;
  readonly nodeId: number;
  readonly context: 'WEB' | 'RETAIL' | null;
  readonly sourceId: number | null;
  readonly metrics: readonly { key: string; value: number; shift: number }[];
}

function plans(transitions: readonly string[]): fc.Arbitrary<Plan[]> {
  const near = fc
    .tuple(
      fc.constantFrom(...transitions),
      fc.oneof(fc.integer({ min: -20 * 60_000, max: 20 * 60_000 }), fc.integer({ min: -day, max: day })),
    )
    .map(([transition, shift]) => Date.parse(transition) + shift);
  const metrics = fc.uniqueArray(
    fc.record({
      key: fc.constantFrom('amount', 'margin'),
      value,
      shift: fc.constantFrom(0, 0, 60_000, 7_200_000),
    }),
    { maxLength: 2, selector: ({ key }) => key },
  );
  return fc.array(
    fc.record({
      at: near,
      type: fc.constantFrom('bought', 'viewed'),
      nodeId: fc.constantFrom<number>(nodes.webengage, nodes.contacthub),
      context: fc.constantFrom('WEB', 'RETAIL', null),
      sourceId: fc.constantFrom(1, 2, null),
      metrics,
    }),
    { minLength: 20, maxLength: 60 },
  );
}

async function store(workspaceId: WorkspaceId, plan: Plan): Promise<void> {
  const metrics = plan.metrics.map(({ key, value: amount, shift }): MetricValue => {
    return {
      key,
      kind: 'statistic',
      value: amount,
      currency: null,
      raw: amount,
      occurredAt: plan.at + shift,
    };
  });
  const { type, at: occurredAt, context, sourceId } = plan;
  const part = { type, occurredAt, context, sourceId, metrics };
  committed(
    await engine.ingest.submit(workspaceId, submissionOf(eventOf('u', part, { nodeId: plan.nodeId }))),
  );
}

function localDay(instant: Date, zone: string): string {
  return Temporal.Instant.from(instant.toISOString()).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** Adds up decimal texts with no rounding at all, in units of 10^-400. */
function exactSum(texts: readonly string[]): bigint {
  let sum = 0n;
  for (const text of texts) {
    const [, sign, whole, fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(
      text,
    )!;
    const places = 400 + Number(exponent) - fraction.length;
    const units = BigInt(whole! + fraction) * 10n ** BigInt(places);
    sum += sign ? -units : units;
  }
  return sum;
}

interface Cell {
  total: number;
  values: string[];
}

function count(cells: Map<string, Cell>, key: string, text: string): void {
  const cell = cells.get(key) ?? { total: 0, values: [] };
  cells.set(key, { total: cell.total + 1, values: [...cell.values, text] });
}

async function assertRollupsEqualRows(workspaceId: WorkspaceId, zone: string): Promise<void> {
  const events = await engine.database.query<{ type_id: number; occurred_at: Date }>(
    'select type_id, occurred_at from event where workspace_id = $1',
    [workspaceId],
  );
  const metrics = await engine.database.query<{
    type_id: number;
    key: string;
    value: string;
    occurred_at: Date;
  }>('select type_id, key, value::text as value, occurred_at from metric where workspace_id = $1', [
    workspaceId,
  ]);
  const quarters = new Map<string, Cell>();
  const days = new Map<string, Cell>();
  const values = [...events.map((event) => ({ ...event, key: 'event-count', value: '1' })), ...metrics];
  for (const row of values) {
    const quarter = new Date(Math.floor(row.occurred_at.getTime() / 900_000) * 900_000).toISOString();
    count(quarters, `${quarter} ${row.type_id} ${row.key}`, row.value);
    count(days, `${localDay(row.occurred_at, zone)} ${row.type_id} ${row.key}`, row.value);
  }
  await assertTable(workspaceId, 'rollup_quarter_hour', 'bucket', quarters);
  await assertTable(workspaceId, 'rollup_day', 'day', days);
}

async function assertTable(
  workspaceId: WorkspaceId,
  table: string,
  column: string,
  expected: ReadonlyMap<string, Cell>,
): Promise<void> {
  const rows = await engine.database.query<{
    at: Date | string;
    type_id: number;
    metric: string;
    total: number;
    sum: string;
  }>(
    `select ${column} as at, type_id, metric, total, sum::text as sum from ${table} where workspace_id = $1`,
    [workspaceId],
  );
  const actual = rows.map((row) => {
    const at = row.at instanceof Date ? row.at.toISOString() : row.at;
    return [`${at} ${row.type_id} ${row.metric}`, row.total, exactSum([row.sum])] as const;
  });
  const wanted = [...expected].map(([key, cell]) => [key, cell.total, exactSum(cell.values)] as const);
  const byKey = (a: readonly [string, ...unknown[]], b: readonly [string, ...unknown[]]) =>
    a[0] < b[0] ? -1 : 1;
  assert.deepEqual(actual.sort(byKey), wanted.sort(byKey));
}

async function assertOriginsEqualRows(workspaceId: WorkspaceId, zone: string): Promise<void> {
  const events = await engine.database.query<{
    type_id: number;
    node_id: number;
    context: number | null;
    source_id: number | null;
    occurred_at: Date;
  }>(
    `select e.type_id, p.node_id, e.context, e.source_id, e.occurred_at from event e
       join profile p on p.workspace_id = $1 and p.id = e.profile_id where e.workspace_id = $1`,
    [workspaceId],
  );
  const expected = new Map<string, number>();
  for (const event of events) {
    const origin = `${event.node_id} ${event.context ?? 0} ${event.source_id ?? 0}`;
    const key = `${localDay(event.occurred_at, zone)} ${event.type_id} ${origin}`;
    expected.set(key, (expected.get(key) ?? 0) + 1);
  }
  const rows = await engine.database.query<{ key: string; total: number }>(
    `select concat_ws(' ', day, type_id, node_id, context, source_id) as key, total from rollup_day_origin
      where workspace_id = $1`,
    [workspaceId],
  );
  assert.deepEqual(new Map(rows.map((row) => [row.key, row.total])), expected);
}

describe('the rollups', () => {
  for (const [zone, transitions] of Object.entries(zones)) {
    it(`equal a slow count over the rows in ${zone}, where the clocks change`, async () => {
      const property = fc.asyncProperty(plans(transitions), async (planned) => {
        const workspaceId = await engine.addWorkspace({ timezone: zone });
        const half = Math.ceil(planned.length / 2);
        for (const part of [planned.slice(0, half), planned.slice(half)])
          await Promise.all(part.map((plan) => store(workspaceId, plan)));
        await assertRollupsEqualRows(workspaceId, zone);
        await assertOriginsEqualRows(workspaceId, zone);
      });
      await fc.assert(property, { numRuns: 6 });
    });
  }
});

describe('the rollups of more events than a slice holds', () => {
  it('are made anew and verified over all slices', async () => {
    const zone = 'Asia/Kathmandu';
    const workspaceId = await engine.addWorkspace({ timezone: zone });
    await store(workspaceId, {
      at: Date.UTC(2026, 0, 1),
      type: 'bought',
      nodeId: nodes.webengage,
      context: null,
      sourceId: null,
      metrics: [{ key: 'amount', value: 2, shift: 0 }],
    });
    await repeatEvent(workspaceId, 51_000);
    const { database } = engine;
    const workspaces = new WorkspaceCache(database, workspaceParts);
    const workspace = await workspaces.get(workspaceId);
    assert.ok((await rebuildWhole(rebuildRollups, { database, workspaces, workspaceId })) > 2);
    await assertRollupsEqualRows(workspaceId, zone);
    assert.equal((await checkRollups(database, workspace)).ok, true);
    await database.query(
      `update rollup_day set total = total + 1
        where workspace_id = $1 and day = (select max(day) from rollup_day where workspace_id = $1)`,
      [workspaceId],
    );
    assert.equal((await checkRollups(database, workspace)).ok, false);
  });
});

/** Stores the one event that a workspace has so many times again, each a minute later. */
async function repeatEvent(workspaceId: WorkspaceId, times: number): Promise<void> {
  await engine.database.query(
    `insert into event
     select again.* from event r, generate_series(1, $2::integer) n,
       lateral jsonb_populate_record(r, jsonb_build_object(
         'seq', r.seq + n, 'id', gen_random_uuid(), 'occurred_at', r.occurred_at + n * interval '1 minute')) again
      where r.workspace_id = $1`,
    [workspaceId, times],
  );
}

describe('a local day', () => {
  it('is the calendar’s for every instant, in whatever order they are asked', () => {
    for (const [zone, transitions] of Object.entries(zones)) {
      for (const direction of [1, -1]) {
        const dayOf = localDayIn(zone);
        for (const transition of transitions) {
          for (let step = -1500; step <= 1500; step += 1) {
            const instant = Date.parse(transition) + direction * step * 59_000;
            assert.equal(dayOf(instant), localDay(new Date(instant), zone));
          }
        }
      }
    }
  });

  it('begins with a quarter hour of UTC or within one', () => {
    assert.equal(quarterHourOf(-1), -900_000);
    assert.equal(quarterHourOf(0), 0);
    assert.equal(quarterHourOf(899_999), 0);
  });
});
