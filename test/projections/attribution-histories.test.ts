import assert from 'node:assert/strict';
import { it } from 'node:test';
import { deleteEvent } from '../../src/change/delete-events.ts';
import { conversions } from '../../src/core/attribution/conversion-store.ts';
import { addConversion } from '../../src/core/attribution/manage-conversions.ts';
import { ruleModels } from '../../src/core/attribution/models.ts';
import { settleAttribution, settleStep } from '../../src/projections/attribution/settle.ts';
import { readPeople } from '../../src/query/attribution/read-people.ts';
import { readSums } from '../../src/query/attribution/read-sums.ts';
import { type TestWorkspace, useApp } from '../helpers/app.ts';
import { AttributionClient, at, orders, utm } from '../helpers/attribution.ts';
import { verifyWorkspace } from '../helpers/derived.ts';
import fc from '../helpers/fast-check.ts';
import { rebuild } from '../native/helpers.ts';

const test = await useApp();
const client = new AttributionClient(test);

/** What is sent of somebody. `joins`: with the address by which the user of either dialect is one person. */
interface Fact {
  readonly kind: 'touch' | 'order';
  readonly user: number;
  readonly dialect: 'webengage' | 'octeth';
  readonly hour: number;
  readonly source: string | null;
  readonly value: number;
  readonly joins: boolean;
}

const begin = at('2026-03-01T00:00:00Z');
const hour = 60 * 60 * 1000;

const anyFact: fc.Arbitrary<Fact> = fc.record({
  kind: fc.constantFrom('touch', 'touch', 'order'),
  user: fc.integer({ min: 0, max: 2 }),
  dialect: fc.constantFrom('webengage', 'octeth'),
  hour: fc.integer({ min: 0, max: 40 * 24 }),
  source: fc.constantFrom(null, 'news', 'search', 'fair'),
  value: fc.integer({ min: -2000, max: 100_000 }),
  joins: fc.boolean(),
});

const anyHistory = fc.record({
  facts: fc.array(anyFact, { minLength: 10, maxLength: 24 }),
  order: fc.infiniteStream(fc.nat()),
  deleted: fc.nat(),
  undone: fc.nat(),
});

async function send({
  kind,
  user,
  dialect,
  hour: hours,
  source,
  value,
  joins,
}: Fact): Promise<string | undefined> {
  const somebody = { dialect, ...(joins && { email: `u${user}@example.org` }) };
  const time = begin + hours * hour;
  // The two dialects have types of their own; one alone is counted.
  if (kind === 'order') return client.order(`u${user}`, time, { ...somebody, value: value / 100 });
  const facts = source === null ? { channel: 'direct' as const } : utm(source, 'cpc', `of ${source}`);
  await client.touch(`u${user}`, time, facts, somebody);
  return undefined;
}

async function makeWorkspace(): Promise<TestWorkspace> {
  test.workspace = await test.addWorkspace();
  const { id } = test.workspace.created;
  await addConversion(test.app.services, id, { name: 'sales', settings: orders() }, new Date());
  await test.app.services.jobs.settle();
  return test.workspace;
}

async function settle(): Promise<void> {
  assert.equal(await settleAttribution(test.app.services, test.workspace.created.id, Infinity), 0);
}

/** All that a report can be made of, in an order of its own. */
async function readAll(): Promise<string[]> {
  const { id } = test.workspace.created;
  const lines: string[] = [];
  for (const dating of ['conversion', 'touch'] as const) {
    const bounds = ['2026-01-01', '2026-03-10', '2026-03-20', '2027-01-01'];
    const question = { conversion: 1, dating, bounds, asOf: Number.MAX_SAFE_INTEGER };
    for (const model of ruleModels)
      for (const sum of await readSums(test.database, id, question, model, 'source'))
        lines.push(
          JSON.stringify([dating, model, sum], (_, value) =>
            typeof value === 'bigint' ? `${value}` : value,
          ),
        );
    for (const grouping of ['source', 'channel'] as const)
      for (const people of await readPeople(test.database, id, question, grouping))
        lines.push(JSON.stringify([dating, grouping, people]));
  }
  return lines.sort();
}

async function assertRight(): Promise<void> {
  await settle();
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
  const { id } = test.workspace.created;
  const total = await readSums(
    test.database,
    id,
    {
      conversion: 1,
      dating: 'conversion',
      bounds: ['2000-01-01', '2100-01-01'],
      asOf: Number.MAX_SAFE_INTEGER,
    },
    'position',
    'api',
  );
  const [rows] = await test.database.query<{ conversions: number; value: string | null }>(
    `select count(*) as conversions, sum(round(m.value, 2)) as value
       from event e join event_type t on t.workspace_id = $1 and t.id = e.type_id and t.dialect = 'webengage' and t.name = 'Ordered'
       join metric m on m.workspace_id = $1 and m.event_id = e.id
      where e.workspace_id = $1`,
    [id],
  );
  assert.equal(
    total.reduce((sum, { conversions }) => sum + conversions, 0n),
    BigInt(rows?.conversions ?? 0) * 1_000_000_000n,
  );
  assert.equal(
    total.reduce((sum, { value }) => sum + value, 0n),
    BigInt(Math.round(Number(rows?.value ?? 0) * 100)) * 10_000n,
  );
}

it('gives whatever was written at once, in whatever order, the credit that it has rebuilt; undoing and deleting, too', async () => {
  await fc.assert(
    fc.asyncProperty(anyHistory, async ({ facts, order, deleted, undone }) => {
      await makeWorkspace();
      for (const fact of facts) await send(fact);
      await settle();
      const inOrder = await readAll();

      const { id } = (await makeWorkspace()).created;
      const shuffled = facts
        .map((fact) => ({ fact, place: order.next().value ?? 0 }))
        .sort((a, b) => a.place - b.place);
      const sent: (string | undefined)[] = [];
      for (let index = 0; index < shuffled.length; index += 6) {
        const [sends] = await Promise.all([
          Promise.all(shuffled.slice(index, index + 6).map(({ fact }) => send(fact))),
          settleStep(test.app.services, id),
          settleStep({ ...test.app.services, database: test.database }, id),
        ]);
        sent.push(...sends);
      }
      await assertRight();
      assert.deepEqual(await readAll(), inOrder);

      const events = sent.filter((event) => event !== undefined);
      const event = events[deleted % events.length];
      const links = await test.database.query<{ id: string }>(
        'select id from link where workspace_id = $1 and undone_at is null order by created_seq',
        [id],
      );
      const link = links[undone % links.length];
      const { services } = test.app;
      await Promise.all([
        event && deleteEvent(services, id, 'webengage', event, new Date()),
        link && test.native.call('POST', `/links/${link.id}/undo`),
        settleStep(services, id),
      ]);
      await assertRight();
      const settled = await readAll();
      await rebuild(test, test.workspace);
      assert.deepEqual(await readAll(), settled);
      const [kept] = (await client.workspace()).parts.get(conversions);
      assert.equal(kept?.state, 'kept');
    }),
    { numRuns: 6 },
  );
});
