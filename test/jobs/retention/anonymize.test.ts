import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockHead, storeHead } from '../../../src/core/workspace/workspace-store.ts';
import { inTransaction } from '../../../src/store/transaction.ts';
import { field, WebmarketerClient } from '../../dialects/webmarketer/client.ts';
import { type TestWorkspace, useApp } from '../../helpers/app.ts';
import { ask, at } from '../../helpers/native-client.ts';
import { sendWebengage } from '../../native/helpers.ts';
import { day, dumpTables, findFaults, retain, setDialects, tablesWith, trackOcteth } from './retention.ts';

const noon = Date.UTC(2026, 5, 1, 12);
const fields = [
  field('user', 'email', 'email', { discriminant: true, isPii: true, ingestionKey: 'mail' }),
  field('user', 'phone', 'phone', { isPii: true, optional: true }),
  field('user', 'string', 'tier', { optional: true }),
  field('event', 'string', 'comment', { isPii: true, optional: true }),
  field('event', 'number', 'articles', { optional: true }),
  field('statistic', 'currency', 'turnover', { optional: true }),
  field('statistic', 'number', 'salary', { isPii: true, optional: true }),
  field('state', 'state', 'qualified', { optional: true }),
];
const policy = (days: number | null) => ({
  expirationPolicy: { from: 'event-type', retentionDurationInDays: days },
});

const test = await useApp();
let workspace: TestWorkspace;
let client: WebmarketerClient;
let nonces = 0;

/** A project of its own, at noon, with a type whose events are due after 30 days and one whose never are. */
async function startProject(dialects: object = {}): Promise<void> {
  workspace = await test.addWorkspace({ slug: `retention-${++nonces}` });
  client = new WebmarketerClient(test, workspace);
  test.time.now = noon;
  await setDialects(test, workspace, dialects);
  await client.defineType('order', fields, policy(30));
  await client.defineType('login', [fields[0]!], policy(null));
}

function send(eventType: string, data: object, more: object = {}): Promise<string> {
  return client.sendFine({ eventType, nonce: `n${++nonces}`, data, ...more });
}

async function read(path: string) {
  const reply = await client.get(path);
  assert.equal(reply.status, 200, reply.text);
  return reply.body;
}

async function findUsers(mail: string): Promise<unknown[]> {
  const reply = await client.request('POST', `/projects/${client.projectId}/users/search`, {
    filters: { email: mail },
  });
  assert.ok(reply.status < 300, reply.text);
  return reply.body.data;
}

async function readInsights(): Promise<{ readonly length: number }> {
  const body = {
    metrics: ['event-count', 'turnover', 'salary', 'qualified'],
    groupBy: 'event-type',
    interval: 'day',
    since: '2026-01-01T00:00:00Z',
    until: '2026-12-31T00:00:00Z',
  };
  const reply = await client.request('POST', `/projects/${client.projectId}/events/insights`, body);
  assert.ok(reply.status < 300, reply.text);
  return reply.body;
}

