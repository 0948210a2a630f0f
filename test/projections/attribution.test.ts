import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { ConversionSettings } from '../../src/core/attribution/conversion.ts';
import { conversions } from '../../src/core/attribution/conversion-store.ts';
import type { Grouping } from '../../src/core/attribution/grouping.ts';
import {
  addConversion,
  changeConversion,
  removeConversion,
} from '../../src/core/attribution/manage-conversions.ts';
import type { RuleModel } from '../../src/core/attribution/models.ts';
import type { Dating } from '../../src/core/attribution/sum-store.ts';
import { listImplicitCampaigns } from '../../src/core/campaign/campaign-store.ts';
import { deleteCampaign } from '../../src/core/campaign/delete-campaign.ts';
import { lowestId } from '../../src/core/id.ts';
import { findSource } from '../../src/core/workspace/workspace.ts';
import { readLastSeq } from '../../src/core/workspace/workspace-store.ts';
import { settleAttribution } from '../../src/projections/attribution/settle.ts';
import { readPeople } from '../../src/query/attribution/read-people.ts';
import { readSums } from '../../src/query/attribution/read-sums.ts';
import { useApp } from '../helpers/app.ts';
import { AttributionClient, at, orders, utm } from '../helpers/attribution.ts';
import { verifyWorkspace } from '../helpers/derived.ts';
import { rebuild } from '../native/helpers.ts';

const test = await useApp({ freshWorkspace: true });
const client = new AttributionClient(test);

async function keep(settings: ConversionSettings, name = 'sales') {
  const { services } = test.app;
  const added = await addConversion(services, test.workspace.created.id, { name, settings }, new Date());
  assert.ok(typeof added !== 'string', `it was refused: ${added}`);
  await services.jobs.settle();
  return added;
}

async function settle(): Promise<void> {
  const left = await settleAttribution(test.app.services, test.workspace.created.id, Infinity);
  assert.equal(left, 0);
}

interface Asked {
  readonly model?: RuleModel;
  readonly dating?: Dating;
  readonly bounds?: readonly string[];
  readonly asOf?: number;
}

/** By utm source: how many conversions, and of what value. */
async function creditBySource(asked: Asked = {}): Promise<Record<string, [number, number]>> {
  const {
    model = 'linear',
    dating = 'conversion',
    bounds = ['2026-01-01', '2027-01-01'],
    asOf = Number.MAX_SAFE_INTEGER,
  } = asked;
  const question = { conversion: 1, dating, bounds, asOf };
  const sums = await readSums(test.database, test.workspace.created.id, question, model, 'source');
  const credit: Record<string, [number, number]> = {};
  for (const { isUnattributed, key: source, conversions: billionths, value } of sums) {
    const key = isUnattributed ? 'nothing' : (source ?? 'none');
    const [count, worth] = credit[key] ?? [0, 0];
    credit[key] = [count + Number(billionths) / 1e9, worth + Number(value) / 1e6];
  }
  return credit;
}

async function peopleBy(grouping: Grouping, asked: Asked = {}): Promise<Record<string, number>> {
  const {
    dating = 'conversion',
    bounds = ['2026-01-01', '2027-01-01'],
    asOf = Number.MAX_SAFE_INTEGER,
  } = asked;
  const question = { conversion: 1, dating, bounds, asOf };
  const people = await readPeople(test.database, test.workspace.created.id, question, grouping);
  return Object.fromEntries(people.map((row) => [`${row.interval} ${row.key}`, row.people]));
}

async function assertVerified(): Promise<void> {
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  assert.deepEqual(
    checks.filter((check) => !check.ok),
    [],
  );
}

