import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type TestWorkspace, useApp } from '../../../helpers/app.ts';
import { ask, at } from '../../../helpers/native-client.ts';
import { day, findFaults, retain, setDialects, trackOcteth } from '../../../jobs/retention/retention.ts';
import { rebuild, sendWebengage } from '../../../native/helpers.ts';

const noon = Date.UTC(2026, 0, 10, 12);
const email = 'ada@private.example';

const test = await useApp();
let workspace: TestWorkspace;
let workspaces = 0;

/** Events of days 0 and 100, of Octeth's and of another vendor's; it is day 181. */
async function startWorkspace(octeth: object = { eventRetentionDays: 180 }): Promise<void> {
  workspace = await test.addWorkspace({ slug: `website-${++workspaces}` });
  await setDialects(test, workspace, { octeth });
  for (const since of [0, 100]) {
    test.time.now = noon + since * day;
    await trackOcteth(test, workspace, { Event: 'opened', Email: email, Properties: { since } });
    await trackOcteth(test, workspace, conversion(`c${since}`, 12.35 + since));
    await sendWebengage(test, workspace, { userId: 'ada', eventName: 'Bought', eventData: { since } });
  }
  test.time.now = noon + 181 * day;
}

function conversion(id: string, value: number): object {
  const Properties = { 'conversion-id': id, 'conversion-name': 'order', 'conversion-value': value };
  return { Event: 'conversion', Email: email, Properties };
}

async function assertKept(stored: object): Promise<void> {
  await startWorkspace({});
  const { id } = workspace.created;
  const settings = JSON.stringify({ dialects: { octeth: stored } });
  await test.database.query('update workspace set settings = settings || $2::text::jsonb where id = $1', [
    id,
    settings,
  ]);
  await test.app.services.workspaces.reload(id);
  test.time.now = noon + 5000 * day;
  assert.equal((await retain(test, workspace)).deletedEvents, 0);
  assert.equal((await readTypes()).length, 7);
}

async function readTypes(): Promise<string[]> {
  const rows = await test.database.query<{ name: string }>(
    `select t.name from event e join event_type t on t.workspace_id = e.workspace_id and t.id = e.type_id
      where e.workspace_id = $1 order by e.seq`,
    [workspace.created.id],
  );
  return rows.map(({ name }) => name);
}

function readRollups() {
  return test.database.query(
    `select r.day::text, t.name, r.metric, r.total, r.sum::text from rollup_day r
       join event_type t on t.workspace_id = r.workspace_id and t.id = r.type_id
      where r.workspace_id = $1 and r.total <> 0 order by 1, 2, 3`,
    [workspace.created.id],
  );
}

describe('website events', () => {
  it('are deleted after as many days as the workspace says, with their metrics, and nothing else is', async () => {
    await startWorkspace();
    const before = await readTypes();
    assert.deepEqual(before, [
      'opened',
      'identify',
      'conversion',
      'Bought',
      'opened',
      'conversion',
      'Bought',
    ]);
    const report = await retain(test, workspace);
    assert.equal(report.deletedEvents, 3);
    assert.equal(report.more, false);
    assert.deepEqual(await readTypes(), ['Bought', 'opened', 'conversion', 'Bought']);
    const metrics = await test.database.query<{ value: string }>(
      'select value from metric where workspace_id = $1',
      [workspace.created.id],
    );
    assert.deepEqual(
      metrics.map(({ value }) => Number(value)),
      [112.35],
    );
    assert.deepEqual(await findFaults(test, workspace), []);
  });

  it('are taken out of the rollups as if they had never been', async () => {
    await startWorkspace();
    await retain(test, workspace);
    const grown = await readRollups();
    const days = new Set(
      grown.map((row) => (row as { day: string; name: string }).name + (row as { day: string }).day),
    );
    assert.ok(!days.has('conversion2026-01-10') && days.has('Bought2026-01-10'));
    await rebuild(test, workspace);
    assert.deepEqual(await readRollups(), grown);
    assert.deepEqual(await findFaults(test, workspace), []);
  });

  it('are counted as deleted beside the equation, and each is a change that says whose and what it was', async () => {
    await startWorkspace();
    await retain(test, workspace);
    const range = `since=2026-01-10T00:00:00Z&until=2026-01-11T00:00:00Z`;
    const { body } = await ask(test, 'GET', at(workspace, `/accounting?${range}`));
    const hour = body.hours.find((entry: { dialect: string }) => entry.dialect === 'octeth');
    assert.deepEqual([hour.received, hour.stored, hour.derived, hour.deleted], [2, 2, 1, 3]);
    assert.equal(body.closes, true);
    const changes = await test.database.query<{ type: string; dialect: string; ofNode: boolean }>(
      `select c.data ->> 'type' as type, c.data ->> 'dialect' as dialect,
              c.node_id = p.node_id and made.node_id = p.node_id as "ofNode"
         from change c
         join profile p on p.workspace_id = $1 and p.id = (c.data ->> 'profileId')::uuid and p.record_id = (c.data ->> 'recordId')::uuid
         join change made on made.workspace_id = $1 and made.entity_id = p.id and made.operation = 'create'
        where c.workspace_id = $1 and c.entity = 'event' and c.operation = 'delete' order by c.seq`,
      [workspace.created.id],
    );
    assert.deepEqual(
      changes.map((change) => ({ ...change })).sort((a, b) => a.type.localeCompare(b.type)),
      ['conversion', 'identify', 'opened'].map((type) => ({ type, dialect: 'octeth', ofNode: true })),
    );
  });

  it('leave behind who it was, and that a conversion is known', async () => {
    await startWorkspace();
    await retain(test, workspace);
    await trackOcteth(test, workspace, conversion('c0', 12.35));
    assert.deepEqual(await readTypes(), ['Bought', 'opened', 'conversion', 'Bought']);
    const person = await ask(test, 'GET', at(workspace, `/people/lookup?kind=email&value=${email}`));
    assert.equal(person.status, 200);
    const { body } = await ask(test, 'GET', at(workspace, `/people/${person.body.id}/timeline`));
    assert.deepEqual(
      body.events.map((event: { type: string }) => event.type),
      ['conversion', 'opened'],
    );
    const { body: stored } = await ask(test, 'GET', at(workspace, '/events?afterSeq=0'));
    assert.equal(stored.events.length, 4);
    assert.deepEqual(await findFaults(test, workspace), []);
  });

  it('are kept for good when the setting is not set', () => assertKept({}));

  /** Settings that were stored before they had a form: what makes no sense deletes nothing. */
  for (const eventRetentionDays of ['180', 0, -3]) {
    it(`are kept for good when what is stored as the setting is ${JSON.stringify(eventRetentionDays)}`, () =>
      assertKept({ eventRetentionDays }));
  }
});
