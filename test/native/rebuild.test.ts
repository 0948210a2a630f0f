import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { requestJob } from '../../src/core/job/job-store.ts';
import { configureWorkspace } from '../../src/core/workspace/manage-workspaces.ts';
import { dialects } from '../../src/dialects/registry.ts';
import { delivery, referralTo, SignalsClient, textMessage } from '../dialects/signals/client.ts';
import { useApp } from '../helpers/app.ts';
import { verifyWorkspace } from '../helpers/derived.ts';
import { ask } from '../helpers/native-client.ts';
import { sendWebengage, sessionOf, subjectOf, submit, workspaceKey } from './helpers.ts';

const derivedTables = [
  'quarantine_group',
  'rollup_quarter_hour',
  'rollup_day',
  'rollup_day_origin',
  'property',
  'conversation_event',
  'conversation_sale',
  'conversation_day',
  'profile_state',
  'profile_name',
];

const asked = { kind: 'rebuild', requestedBy: 'a test' };

const test = await useApp({ timezone: 'Europe/Paris' });

before(async () => {
  // The zone had an offset of 9 minutes 21 seconds until 1911: days begin within a quarter hour.
  const times = [
    '1905-06-01T23:50:00+0000',
    '1905-06-01T23:50:50+0000',
    '1969-12-31T23:59:59+0000',
    '2026-03-29T00:59:59+0000',
    '2026-03-29T22:00:00+0000',
    '2026-10-25T23:30:00+0000',
  ];
  for (const [index, eventTime] of times.entries()) {
    const eventData = {
      n: index,
      text: 'x',
      at: '2026-01-01T00:00:00Z',
      list: [1],
      nested: { a: 1 },
      on: true,
      none: null,
    };
    await sendWebengage(test, test.workspace, {
      userId: `u${index % 3}`,
      eventName: `Visit ${index % 2}`,
      eventTime,
      eventData,
    });
  }
  await sendWebengage(test, test.workspace, { userId: 'u0', email: 'same@example.com' });
  await sendWebengage(test, test.workspace, { userId: 'u1', email: 'same@example.com' });
  const amounts = [0.1, 0.2, 19.99, 5, -3];
  for (const [index, value] of amounts.entries()) {
    await submitMetric(value, Date.parse('2026-03-29T22:10:00Z') + index * 700_000);
  }
  const signals = new SignalsClient(test, test.workspace);
  const button = { type: 'button', button: { text: 'yes' } };
  const written = [
    textMessage('2', '33600000001', 1_700_000_060),
    textMessage('1', '33600000001', 1_700_000_000, { referral: referralTo('7') }),
    textMessage('3', '33600000002', 1_700_100_000, button),
  ];
  for (const message of written) await signals.deliver(delivery(message));
  await submit(test, test.workspace, { subject: subjectOf('user', 'u0'), companions: [sessionOf('s1')] });
  await submit(test, test.workspace, { violation: 'missing-field' });
});

async function submitMetric(value: number, occurredAt: number): Promise<void> {
  const metric = {
    key: 'revenue',
    kind: 'statistic',
    value,
    currency: 'EUR',
    raw: value,
    occurredAt,
  } as const;
  const configuration = await test.app.services.workspaces.get(test.workspace.created.id);
  const node = [...configuration.nodes.values()].find(({ dialect }) => dialect === 'webengage')!;
  await test.app.services.ingest.submit(test.workspace.created.id, {
    dialect: 'webengage',
    source: null,
    receivedAt: Date.now(),
    carriesEvents: true,
    bytes: 1,
    size: 1,
    prepare: () => [
      {
        kind: 'event',
        nodeId: node.id,
        subject: subjectOf('user', 'u0'),
        event: {
          type: 'Paid',
          typeVersion: null,
          occurredAt: occurredAt - 1,
          sourceId: null,
          context: 'WEB',
          properties: { value },
          detail: null,
          metrics: [metric],
        },
      },
    ],
    raw: () => '{}',
    request: {},
  });
}

async function read(table: string): Promise<object[]> {
  const rows = await test.database.query<Record<string, unknown>>(
    `select * from ${table} where workspace_id = $1`,
    [test.workspace.created.id],
  );
  return (
    rows
      // What a message that came late has taken away again.
      .filter((row) => row.total !== 0)
      .map((row) => ('sum' in row ? { ...row, sum: Number(row.sum) } : row))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  );
}

async function failing(): Promise<string[]> {
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  return checks.filter(({ ok }) => !ok).map(({ name }) => name);
}

const rebuild = () => test.native.call('POST', '/rebuild');
const lastJob = async () => (await test.native.call('GET', '/jobs')).body.jobs[0];