describe('the credit of a conversion that is kept', () => {
  beforeEach(() => keep(orders()));

  it('is handed out by model, and what no touch led to is of nothing', async () => {
    await client.touch('ada', at('2026-03-01T10:00:00Z'), utm('news', 'email', 'spring'));
    await client.touch('ada', at('2026-03-02T10:00:00Z'), utm('search', 'cpc', 'brand'));
    await client.order('ada', at('2026-03-03T10:00:00Z'), { value: 10.01 });
    await client.order('bob', at('2026-03-03T10:00:00Z'), { value: 5 });
    await settle();
    assert.deepEqual(await creditBySource(), { news: [0.5, 5.01], search: [0.5, 5], nothing: [1, 5] });
    assert.deepEqual(await creditBySource({ model: 'first' }), {
      news: [1, 10.01],
      search: [0, 0],
      nothing: [1, 5],
    });
    assert.deepEqual(await creditBySource({ dating: 'touch', bounds: ['2026-03-02', '2026-03-03'] }), {
      search: [0.5, 5],
    });
    assert.deepEqual(await peopleBy('source'), { '0 news': 1, '0 search': 1 });
    await assertVerified();
  });

  it('counts a person once in any span, on whatever days it came', async () => {
    for (const [day, value] of [
      ['2026-03-01', 1],
      ['2026-03-05', 2],
      ['2026-04-02', 3],
    ] as const) {
      await client.touch('ada', at(`${day}T09:00:00Z`), utm('news', 'email', 'spring'));
      await client.order('ada', at(`${day}T10:00:00Z`), { value });
    }
    await client.touch('bob', at('2026-03-05T09:00:00Z'), utm('news', 'email', 'spring'));
    await client.order('bob', at('2026-03-05T10:00:00Z'));
    await settle();
    assert.deepEqual(await peopleBy('source'), { '0 news': 2 });
    assert.deepEqual(await peopleBy('source', { bounds: ['2026-03-02', '2026-04-01'] }), { '0 news': 2 });
    assert.deepEqual(await peopleBy('source', { bounds: ['2026-03-01', '2026-04-01', '2026-05-01'] }), {
      '0 news': 2,
      '1 news': 1,
    });
    assert.deepEqual(await peopleBy('source', { bounds: ['2026-03-06', '2026-04-01'] }), {});
    await assertVerified();
  });

  it('follows what comes late, and an answer as of a seq stays as it was', async () => {
    await client.touch('ada', at('2026-03-02T10:00:00Z'), utm('search', 'cpc', 'brand'));
    await client.order('ada', at('2026-03-03T10:00:00Z'), { value: 10 });
    await settle();
    const seq = await readLastSeq(test.database, test.workspace.created.id);
    await client.touch('ada', at('2026-03-01T10:00:00Z'), utm('news', 'email', 'spring'));
    await client.touch('ada', at('2026-03-04T10:00:00Z'), utm('late', 'email', 'spring'));
    await client.order('ada', at('2026-03-05T10:00:00Z'), { value: 3 });
    await settle();
    assert.deepEqual(await creditBySource(), {
      search: [0.833333333, 6],
      news: [0.833333334, 6],
      late: [0.333333333, 1],
    });
    assert.deepEqual(await creditBySource({ asOf: seq }), { search: [1, 10] });
    assert.deepEqual(await peopleBy('source', { asOf: seq }), { '0 search': 1 });
    await assertVerified();
  });

  it('is that of the person whom profiles of several nodes are', async () => {
    await client.touch('ada', at('2026-03-01T10:00:00Z'), utm('news', 'email', 'spring'), {
      dialect: 'octeth',
    });
    await client.order('ada', at('2026-03-03T10:00:00Z'), { value: 10 });
    await settle();
    assert.deepEqual(await creditBySource(), { nothing: [1, 10] });
    await client.touch(
      'ada',
      at('2026-01-01T10:00:00Z'),
      {},
      { dialect: 'octeth', email: 'ada@example.org' },
    );
    await client.touch('ada', at('2026-01-01T11:00:00Z'), {}, { email: 'ada@example.org' });
    await settle();
    assert.deepEqual(await creditBySource(), { news: [1, 10] });
    await assertVerified();
    const [link] = await test.database.query<{ id: string }>('select id from link where workspace_id = $1', [
      test.workspace.created.id,
    ]);
    const undone = await test.native.call('POST', `/links/${link?.id}/undo`);
    assert.equal(undone.status, 200, JSON.stringify(undone.body));
    await settle();
    assert.deepEqual(await creditBySource(), { nothing: [1, 10] });
    assert.deepEqual(await peopleBy('source'), {});
    await assertVerified();
  });

  it('comes back equal when it is rebuilt, whatever of it was lost', async () => {
    await client.touch('ada', at('2026-03-01T10:00:00Z'), utm('news', 'email', 'spring'));
    await client.order('ada', at('2026-03-03T10:00:00Z'), { value: 10 });
    await client.order('bob', at('2026-03-03T10:00:00Z'), { value: 7 });
    await settle();
    const credit = await creditBySource();
    const { id } = test.workspace.created;
    for (const table of ['attribution_path', 'attribution_day', 'attribution_people']) {
      await test.database.query(`delete from ${table} where workspace_id = $1`, [id]);
      await rebuild(test, test.workspace);
      assert.deepEqual(await creditBySource(), credit, `without ${table}`);
      assert.deepEqual(await peopleBy('source'), { '0 news': 1 });
    }
  });
});