async function countWaiting(): Promise<number> {
  const [row] = await test.database.query<{ total: number }>(
    `select count(*) as total from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return row!.total;
}

function readChanges() {
  return test.database.query<{ entity: string; entity_id: string; operation: string }>(
    `select entity, entity_id, operation from change where workspace_id = $1 and operation = 'anonymize' order by seq`,
    [workspace.created.id],
  );
}

describe('a due event', () => {
  let id: string;
  before(async () => {
    await startProject();
    const data = {
      mail: 'ada@private.example',
      phone: '0612345678',
      tier: 'gold',
      comment: 'ring at Byron',
      articles: 3,
      turnover: { amount: 120, currency: 'EUR' },
      salary: 4711,
      qualified: 1,
    };
    id = await send('order', data, { trackerId: 'browser-of-ada' });
    test.time.now = noon + 31 * day;
  });

  it('shows its personal fields as anonymized, and everything else as before', async () => {
    const before = await read(`/events/${id}`);
    const report = await retain(test, workspace);
    assert.deepEqual(report, {
      anonymizedEvents: 1,
      anonymizedTrash: 0,
      anonymizedUsers: 1,
      deletedEvents: 0,
      deletedCustomerEvents: 0,
      more: false,
    });
    const event = await read(`/events/${id}`);
    const gone = { raw: null, current: null, anonymized: true };
    assert.deepEqual(event.user.email, { ...before.user.email, ...gone });
    assert.deepEqual(event.user.phone, { ...before.user.phone, ...gone });
    assert.deepEqual(event.event.comment, { ...before.event.comment, ...gone });
    assert.deepEqual(event.user.tier, before.user.tier);
    assert.deepEqual(event.event.articles, before.event.articles);
    assert.equal(event.userId, before.userId);
    assert.notEqual(event.updatedAt, before.updatedAt);
  });

  it('keeps the number of a personal metric, which is counted, and not how it was sent', async () => {
    const { metrics } = await read(`/events/${id}`);
    const dataOf = (key: string) => metrics.find((metric: { key: string }) => metric.key === key).data;
    const { raw, current, anonymized } = dataOf('salary');
    assert.deepEqual({ raw, current, anonymized }, { raw: null, current: 4711, anonymized: true });
    assert.equal(dataOf('turnover').anonymized, false);
    assert.deepEqual(dataOf('turnover').raw, { amount: 120, currency: 'EUR' });
  });

  it('is without them, and without its tracker, as it was sent', async () => {
    const raw = await read(`/raw-events/${id}`);
    const { mail, comment, phone, salary, tier } = raw.data;
    assert.deepEqual([mail, comment, phone, salary, tier], [null, null, null, null, 'gold']);
    assert.equal(raw.trackerId, null);
  });

  it('has another version, and so has its user; both are changes with a seq', async () => {
    const [row] = await test.database.query<{ version: number; profile_id: string }>(
      'select version, profile_id from event where workspace_id = $1 and id = $2',
      [workspace.created.id, id],
    );
    assert.equal(row!.version, 2);
    const changes = await readChanges();
    assert.deepEqual(changes[0], { entity: 'event', entity_id: id, operation: 'anonymize' });
    assert.ok(changes.some(({ entity, entity_id }) => entity === 'profile' && entity_id === row!.profile_id));
    assert.deepEqual(await findFaults(test, workspace), []);
  });

  it('is left alone from then on', async () => {
    const dump = await dumpTables(test);
    const { more, ...counts } = await retain(test, workspace);
    assert.ok(!more && Object.values(counts).every((total) => total === 0));
    for (const [table, rows] of await dumpTables(test)) {
      if (!['retention_progress', 'job'].includes(table)) assert.equal(rows, dump.get(table), table);
    }
  });
});

describe('what was personal', () => {
  it('is in no table any more, whatever was done with it', async () => {
    await startProject({ webmarketer: { retentionDurationInDays: 30 } });
    const secrets = [
      'grace@private.example',
      '6 98 76 54 32',
      '698765432',
      'call Hopper',
      '98765',
      'tracker-g',
    ];
    const data = { mail: secrets[0], phone: '0698765432', comment: 'call Hopper', salary: 98765 };
    const id = await send('order', data, { trackerId: 'tracker-g' });
    await send('order', { ...data, phone: 'no phone, call Hopper' }, { trackerId: 'tracker-g' });
    const base = `/projects/${client.projectId}/events/${id}/statistics/salary`;
    assert.ok((await client.request('PATCH', base, { value: 98766 })).status < 300);
    const trashed = {
      eventType: 'order',
      nonce: 'bad',
      data: { ...data, mail: 'Hopper, grace@private.example' },
    };
    assert.equal((await client.send(trashed)).status, 200);
    const unknown = { eventType: 'nowhere', nonce: 'worse', data, trackerId: 'tracker-g' };
    assert.equal((await client.send(unknown)).status, 200);
    const visit = { url: 'https://shop.example/hopper?gclid=tracker-g', trackerId: 'tracker-g' };
    assert.equal((await ask(test, 'POST', at(workspace, '/visits'), { body: visit })).status, 201);
    const known = await dumpTables(test);
    for (const secret of ['grace@private.example', 'call Hopper', 'tracker-g'])
      assert.ok(tablesWith(known, secret).length > 1, secret);
    const insights = await readInsights();
    assert.ok(insights.length > 0);
    test.time.now = noon + 31 * day;
    const { anonymizedEvents, anonymizedTrash, anonymizedUsers } = await retain(test, workspace);
    assert.deepEqual([anonymizedEvents, anonymizedTrash, anonymizedUsers], [2, 2, 1]);
    const dump = await dumpTables(test);
    for (const secret of secrets.filter((text) => text !== '98765'))
      assert.deepEqual(tablesWith(dump, secret), [], secret);
    assert.deepEqual(await readInsights(), insights);
    assert.deepEqual(await findFaults(test, workspace), []);
  });

  it('of a trashed event is gone, and what says why it was refused stays', async () => {
    await startProject();
    const data = { mail: 'not an address', tier: 'gold' };
    const sent = { projectId: client.projectId, eventType: 'order', nonce: 'bad', data };
    const id = (await client.request('POST', '/events', `\uFEFF${JSON.stringify(sent)}`)).body;
    test.time.now = noon + 29 * day;
    assert.equal((await retain(test, workspace)).anonymizedTrash, 0);
    assert.equal((await read(`/raw-events/${id}`)).data.mail, 'not an address');
    test.time.now = noon + 31 * day;
    assert.equal((await retain(test, workspace)).anonymizedTrash, 1);
    const [trashed] = (await read('/trashed-events')).data;
    assert.equal(trashed.errors[0].field.storageKey, 'email');
    assert.ok(!('value' in trashed.errors[0]));
    const raw = await read(`/raw-events/${id}`);
    assert.deepEqual([raw.nonce, raw.eventType, raw.data], ['bad', 'order', {}]);
    assert.deepEqual(await findFaults(test, workspace), []);
  });
});

describe('a user', () => {
  it('is known as long as one event is not due', async () => {
    await startProject();
    await send('order', { mail: 'joan@private.example' });
    await send('login', { mail: 'joan@private.example' });
    test.time.now = noon + 400 * day;
    const report = await retain(test, workspace);
    assert.deepEqual([report.anonymizedEvents, report.anonymizedUsers], [1, 0]);
    assert.equal((await findUsers('joan@private.example')).length, 1);
  });

  it('is known as long as a contact with the brand is younger than the policy', async () => {
    await startProject();
    const data = { mail: 'mary@private.example' };
    await send('order', data, { trackerId: 'of-mary' });
    test.time.now = noon + 20 * day;
    const visit = { url: 'https://shop.example/', trackerId: 'of-mary' };
    assert.equal((await ask(test, 'POST', at(workspace, '/visits'), { body: visit })).status, 201);
    test.time.now = noon + 31 * day;
    assert.equal((await retain(test, workspace)).anonymizedUsers, 0);
    test.time.now = noon + 51 * day;
    assert.equal((await retain(test, workspace)).anonymizedUsers, 1);
  });

  it('is not found any more, by mail, phone or browser: who comes back is a new one', async () => {
    await startProject();
    const data = { mail: 'alan@private.example', phone: '0612121212' };
    const first = await send('order', data, { trackerId: 'of-alan' });
    const { userId } = await read(`/events/${first}`);
    test.time.now = noon + 31 * day;
    await retain(test, workspace);
    assert.deepEqual(await findUsers('alan@private.example'), []);
    const keys = { email: 'alan@private.example', phone: '+33612121212', tracker: 'of-alan' };
    for (const [kind, value] of Object.entries(keys)) {
      const path = at(workspace, `/people/lookup?kind=${kind}&value=${encodeURIComponent(value)}`);
      assert.equal((await ask(test, 'GET', path)).status, 404, kind);
    }
    const again = await send('order', data, { trackerId: 'of-alan' });
    assert.notEqual((await read(`/events/${again}`)).userId, userId);
    assert.equal((await read(`/events/${first}`)).userId, userId);
    assert.deepEqual(await findFaults(test, workspace), []);
  });

  it('is no longer one person with other vendors’ profiles, which stay one among themselves', async () => {
    await startProject();
    const email = 'tim@private.example';
    const id = await send('order', { mail: email });
    // The others are younger, and have joined the user only.
    test.time.now = noon + 1000;
    await sendWebengage(test, workspace, { userId: 'tim', email });
    await trackOcteth(test, workspace, { Event: 'seen', Email: email });
    const lookup = at(workspace, `/people/lookup?kind=email&value=${email}`);
    assert.equal((await ask(test, 'GET', lookup)).body.profiles.length, 3);
    test.time.now = noon + 31 * day;
    await retain(test, workspace);
    const { body } = await ask(test, 'GET', lookup);
    assert.deepEqual(body.profiles.map((profile: { dialect: string }) => profile.dialect).sort(), [
      'octeth',
      'webengage',
    ]);
    assert.deepEqual(body.otherPersonIds, []);
    const timeline = await ask(test, 'GET', at(workspace, `/people/${body.id}/timeline`));
    assert.ok(!timeline.body.events.some((event: { id: string }) => event.id === id));
    assert.deepEqual(await findFaults(test, workspace), []);
  });
});

describe('the policy', () => {
  it('is the project’s for a type that says so, and for one that says nothing', async () => {
    await startProject({ webmarketer: { retentionDurationInDays: 10 } });
    await client.defineType('follows', fields, { expirationPolicy: { from: 'project' } });
    await client.defineType('silent', fields);
    const ids = [];
    for (const type of ['order', 'login', 'follows', 'silent'])
      ids.push(await send(type, { mail: `${type}@private.example` }));
    test.time.now = noon + 11 * day;
    assert.equal((await retain(test, workspace)).anonymizedEvents, 2);
    const shown = await Promise.all(ids.map((id) => read(`/events/${id}`)));
    assert.deepEqual(
      shown.map((event) => event.user.email.anonymized),
      [false, false, true, true],
    );
  });

  it('counts as it is when a run has waited for the lock', async () => {
    await startProject({ webmarketer: { retentionDurationInDays: 10 } });
    await client.defineType('silent', fields);
    const id = await send('silent', { mail: 'e@private.example' });
    test.time.now = noon + 11 * day;
    const { id: workspaceId } = workspace.created;
    let running: ReturnType<typeof retain> | undefined;
    await inTransaction(test.database, async (tx) => {
      const head = await lockHead(tx, workspaceId);
      running = retain(test, workspace);
      while ((await countWaiting()) === 0) await sleep(10);
      await tx.query(
        `update workspace set settings = jsonb_set(settings, '{dialects,webmarketer}', '{}') where id = $1`,
        [workspaceId],
      );
      head.configVersion++;
      await storeHead(tx, workspaceId, head);
    });
    assert.equal((await running)?.anonymizedEvents, 0);
    assert.equal((await read(`/events/${id}`)).user.email.anonymized, false);
  });

  it('looks again at events that were done when another field becomes personal', async () => {
    await startProject();
    const id = await send('order', { mail: 'a@private.example', tier: 'titanium' });
    test.time.now = noon + 31 * day;
    await retain(test, workspace);
    assert.equal((await read(`/events/${id}`)).user.tier.current, 'titanium');
    const changed = fields.map((one) =>
      'tier' === (one as { storageKey?: string }).storageKey ? { ...one, isPii: true } : one,
    );
    const path = `/projects/${client.projectId}/event-types/order`;
    assert.equal((await client.request('PATCH', path, { fields: changed })).status, 200);
    const report = await retain(test, workspace);
    assert.deepEqual([report.anonymizedEvents, report.anonymizedUsers], [1, 1]);
    assert.equal((await read(`/events/${id}`)).user.tier.anonymized, true);
    assert.deepEqual(tablesWith(await dumpTables(test), 'titanium'), []);
  });

  it('reaches an event that comes in when it has long been due', async () => {
    await startProject();
    await send('order', { mail: 'b@private.example' });
    test.time.now = noon + 31 * day;
    await retain(test, workspace);
    const late = await send('order', { mail: 'late@private.example' }, { eventDate: '2026-05-01T00:00:00Z' });
    assert.equal((await retain(test, workspace)).anonymizedEvents, 1);
    assert.equal((await read(`/events/${late}`)).user.email.anonymized, true);
  });

  it('that is made longer holds what was not reached yet, also when it came late', async () => {
    await startProject();
    await send('order', { mail: 'c@private.example' });
    test.time.now = noon + 31 * day;
    await retain(test, workspace);
    const path = `/projects/${client.projectId}/event-types/order`;
    assert.equal((await client.request('PATCH', path, policy(60))).status, 200);
    const late = await send('order', { mail: 'd@private.example' }, { eventDate: '2026-05-20T00:00:00Z' });
    assert.equal((await retain(test, workspace)).anonymizedEvents, 0);
    assert.equal((await read(`/events/${late}`)).user.email.anonymized, false);
    test.time.now = noon + 61 * day;
    assert.equal((await retain(test, workspace)).anonymizedEvents, 1);
    assert.equal((await read(`/events/${late}`)).user.email.anonymized, true);
  });
});