describe('verifyWorkspace', () => {
  it('finds nothing wrong with what the engine has written', async () => {
    const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
    assert.deepEqual(
      checks.map(({ name }) => name),
      [
        'accounting-closes',
        'events-accounted',
        'quarantine-accounted',
        'order-gapless',
        'rollups-equal',
        'memberships-equal',
        'catalogue-covers',
        'quarantine-groups-equal',
        'names-equal',
        'attribution-equal',
        'conversations-equal',
        'customer-index-equal',
        'aggregates-equal',
        'activity-equal',
        'event-values-equal',
      ],
    );
    assert.deepEqual(
      checks.filter(({ ok }) => !ok),
      [],
    );
  });
  const faults: [string, string[]][] = [
    [`update accounting set total = total + 1 where outcome = 'received'`, ['accounting-closes']],
    [
      `update accounting set total = total - 1 where outcome = 'stored'`,
      ['accounting-closes', 'events-accounted'],
    ],
    [
      `insert into quarantine select workspace_id, gen_random_uuid(), dialect, type, rule, path, detail, request, raw, occurred_at, received_at, processed_at from quarantine limit 1`,
      ['quarantine-accounted', 'quarantine-groups-equal'],
    ],
    [`update quarantine_group set events = events + 1`, ['quarantine-groups-equal']],
    [`delete from change where seq = (select max(seq) from change)`, ['order-gapless']],
    [
      `update rollup_day set total = total + 1 where day = '2026-03-30' and metric = 'revenue'`,
      ['rollups-equal'],
    ],
    [`update rollup_quarter_hour set sum = sum + 0.01 where metric = 'revenue'`, ['rollups-equal']],
    [`insert into rollup_day values (1, '2030-01-01', 1, 'event-count', 1, 1)`, ['rollups-equal']],
    [`insert into rollup_day values (1, '2030-01-01', 1, 'ghost', 1, 1)`, ['rollups-equal']],
    [`delete from rollup_day_origin where day = '1905-06-02'`, ['rollups-equal']],
    [`update profile set person_id = id, record_id = id`, ['memberships-equal']],
    [`delete from property where name = 'n'`, ['catalogue-covers']],
    [`update profile_name set words = '''1:other'''`, ['names-equal']],
    [`update profile_name set profile_id = gen_random_uuid()`, ['names-equal']],
    [`update conversation_event set type_value = 'no' where type = 'button'`, ['conversations-equal']],
    [`delete from conversation_event where type = 'engagement'`, ['conversations-equal']],
    [`update conversation_day set total = total + 1 where measure = 'lead'`, ['conversations-equal']],
    [`delete from conversation_day where day = '-infinity' and measure = 'session'`, ['conversations-equal']],
  ];
  for (const [statement, expected] of faults) {
    it(`finds the fault after: ${statement.slice(0, 60)}`, async () => {
      const backup = [...derivedTables, 'accounting', 'change', 'profile', 'quarantine'];
      for (const table of backup) await test.database.query(`create table backup_${table} as table ${table}`);
      try {
        await test.database.query(statement);
        assert.deepEqual(await failing(), expected);
      } finally {
        for (const table of backup) {
          await test.database.query(`truncate ${table}`);
          await test.database.query(`insert into ${table} table backup_${table}`);
          await test.database.query(`drop table backup_${table}`);
        }
      }
      assert.deepEqual(await failing(), []);
    });
  }
});