describe('what credit depends on', () => {
  beforeEach(() => keep(orders()));

  it('is taken away with a person who is forgotten', async () => {
    const profile = await client.touch('ada', at('2026-03-01T10:00:00Z'), utm('news', 'email', 'spring'));
    await client.order('ada', at('2026-03-03T10:00:00Z'), { value: 10 });
    await client.order('bob', at('2026-03-03T10:00:00Z'), { value: 7 });
    await settle();
    const seq = await readLastSeq(test.database, test.workspace.created.id);
    const erased = await test.native.call('POST', `/people/${profile}/erase`);
    assert.equal(erased.status, 200, JSON.stringify(erased.body));
    await settle();
    assert.deepEqual(await creditBySource(), { nothing: [1, 7] });
    assert.deepEqual(await creditBySource({ asOf: seq }), { news: [1, 10], nothing: [1, 7] });
    assert.deepEqual(await peopleBy('source'), {});
    const rows = await test.database.query(
      'select from attribution_path where workspace_id = $1 and profile_id = $2',
      [test.workspace.created.id, profile],
    );
    assert.equal(rows.length, 0);
    await assertVerified();
  });

  it('is counted by other days where the workspace has another time zone, and in another currency', async () => {
    await client.touch('ada', at('2026-03-01T10:00:00Z'), utm('news', 'email', 'spring'));
    await client.order('ada', at('2026-03-03T23:30:00Z'), { value: 10 });
    await settle();
    const third = { bounds: ['2026-03-03', '2026-03-04'] };
    assert.deepEqual(await creditBySource(third), {});
    const changed = await test.native.call('PATCH', '', { body: { timezone: 'UTC' } });
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
    await test.app.services.jobs.settle();
    assert.deepEqual(await creditBySource(third), { news: [1, 10] });
    assert.deepEqual(await peopleBy('source', third), { '0 news': 1 });
    await assertVerified();
    await test.native.call('PATCH', '', { body: { currency: 'JPY' } });
    await test.app.services.jobs.settle();
    // There is no rate for it: the amount is kept as it was sent, and counts nothing.
    assert.deepEqual(await creditBySource(), { news: [1, 0] });
    await assertVerified();
  });

  it('is of no campaign any more where that is deleted', async () => {
    const workspace = await client.workspace();
    const { wmktId } = test.workspace.credentials.webmarketer;
    const sourceId = findSource(workspace, 'webmarketer', 'integration', wmktId)?.id ?? 0;
    const campaign = { channel: 'custom-ads', sourceId, campaign: { slug: 'fair' } } as const;
    await client.touch('ada', at('2026-03-01T10:00:00Z'), campaign);
    await client.order('ada', at('2026-03-03T10:00:00Z'), { value: 10 });
    await settle();
    const [made] = await listImplicitCampaigns(test.database, workspace.id, {
      sourceId,
      keyless: undefined,
      after: lowestId,
      limit: 1,
    });
    assert.deepEqual(await peopleBy('campaign'), { [`0 ${made?.id}`]: 1 });
    const { services } = test.app;
    assert.deepEqual(await deleteCampaign(services, workspace.id, made?.id ?? '', 5, new Date()), {
      more: false,
    });
    await settle();
    assert.deepEqual(await peopleBy('campaign'), { '0 null': 1 });
    await assertVerified();
  });
});

describe('a conversion', () => {
  it('counts what there is when it is made, by its settings as they become, and goes with all its rows', async () => {
    await client.touch('ada', at('2026-01-20T10:00:00Z'), utm('news', 'email', 'spring'));
    await client.order('ada', at('2026-03-03T10:00:00Z'), { value: 10 });
    const { id } = await keep(orders());
    assert.deepEqual(await creditBySource(), { nothing: [1, 10] });
    const { services } = test.app;
    const settings = orders({ lookbackDays: 60 });
    await changeConversion(services, test.workspace.created.id, id, { settings }, new Date());
    const [counting] = (await client.workspace()).parts.get(conversions);
    assert.equal(counting?.state, 'counting');
    await services.jobs.settle();
    const [kept] = (await client.workspace()).parts.get(conversions);
    assert.equal(kept?.state, 'kept');
    assert.deepEqual(await creditBySource(), { news: [1, 10] });
    await assertVerified();
    assert.equal(await removeConversion(services, test.workspace.created.id, id, new Date()), true);
    await services.jobs.settle();
    const rows = await test.database.query<{ total: number }>(
      `select (select count(*) from attribution_path where workspace_id = $1)
            + (select count(*) from attribution_day where workspace_id = $1)
            + (select count(*) from attribution_entry where workspace_id = $1)
            + (select count(*) from attribution_conversion where workspace_id = $1) as total`,
      [test.workspace.created.id],
    );
    assert.equal(rows[0]?.total, 0);
  });
});
