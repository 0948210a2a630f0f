import assert from 'node:assert/strict';
import { it } from 'node:test';
import { WorkspaceCache } from '../../../src/core/workspace/workspace-cache.ts';
import { workspaceParts } from '../../../src/dialects/registry.ts';
import { localDayIn, quarterHourOf } from '../../../src/projections/rollups/buckets.ts';
import { rebuildRollups } from '../../../src/projections/rollups/rebuild-rollups.ts';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import fc from '../../helpers/fast-check.ts';
import { rebuildWhole } from '../../helpers/rebuild.ts';
import type { Method } from '../../helpers/vendor-client.ts';
import { ContacthubClient } from './client.ts';

const test = await useApp({ freshWorkspace: true });
const client = new ContacthubClient(test);
const timezone = 'Europe/Paris';

/** Around changes of the clocks, the ends of days, of years and of time, and in Paris's former offset of nine minutes and 21 seconds. */
const date = fc
  .tuple(
    fc.constantFrom(
      ...['2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z', '2024-02-29T23:00:00Z', '2025-12-31T23:00:00Z'],
      ...['1970-01-01T00:00:00Z', '1911-03-10T23:50:39Z', '0001-01-03T00:00:00Z', '9999-12-30T00:00:00Z'],
    ),
    fc.integer({ min: -90_000_000, max: 90_000_000 }),
  )
  .map(([around, shift]) => new Date(Date.parse(around) + shift).toISOString());
const type = fc.constantFrom('completedOrder', 'viewedPage', 'loggedIn');
const context = fc.constantFrom('WEB', 'RETAIL', 'MOBILE');

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('post' as const), date, type, context, session: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('put' as const), which: fc.nat(), date, context }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('patch' as const),
      which: fc.nat(),
      date,
      name: fc.constantFrom('a', 'b'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), which: fc.nat() }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** What should be there, told by what was answered. */
class History {
  /** By id, their types. */
  readonly events = new Map<string, string>();
  readonly #customerId: string;

  constructor(customerId: string) {
    this.#customerId = customerId;
  }

  async take(one: Step): Promise<void> {
    if (one.kind === 'post') {
      const { type, date, context } = one;
      const whose = one.session ? { session: 'history' } : { customerId: this.#customerId };
      const id = await client.view(whose, { type, date, context, properties: {} });
      this.events.set(id, type);
      return;
    }
    const ids = [...this.events.keys()];
    const id = ids[one.which % ids.length];
    const type = id === undefined ? undefined : this.events.get(id);
    if (id === undefined || type === undefined) return;
    const [method, body] = this.#request(one, type);
    const { status } = await client.call(method, `/events/${id}`, body);
    // Another step of the same round may have deleted it.
    if (status === 404) return;
    assert.equal(status, one.kind === 'delete' ? 204 : 202);
    if (one.kind === 'delete') this.events.delete(id);
  }

  #request(one: Exclude<Step, { kind: 'post' }>, type: string): [Method, object?] {
    switch (one.kind) {
      case 'delete':
        return ['DELETE'];
      case 'put':
        return ['PUT', { type, date: one.date, context: one.context, properties: {} }];
      case 'patch':
        return ['PATCH', { date: one.date, tracking: { ga: { utm_source: one.name } } }];
    }
  }
}

/** By hand, from the events as the wire shows them. */
function countSlowly(
  events: readonly { type: string; date: string; context: string }[],
): Record<string, number> {
  const counts: Record<string, number> = {};
  const add = (key: string) => {
    counts[key] = (counts[key] ?? 0) + 1;
  };
  const dayOf = localDayIn(timezone);
  for (const { type, date, context } of events) {
    const at = Date.parse(date.replace('+0000', 'Z'));
    add(`quarter ${new Date(quarterHourOf(at)).toISOString()} ${type}`);
    add(`day ${dayOf(at)} ${type}`);
    add(`origin ${dayOf(at)} ${type} ${context}`);
  }
  return counts;
}

const contexts: Record<number, string> = { 1: 'WEB', 2: 'MOBILE', 4: 'RETAIL' };

async function countStored(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const { id } = test.workspace.created;
  const read = (text: string) =>
    test.database.query<{ key: Date | string; type: string; context?: number; total: number }>(text, [id]);
  const named = 'join event_type t on t.workspace_id = $1 and t.id = r.type_id where r.workspace_id = $1';
  for (const row of await read(
    `select r.bucket as key, t.name as type, r.total from rollup_quarter_hour r ${named} and r.total <> 0`,
  ))
    counts[`quarter ${new Date(row.key).toISOString()} ${row.type}`] = row.total;
  for (const row of await read(
    `select r.day::text as key, t.name as type, r.total from rollup_day r ${named} and r.total <> 0`,
  ))
    counts[`day ${row.key} ${row.type}`] = row.total;
  for (const row of await read(
    `select r.day::text as key, t.name as type, r.context, r.total from rollup_day_origin r ${named} and r.total <> 0`,
  ))
    counts[`origin ${row.key} ${row.type} ${contexts[row.context ?? 0]}`] = row.total;
  return counts;
}

it('leaves the rollups as the events are, after any history of posts, edits and deletes at once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { maxLength: 12 }),
      async (rounds) => {
        test.workspace = await test.addWorkspace();
        const customer = await client.create('history@example.com');
        await client.call('POST', `/customers/${customer.id}/sessions`, { value: 'history' });
        const history = new History(customer.id);
        for (const round of rounds) await Promise.all(round.map((one) => history.take(one)));
        const shown = (await client.call('GET', `/events?customerId=${customer.id}&size=1000`)).body.elements;
        assert.deepEqual(shown.map(({ id }: { id: string }) => id).sort(), [...history.events.keys()].sort());
        const expected = countSlowly(shown);
        assert.deepEqual(await countStored(), expected);
        const { id } = test.workspace.created;
        const { checks } = await verifyWorkspace(test.database, id);
        assert.deepEqual(
          checks.filter(({ ok }) => !ok),
          [],
        );
        const workspaces = new WorkspaceCache(test.database, workspaceParts);
        await rebuildWhole(rebuildRollups, { database: test.database, workspaces, workspaceId: id });
        assert.deepEqual(await countStored(), expected);
      },
    ),
    { numRuns: 12 },
  );
});