describe('POST /workspaces/{workspace}/rebuild', () => {
  it('gives equal results when there was nothing wrong', async () => {
    const tables = [...derivedTables, 'profile'];
    const before = await Promise.all(tables.map(read));
    const { status, body } = await rebuild();
    assert.equal(status, 200);
    assert.equal(body.profilesMoved, 0);
    assert.deepEqual(await Promise.all(tables.map(read)), before);
  });
  it('makes all of it anew from nothing', async () => {
    const tables = [...derivedTables, 'profile'];
    const before = await Promise.all(tables.map(read));
    for (const table of derivedTables) await test.database.query(`delete from ${table}`);
    await test.database.query('update profile set person_id = id, record_id = id');
    await test.database.query(`insert into rollup_day values (1, '2030-01-01', 1, 'ghost', 1, 1)`);
    const { body } = await rebuild();
    assert.equal(body.profilesMoved, 2);
    assert.deepEqual(await Promise.all(tables.map(read)), before);
  });
  it('loses nothing that comes in meanwhile', async () => {
    const sending = Array.from({ length: 40 }, (_, index) =>
      sendWebengage(test, test.workspace, {
        userId: `new${index}`,
        eventName: 'Meanwhile',
        eventData: { [`p${index % 20}`]: index },
      }),
    );
    await Promise.all([rebuild(), rebuild(), ...sending]);
    assert.deepEqual(await failing(), []);
  });
  it('shows how far it has come, and goes on from there after the process that ran it', async () => {
    const tables = [...derivedTables, 'profile'];
    const before = await Promise.all(tables.map(read));
    for (const table of derivedTables) await test.database.query(`delete from ${table}`);
    const id = await requestJob(test.database, test.workspace.created.id, asked, new Date());
    await test.app.services.jobs.run({ workspaceId: test.workspace.created.id, id }, { slices: 2 });
    const cut = await lastJob();
    assert.deepEqual([cut.id, cut.kind, cut.state, cut.progress.done], [id, 'rebuild', 'waiting', 2]);
    const { body } = await rebuild();
    const whole = await lastJob();
    assert.deepEqual([whole.id, whole.state, whole.result], [id, 'finished', body]);
    assert.ok(whole.progress.done > 6 && whole.progress.done === whole.progress.total);
    assert.deepEqual(await Promise.all(tables.map(read)), before);
  });
  it('is one for all who ask for it at once', async () => {
    const countJobs = async () => (await test.native.call('GET', '/jobs')).body.jobs.length;
    const before = await countJobs();
    const replies = await Promise.all([rebuild(), rebuild(), rebuild()]);
    const { result } = await lastJob();
    for (const { status, body } of replies) assert.deepEqual([status, body], [200, result]);
    assert.equal(await countJobs(), before + 1);
  });
  it('says why a part of it failed, and is tried again', async () => {
    await test.database.query(`alter table rollup_day add constraint crash check (total < -9) not valid`);
    assert.equal((await rebuild()).status, 500);
    const failed = await lastJob();
    assert.deepEqual([failed.state, failed.attempts], ['waiting', 1]);
    assert.match(failed.error, /crash/);
    assert.ok(failed.dueAt > failed.requestedAt);
    await test.database.query('alter table rollup_day drop constraint crash');
    assert.equal((await rebuild()).status, 200);
    const done = await lastJob();
    assert.deepEqual([done.id, done.state, done.error], [failed.id, 'finished', null]);
    assert.deepEqual(await failing(), []);
  });
  it('of the rollups is what another time zone asks for, whoever dies meanwhile', async () => {
    const patch = (timezone: string) => test.native.call('PATCH', '', { body: { timezone } });
    assert.equal((await patch('Asia/Tokyo')).status, 200);
    const job = await lastJob();
    assert.deepEqual([job.kind, job.subject, job.requestedBy], ['rebuild', 'localDays', 'configuration']);
    assert.equal(job.state, 'finished');
    assert.deepEqual(await failing(), []);
    // Another zone is set while the days of the one before are on their way.
    const { services } = test.app;
    const set = (timezone: string) =>
      configureWorkspace(services, dialects, test.workspace.created.id, { timezone }, new Date());
    await set('America/New_York');
    const { id } = await lastJob();
    await services.jobs.run({ workspaceId: test.workspace.created.id, id }, { slices: 2 });
    await set('Europe/Paris');
    assert.deepEqual([(await lastJob()).id, (await lastJob()).progress.done], [id, 0]);
    assert.notDeepEqual(await failing(), []);
    await services.jobs.settle();
    assert.deepEqual(await failing(), []);
  });
  it('is the administrator’s', async () => {
    const own = await workspaceKey(test, test.workspace);
    assert.equal((await test.native.call('POST', '/rebuild', { key: own })).status, 403);
    assert.equal((await test.native.call('POST', '/rebuild', { key: null })).status, 401);
    assert.equal((await ask(test, 'POST', '/workspaces/nowhere/rebuild')).status, 404);
  });
});

describe('POST /workspaces/{workspace}/verify', () => {
  const verify = (key?: string | null) =>
    test.native.call('POST', '/verify', key === undefined ? {} : { key });
  async function verified() {
    const begun = await verify();
    assert.deepEqual([begun.status, begun.body.kind], [202, 'verify']);
    await test.app.services.jobs.settle();
    return test.native.read(`/jobs/${begun.body.id}`);
  }
  it('compares everything that the command does, a check after the other', async () => {
    const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
    const { state, progress, result } = await verified();
    assert.deepEqual([state, result.ok], ['finished', true]);
    assert.deepEqual(progress, { done: checks.length, failed: 0, total: checks.length });
    assert.deepEqual(
      result.checks.map(({ name }: { name: string }) => name),
      checks.map(({ name }) => name),
    );
  });
  it('ends as any other where something does not hold, and says what', async () => {
    await test.database.query(`insert into rollup_day values (1, '2030-01-01', 1, 'ghost', 1, 1)`);
    const { state, progress, result } = await verified();
    await test.database.query(`delete from rollup_day where metric = 'ghost'`);
    assert.deepEqual([state, progress.failed, result.ok], ['finished', 1, false]);
    const [wrong, ...others] = result.checks.filter(({ ok }: { ok: boolean }) => !ok);
    assert.deepEqual([wrong.name, others], ['rollups-equal', []]);
    assert.match(wrong.detail, /1 rows count what is not there/);
  });
  it('is for the workspace’s keys', async () => {
    const own = await workspaceKey(test, test.workspace);
    const other = await workspaceKey(test, await test.addWorkspace());
    const replies = await Promise.all([own, other, null].map(verify));
    assert.deepEqual(
      replies.map(({ status }) => status),
      [202, 404, 401],
    );
  });
});
